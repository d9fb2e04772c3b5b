// SPDX-License-Identifier: Apache-2.0
// Cross entropy of classes: softmax outputs, or for exactly two labels one logistic unit (docs/behaviour.md, "Errors").
#pragma once

#include "loss/loss.h"

namespace rnnlib {

template <class Real>
class CrossEntropy final : public Loss<Real> {
 public:
  CrossEntropy(const NetworkSpec& spec, const LossOptions& options);
  void check_target(const Sequence& sequence, const Shape& output_shape) const override;
  void activate(const OutputView<Real>& view) const override;
  void activate_backward(const OutputView<Real>& view) const override;
  void evaluate(const OutputView<Real>& view, const Sequence& sequence, LossWorkspace& workspace,
                SequenceErrors& errors) const override;
  void predict(const OutputView<Real>& view, Prediction& prediction) const override;

 private:
  Index decide(const Real* output) const;
  double point_error(const Real* net, Index label) const;
  Real doubt(const OutputView<Real>& view, Index t, Index label) const;
  void point_deltas(const OutputView<Real>& view, Index t, Index label, Real importance) const;
  void add_class_errors(const std::vector<Index>& counts, Index num_targets, SequenceErrors& errors) const;

  bool whole_sequence_;
  bool logistic_;       // one unit, the probability of label 1
  bool confusions_;     // report _<a>-><b>
  bool legacy_errors_;  // a sequence without any target has an error of 0
  Index num_labels_;
};

}  // namespace rnnlib
