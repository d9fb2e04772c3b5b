// SPDX-License-Identifier: Apache-2.0
// Sums of errors over sequences, in whichever precision they ran.
#pragma once

#include <string>
#include <vector>

#include "loss/loss.h"
#include "rnnlib/metrics.h"
#include "rnnlib/network.h"

namespace rnnlib {

// Sums of errors by the loss's ids; turned into names once at the end.
class ErrorSums {
 public:
  // A share of a sequence's errors, which counts as so many sequences.
  void add(const SequenceErrors& errors, double share = 1, Index sequences = 1);
  Metrics metrics(const std::vector<std::string>& names) const;
  // The training criterion, summed; 0 before the first sequence.
  double criterion() const { return sums_.empty() ? 0 : sums_[0].value; }
  Index num_sequences() const { return num_sequences_; }

  // Value and norm by id; a norm of -1 where there was no such error.
  std::vector<double> store() const;
  void restore(const std::vector<double>& sums, Index num_sequences);

 private:
  struct Sum {
    double value = 0;
    double norm = 0;
    bool seen = false;
  };
  std::vector<Sum> sums_;
  Index num_sequences_ = 0;
};

// What a run of sequences through the loss leaves behind.
struct RunResult {
  ErrorSums errors;
  std::vector<SkippedTarget> skipped;

  // What a pass of a sequence gave: a share of its errors; `last` of its passes.
  void add(const SequenceErrors& sequence_errors, const Sequence& sequence, Index number, double share = 1,
           bool last = true);
};

}  // namespace rnnlib
