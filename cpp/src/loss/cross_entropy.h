// SPDX-License-Identifier: Apache-2.0
// Cross entropy of classes: softmax outputs, or for exactly two labels one logistic unit (docs/behaviour.md, "Errors").
#pragma once

#include "loss/loss.h"

namespace rnnlib {

template <class Real>
class CrossEntropy final : public Loss<Real> {
 public:
  CrossEntropy(const TaskInfo& task, const DataHeader& data, const LossOptions& options);
  void evaluate(const OutputView<Real>& view, const Sequence& sequence, LossWorkspace& workspace,
                SequenceErrors& errors) const override;

 private:
  double point_error(const Real* net, Index label) const;
  Real doubt(const OutputView<Real>& view, Index t, Index label) const;
  void point_deltas(const OutputView<Real>& view, Index t, Index label, Real importance) const;

  bool logistic_;  // one unit, the probability of label 1
};

}  // namespace rnnlib
