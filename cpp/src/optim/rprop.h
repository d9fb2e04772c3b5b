// SPDX-License-Identifier: Apache-2.0
// Resilient propagation (Riedmiller and Braun 1993) in RNNLIB's variant: the step is made with the delta before it
// grows, and after a change of sign there is no step and the remembered gradient is 0.
#pragma once

#include <algorithm>

#include "optim/optimiser.h"

namespace rnnlib {

template <class Real>
class Rprop final : public Optimiser<Real> {
 public:
  explicit Rprop(Index n) : deltas_(static_cast<std::size_t>(n), kFirstDelta), previous_(static_cast<std::size_t>(n)) {
    this->state_ = {{"deltas", &deltas_}, {"prevDerivs", &previous_}};
  }

  std::string name() const override { return to_string(OptimiserType::kRprop); }

  void step_part(Index begin, Index count, Real* __restrict weights, const Real* __restrict gradient) override {
    Real* __restrict deltas = deltas_.data();
    Real* __restrict previous = previous_.data();
    for (Index i = begin; i < begin + count; ++i) {
      const Real direction = sign(gradient[i]);
      const Real agreement = direction * sign(previous[i]);  // of signs: a product of small gradients could vanish
      const Real delta = deltas[i];
      const Real grown = std::min(delta * kGrowth, kMaxDelta);
      const Real shrunk = std::max(delta * kShrinkage, kMinDelta);
      const Real kept = agreement < 0 ? Real(0) : Real(1);
      weights[i] -= kept * direction * delta;
      previous[i] = agreement < 0 ? Real(0) : gradient[i];
      deltas[i] = agreement > 0 ? grown : (agreement < 0 ? shrunk : delta);
    }
  }

 private:
  static constexpr Real kFirstDelta = Real(0.01);
  static constexpr Real kMinDelta = Real(1e-9);
  static constexpr Real kMaxDelta = Real(0.2);
  static constexpr Real kGrowth = Real(1.2);
  static constexpr Real kShrinkage = Real(0.5);

  static Real sign(Real x) { return (x > 0 ? Real(1) : Real(0)) - (x < 0 ? Real(1) : Real(0)); }

  std::vector<Real> deltas_;
  std::vector<Real> previous_;
};

}  // namespace rnnlib
