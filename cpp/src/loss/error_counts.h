// SPDX-License-Identifier: Apache-2.0
// Errors that compare the labels read from a sequence with its target; nothing is trained by them (docs/behaviour.md,
// "Errors").
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "loss/edit_distance.h"
#include "loss/sequence_errors.h"
#include "rnnlib/sequence.h"
#include "rnnlib/task.h"

namespace rnnlib {

// Which errors are reported; as in RunOptions.
struct LossOptions {
  bool verbose = false;
  bool confusion_matrix = false;
  bool legacy_errors = false;
};

// Scratch memory that is reused between sequences; one per thread.
struct CountWorkspace {
  std::vector<std::int32_t> cells;  // label sequences: edit distances
  EditAlignment alignment;          // label sequences: target with what was read
  std::vector<Index> counts;        // classes: targets and errors per class
};

class ErrorCounts {
 public:
  virtual ~ErrorCounts() = default;

  // Adds the errors of labels that a decoder made of the sequence's output. Their ids follow the training
  // criterion's as TaskInfo::criteria and other_errors say, and then label_names(). `errors` holds what the loss says
  // of the sequence.
  virtual void add(const std::vector<Index>& labels, const Sequence& sequence, CountWorkspace& workspace,
                   SequenceErrors& errors) const = 0;

  // Names of errors per label, which follow the task's errors.
  virtual std::vector<std::string> label_names() const = 0;

  // Bytes of a CountWorkspace, and of the labels, for an output of so many points and a target of so many labels.
  virtual Index bytes(Index points, Index target_length) const = 0;
};

// Null for a task without labels.
std::unique_ptr<ErrorCounts> make_error_counts(const TaskInfo& task, const std::vector<std::string>& labels,
                                               const LossOptions& options);

}  // namespace rnnlib
