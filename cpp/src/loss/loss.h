// SPDX-License-Identifier: Apache-2.0
// What every loss offers: errors, deltas and predictions from one sequence's output layer (docs/behaviour.md,
// "Errors").
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "decode/edit_distance.h"
#include "rnnlib/metrics.h"
#include "rnnlib/network.h"
#include "rnnlib/sequence.h"
#include "rnnlib/spec.h"

namespace rnnlib {

// One sequence's part of the output layer. All matrices are [points, size], row-major.
template <class Real>
struct OutputView {
  const Real* net = nullptr;  // pre-activations, bias included
  Real* output = nullptr;     // activations, written by activate()
  Real* d_net = nullptr;      // dE/dnet, written (not added) by evaluate(); null = not wanted
  Real* d_output = nullptr;   // dE/doutput, written by evaluate() for traces; null = not wanted
  Index points = 0;
  Index size = 0;
  Shape shape;  // of the points
};

// One sequence's errors, by the ids of Loss::error_names().
struct SequenceErrors {
  struct Item {
    int id;
    double value;
    double norm;
  };
  // The training criterion first, unless the sequence adds nothing to it: it was skipped, or has no target.
  std::vector<Item> items;
  bool skipped = false;  // a CTC target that needs more steps than there are; deltas are 0
  Index needed = 0;
  Index available = 0;
};

// Scratch memory that is reused between sequences; one per thread.
struct LossWorkspace {
  std::vector<double> forward;      // CTC: forward variables, rows of CtcLattice
  std::vector<double> emissions;    // CTC: probabilities of the target's labels and the blank, likewise
  std::vector<double> reals;        // CTC: other numbers of the recursions
  std::vector<double> occupancy;    // CTC: [K]
  std::vector<std::int32_t> path;   // CTC: labels of the best path
  std::vector<std::int32_t> cells;  // CTC: edit distances
  std::vector<Index> counts;        // classification: targets and errors per class
  Alignment alignment;              // CTC: best path with target
};

template <class Real>
class Loss {
 public:
  virtual ~Loss() = default;

  // Names by id; the training criterion is id 0, then the other criteria, then per-class names.
  const std::vector<std::string>& error_names() const { return error_names_; }

  // Throws DataError when the sequence's target cannot belong to an output of this shape (missing, sizes that differ,
  // class out of range); the message does not name the sequence: the caller adds its tag.
  virtual void check_target(const Sequence& sequence, const Shape& output_shape) const = 0;

  // output = activation(net) (softmax, logistic or identity).
  virtual void activate(const OutputView<Real>& view) const = 0;

  // After activate(), with d_output given: d_net through the derivative of the activation.
  virtual void activate_backward(const OutputView<Real>& view) const = 0;

  // After activate() and check_target(): errors, and d_net / d_output where wanted.
  virtual void evaluate(const OutputView<Real>& view, const Sequence& sequence, LossWorkspace& workspace,
                        SequenceErrors& errors) const = 0;

  // labels of Prediction; shape, size and outputs are filled in by the caller.
  virtual void predict(const OutputView<Real>& view, Prediction& prediction) const = 0;

  // Bytes of a LossWorkspace for an output of so many points with so many units and a target of so many labels.
  virtual Index bytes(Index points, Index size, Index target_length) const {
    (void)points, (void)size, (void)target_length;
    return 0;
  }

  // Additional variables for traces (CTC: "forwardVariables", "backwardVariables"), names without layer.
  virtual std::vector<TraceVariable> trace(const OutputView<Real>& view, const Sequence& sequence,
                                           LossWorkspace& workspace) const {
    (void)view, (void)sequence, (void)workspace;
    return {};
  }

 protected:
  std::vector<std::string> error_names_;
};

struct LossOptions {
  bool verbose = false;
  bool confusion_matrix = false;
  bool legacy_errors = false;  // see RunOptions
};

// Instantiated for float and double.
template <class Real>
std::unique_ptr<Loss<Real>> make_loss(const NetworkSpec& spec, const LossOptions& options);

}  // namespace rnnlib
