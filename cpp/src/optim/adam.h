// SPDX-License-Identifier: Apache-2.0
// Adam (Kingma and Ba 2015, algorithm 1) with the paper's constants.
#pragma once

#include <algorithm>
#include <cmath>

#include "optim/optimiser.h"

namespace rnnlib {

template <class Real>
class Adam final : public Optimiser<Real> {
 public:
  Adam(const OptimiserOptions& options, Index n)
      : learn_rate_(static_cast<Real>(options.learn_rate)),
        first_(static_cast<std::size_t>(n)),
        second_(static_cast<std::size_t>(n)),
        steps_(static_cast<std::size_t>(n)) {
    this->state_ = {{"firstMoments", &first_}, {"secondMoments", &second_}, {"steps", &steps_}};
  }

  std::string name() const override { return to_string(OptimiserType::kAdam); }

  void begin_step() override {
    if (steps_.empty()) return;
    std::fill(steps_.begin(), steps_.end(), steps_.front() + 1);
  }

  void step_part(Index begin, Index count, Real* __restrict weights, const Real* __restrict gradient) override {
    if (steps_.empty()) return;
    const double steps = static_cast<double>(steps_.front());
    const Real first_scale = static_cast<Real>(1 / (1 - std::pow(kBeta1, steps)));
    const Real second_scale = static_cast<Real>(1 / (1 - std::pow(kBeta2, steps)));
    const Real beta1 = static_cast<Real>(kBeta1);
    const Real beta2 = static_cast<Real>(kBeta2);
    const Real rest1 = static_cast<Real>(1 - kBeta1);
    const Real rest2 = static_cast<Real>(1 - kBeta2);

    const Real rate = learn_rate_ * this->factor_;
    Real* __restrict first = first_.data();
    Real* __restrict second = second_.data();
    for (Index i = begin; i < begin + count; ++i) {
      const Real g = gradient[i];
      first[i] = beta1 * first[i] + rest1 * g;
      second[i] = beta2 * second[i] + rest2 * g * g;
      weights[i] -= rate * (first[i] * first_scale) / (std::sqrt(second[i] * second_scale) + kEpsilon);
    }
  }

 private:
  static constexpr double kBeta1 = 0.9;
  static constexpr double kBeta2 = 0.999;
  static constexpr Real kEpsilon = Real(1e-8);

  Real learn_rate_;
  std::vector<Real> first_;
  std::vector<Real> second_;
  std::vector<Real> steps_;  // all equal: the number of steps made
};

}  // namespace rnnlib
