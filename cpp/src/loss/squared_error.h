// SPDX-License-Identifier: Apache-2.0
// Squared error over identity outputs: 1/2 sum (y - t)^2 (docs/behaviour.md, "Errors").
#pragma once

#include "loss/loss.h"

namespace rnnlib {

template <class Real>
class SquaredError final : public Loss<Real> {
 public:
  SquaredError(const NetworkSpec& spec, const LossOptions& options);
  void check_target(const Sequence& sequence, const Shape& output_shape) const override;
  void activate(const OutputView<Real>& view) const override;
  void activate_backward(const OutputView<Real>& view) const override;
  void evaluate(const OutputView<Real>& view, const Sequence& sequence, LossWorkspace& workspace,
                SequenceErrors& errors) const override;
  void predict(const OutputView<Real>& view, Prediction& prediction) const override;

 private:
  bool whole_sequence_;
  bool legacy_errors_;  // a sequence without any target has an error of 0
  Index target_size_;
};

}  // namespace rnnlib
