// SPDX-License-Identifier: Apache-2.0
// Squared error over identity outputs: 1/2 sum (y - t)^2 (docs/behaviour.md, "Errors").
#pragma once

#include "loss/loss.h"

namespace rnnlib {

template <class Real>
class SquaredError final : public Loss<Real> {
 public:
  using Loss<Real>::Loss;
  void evaluate(const OutputView<Real>& view, const Sequence& sequence, LossWorkspace& workspace,
                SequenceErrors& errors) const override;
};

}  // namespace rnnlib
