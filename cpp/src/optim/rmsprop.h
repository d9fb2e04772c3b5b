// SPDX-License-Identifier: Apache-2.0
// RMSprop as in Graves, "Generating sequences with recurrent neural networks" (2013), equations 38 to 41, with the
// learn rate in the place of the constant under the root:
//   n = 0.95 n + 0.05 g^2,  m = 0.95 m + 0.05 g,  delta = momentum * delta - learn_rate * g / sqrt(n - m^2 +
//   learn_rate)
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "optim/optimiser.h"

namespace rnnlib {

template <class Real>
class Rmsprop final : public Optimiser<Real> {
 public:
  Rmsprop(const OptimiserOptions& options, Index n)
      : learn_rate_(static_cast<Real>(options.learn_rate)),
        momentum_(static_cast<Real>(options.momentum)),
        deltas_(static_cast<std::size_t>(n)),
        mean_squares_(static_cast<std::size_t>(n)),
        means_(static_cast<std::size_t>(n)) {
    this->state_ = {{"deltas", &deltas_}, {"meanSquares", &mean_squares_}, {"means", &means_}};
  }

  std::string name() const override { return to_string(OptimiserType::kRmsprop); }

  void step_part(Index begin, Index count, Real* __restrict weights, const Real* __restrict gradient) override {
    Real* __restrict deltas = deltas_.data();
    Real* __restrict mean_squares = mean_squares_.data();
    Real* __restrict means = means_.data();
    const Real damping = std::max(learn_rate_, std::numeric_limits<Real>::min());  // no 0 / 0 at learn rate 0
    const Real rate = learn_rate_ * this->factor_;
    for (Index i = begin; i < begin + count; ++i) {
      const Real g = gradient[i];
      mean_squares[i] = kDecay * mean_squares[i] + (1 - kDecay) * g * g;
      means[i] = kDecay * means[i] + (1 - kDecay) * g;
      const Real variance = std::max(mean_squares[i] - means[i] * means[i], Real(0));  // rounding may leave it below 0
      deltas[i] = momentum_ * deltas[i] - rate * g / std::sqrt(variance + damping);
      weights[i] += deltas[i];
    }
  }

 private:
  static constexpr Real kDecay = Real(0.95);

  Real learn_rate_;
  Real momentum_;
  std::vector<Real> deltas_;
  std::vector<Real> mean_squares_;
  std::vector<Real> means_;
};

}  // namespace rnnlib
