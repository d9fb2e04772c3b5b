// SPDX-License-Identifier: Apache-2.0
// Errors of a data set: every sequence adds a value and a norm; its error is sum of values / sum of norms
// (docs/behaviour.md, "Errors").
#pragma once

#include <string>
#include <vector>

#include "rnnlib/export.h"
#include "rnnlib/types.h"

namespace rnnlib {

// One error of a data set.
struct NamedError {
  std::string name;  // "ctcError", "labelError", ...
  double value = 0;  // sum over the sequences
  double norm = 0;   // likewise
  // What is reported: value / norm. Infinite for labels that were read where no target has any: no rate is that large.
  double figure() const { return norm == 0 && value == 0 ? 0 : value / norm; }
};

// All errors of a data set.
class RNNLIB_API Metrics {
 public:
  // Adds a sequence's value and norm to the error of that name.
  void add(const std::string& name, double value, double norm);
  // Adds the sums of other sequences.
  void add(const Metrics& other);
  // The training criterion first, where a sequence adds to it.
  const std::vector<NamedError>& errors() const { return errors_; }
  // The error of that name, or nullptr.
  const NamedError* find(const std::string& name) const;
  // Sequences whose errors are in it.
  Index num_sequences = 0;

 private:
  std::vector<NamedError> errors_;
};

// True for names whose values print as per cent (docs/behaviour.md, "Errors").
RNNLIB_API bool prints_as_percent(const std::string& error_name);

}  // namespace rnnlib
