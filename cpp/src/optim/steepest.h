// SPDX-License-Identifier: Apache-2.0
// Steepest descent with momentum: delta = momentum * delta - learn_rate * gradient.
#pragma once

#include "optim/optimiser.h"

namespace rnnlib {

template <class Real>
class Steepest final : public Optimiser<Real> {
 public:
  Steepest(const OptimiserOptions& options, Index n)
      : learn_rate_(static_cast<Real>(options.learn_rate)),
        momentum_(static_cast<Real>(options.momentum)),
        deltas_(static_cast<std::size_t>(n)) {
    this->state_ = {{"deltas", &deltas_}};
  }

  std::string name() const override { return to_string(OptimiserType::kSteepest); }

  void step_part(Index begin, Index count, Real* __restrict weights, const Real* __restrict gradient) override {
    Real* __restrict deltas = deltas_.data();
    const Real rate = learn_rate_ * this->factor_;
    for (Index i = begin; i < begin + count; ++i) {
      deltas[i] = momentum_ * deltas[i] - rate * gradient[i];
      weights[i] += deltas[i];
    }
  }

 private:
  Real learn_rate_;
  Real momentum_;
  std::vector<Real> deltas_;
};

}  // namespace rnnlib
