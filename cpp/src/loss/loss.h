// SPDX-License-Identifier: Apache-2.0
// What every loss offers: the training criterion and deltas of one sequence's output layer (docs/behaviour.md,
// "Errors"). What all have in common follows from the task's row.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "loss/error_counts.h"
#include "loss/output_activation.h"
#include "loss/output_view.h"
#include "loss/sequence_errors.h"
#include "rnnlib/data_header.h"
#include "rnnlib/sequence.h"
#include "rnnlib/task.h"
#include "rnnlib/trace.h"

namespace rnnlib {

// Scratch memory that is reused between sequences; one per thread.
struct LossWorkspace {
  std::vector<double> forward;    // CTC: forward variables, rows of CtcLattice
  std::vector<double> emissions;  // CTC: probabilities of the target's labels and the blank, likewise
  std::vector<double> reals;      // CTC: other numbers of the recursions
  std::vector<double> occupancy;  // CTC: [K]
  CountWorkspace counts;
};

template <class Real>
class Loss {
 public:
  Loss(const TaskInfo& task, const DataHeader& data, const LossOptions& options);
  virtual ~Loss() = default;

  // Names by id: the task's criteria, the one trained first, its other errors, per-label names, then errors of words.
  const std::vector<std::string>& error_names() const { return error_names_; }

  // Throws DataError when the sequence's target cannot belong to an output of this shape (missing, sizes that differ,
  // class out of range); the message does not name the sequence: the caller adds its tag.
  void check_target(const Sequence& sequence, const Shape& output_shape) const;

  // output = activation(net) (softmax, logistic or identity).
  void activate(const OutputView<Real>& view) const { rnnlib::activate(task_.activation, view); }

  // After activate(), with d_output given: d_net through the derivative of the activation.
  void activate_backward(const OutputView<Real>& view) const { rnnlib::activate_backward(task_.activation, view); }

  // After activate() and check_target(): the training criterion, and d_net / d_output where wanted.
  virtual void evaluate(const OutputView<Real>& view, const Sequence& sequence, LossWorkspace& workspace,
                        SequenceErrors& errors) const = 0;

  // After evaluate(): the errors of the labels that a decoder made of the output.
  void count_errors(const std::vector<Index>& labels, const Sequence& sequence, LossWorkspace& workspace,
                    SequenceErrors& errors) const {
    if (counts_ != nullptr) counts_->add(labels, sequence, workspace.counts, errors);
  }

  // Errors of words, as numbers that are the same for the same words.
  void count_word_errors(const std::vector<std::int32_t>& target, const std::vector<Index>& read,
                         LossWorkspace& workspace, SequenceErrors& errors) const;

  // Bytes of a LossWorkspace, and of the labels, for an output of so many points with so many units and a target of so
  // many labels.
  Index bytes(Index points, Index size, Index target_length) const {
    if (counts_ == nullptr) return own_bytes(points, size, target_length);
    const Index read = points * size * static_cast<Index>(sizeof(double));  // the decoder's copy of the outputs
    return own_bytes(points, size, target_length) + counts_->bytes(points, target_length) + read;
  }

  // Additional variables for traces (CTC: "forwardVariables", "backwardVariables"), names without layer.
  virtual std::vector<TraceVariable> trace(const OutputView<Real>& view, const Sequence& sequence,
                                           LossWorkspace& workspace) const {
    (void)view, (void)sequence, (void)workspace;
    return {};
  }

 protected:
  // bytes() of the loss alone.
  virtual Index own_bytes(Index points, Index size, Index target_length) const {
    (void)points, (void)size, (void)target_length;
    return 0;
  }

  const TaskInfo& task_;
  Index num_labels_;
  Index target_size_;
  bool legacy_errors_;  // a sequence without any target has an error of 0

 private:
  std::unique_ptr<const ErrorCounts> counts_;  // null without labels
  std::vector<std::string> error_names_;
};

// The loss that a task's row names. Instantiated for float and double.
template <class Real>
std::unique_ptr<Loss<Real>> make_loss(Task task, const DataHeader& data, const LossOptions& options);

}  // namespace rnnlib
