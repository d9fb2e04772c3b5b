// SPDX-License-Identifier: Apache-2.0
// Optimisers against steps worked out by hand, and on a quadratic.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "optim/all_finite.h"
#include "optim/optimiser.h"

namespace rnnlib {
namespace {

OptimiserOptions options_for(OptimiserType type, double learn_rate = 0.1, double momentum = 0.5) {
  OptimiserOptions options;
  options.type = type;
  options.learn_rate = learn_rate;
  options.momentum = momentum;
  return options;
}

template <class Real>
const std::vector<Real>& state(const Optimiser<Real>& optimiser, const std::string& name) {
  for (const auto& [key, vector] : optimiser.state()) {
    if (key == name) return *vector;
  }
  throw std::out_of_range("no state " + name);
}

std::vector<std::string> state_names(const Optimiser<double>& optimiser) {
  std::vector<std::string> names;
  for (const auto& entry : optimiser.state()) names.push_back(entry.first);
  return names;
}

double step(Optimiser<double>& optimiser, double& weight, double gradient) {
  const double before = weight;
  optimiser.step(&weight, &gradient);
  return weight - before;
}

TEST(Optimisers, NameThemselvesAndTheirState) {
  using Names = std::vector<std::string>;
  const auto check = [](OptimiserType type, const std::string& name, const Names& names) {
    const auto optimiser = make_optimiser<double>(options_for(type), 3);
    EXPECT_EQ(optimiser->name(), name);
    EXPECT_EQ(state_names(*optimiser), names);
    for (const auto& entry : optimiser->state()) EXPECT_EQ(entry.second->size(), 3U);
  };
  check(OptimiserType::kSteepest, "steepest", {"deltas"});
  check(OptimiserType::kRprop, "rprop", {"deltas", "prevDerivs"});
  check(OptimiserType::kRmsprop, "rmsprop", {"deltas", "meanSquares", "means"});
  check(OptimiserType::kAdam, "adam", {"firstMoments", "secondMoments", "steps"});
}

TEST(Steepest, HasMomentum) {
  const auto optimiser = make_optimiser<double>(options_for(OptimiserType::kSteepest), 1);
  double weight = 1;
  EXPECT_NEAR(step(*optimiser, weight, 2), -0.2, 1e-15);
  EXPECT_NEAR(step(*optimiser, weight, 1), -0.2, 1e-15);  // 0.5 * -0.2 - 0.1
  EXPECT_NEAR(step(*optimiser, weight, -4), 0.3, 1e-15);  // 0.5 * -0.2 + 0.4
  EXPECT_NEAR(state(*optimiser, "deltas")[0], 0.3, 1e-15);
}

TEST(Rprop, StepsBeforeItGrows) {
  const auto optimiser = make_optimiser<double>(options_for(OptimiserType::kRprop), 1);
  EXPECT_EQ(state(*optimiser, "deltas")[0], 0.01);
  double weight = 1;
  EXPECT_NEAR(step(*optimiser, weight, 3), -0.01, 1e-15);  // nothing before: no change of delta
  EXPECT_NEAR(step(*optimiser, weight, 2), -0.01, 1e-15);  // same sign: the step is the delta before it grew
  EXPECT_NEAR(state(*optimiser, "deltas")[0], 0.012, 1e-15);
  EXPECT_NEAR(step(*optimiser, weight, 5), -0.012, 1e-15);
  EXPECT_NEAR(state(*optimiser, "deltas")[0], 0.0144, 1e-15);
  EXPECT_EQ(step(*optimiser, weight, -1), 0);  // sign change: no step, delta shrinks, nothing remembered
  EXPECT_NEAR(state(*optimiser, "deltas")[0], 0.0072, 1e-15);
  EXPECT_EQ(state(*optimiser, "prevDerivs")[0], 0);
  EXPECT_NEAR(step(*optimiser, weight, -1), 0.0072, 1e-15);
  EXPECT_EQ(step(*optimiser, weight, 0), 0);  // no gradient: no step
}

TEST(Rprop, DeltaStaysWithinItsLimits) {
  const auto optimiser = make_optimiser<double>(options_for(OptimiserType::kRprop), 1);
  double weight = 0;
  for (int i = 0; i < 100; ++i) step(*optimiser, weight, 1);
  EXPECT_EQ(state(*optimiser, "deltas")[0], 0.2);
  for (int i = 0; i < 200; ++i) step(*optimiser, weight, i % 2 == 0 ? -1 : (i % 4 == 1 ? 1 : -1));
  for (int i = 0; i < 400; ++i) step(*optimiser, weight, (i / 2) % 2 == 0 ? 1 : -1);
  EXPECT_EQ(state(*optimiser, "deltas")[0], 1e-9);
}

TEST(Rprop, SeesSignsOfTinyGradients) {
  const auto optimiser = make_optimiser<float>(options_for(OptimiserType::kRprop), 1);
  float weight = 0;
  const float gradient = 1e-30F;  // its square is 0 in float
  optimiser->step(&weight, &gradient);
  optimiser->step(&weight, &gradient);
  EXPECT_FLOAT_EQ(state(*optimiser, "deltas")[0], 0.012F);
}

TEST(Rmsprop, FollowsItsFormula) {
  const auto optimiser = make_optimiser<double>(options_for(OptimiserType::kRmsprop), 1);
  double weight = 0;
  const double first = -0.1 * 2 / std::sqrt(0.2 - 0.01 + 0.1);  // n = 0.05 * 4, m = 0.05 * 2
  EXPECT_NEAR(step(*optimiser, weight, 2), first, 1e-15);
  const double n = 0.95 * 0.2 + 0.05;
  const double m = 0.95 * 0.1 - 0.05;
  EXPECT_NEAR(step(*optimiser, weight, -1), 0.5 * first + 0.1 / std::sqrt(n - m * m + 0.1), 1e-15);
  EXPECT_NEAR(state(*optimiser, "meanSquares")[0], n, 1e-15);
  EXPECT_NEAR(state(*optimiser, "means")[0], m, 1e-15);
}

TEST(Rmsprop, StaysFiniteForLargeSteadyGradients) {
  const auto optimiser = make_optimiser<float>(options_for(OptimiserType::kRmsprop, 1e-4, 0), 1);
  float weight = 0;
  const float gradient = 12345.678F;
  for (int i = 0; i < 2000; ++i) optimiser->step(&weight, &gradient);
  EXPECT_TRUE(std::isfinite(weight));
}

TEST(Adam, FollowsItsAlgorithm) {
  const auto optimiser = make_optimiser<double>(options_for(OptimiserType::kAdam), 1);
  double weight = 0;
  EXPECT_NEAR(step(*optimiser, weight, 4), -0.1, 1e-9);  // the first step is the learn rate
  const double m = (0.9 * 0.4 + 0.1 * -2) / (1 - 0.81);
  const double v = (0.999 * 0.016 + 0.001 * 4) / (1 - 0.999 * 0.999);
  EXPECT_NEAR(step(*optimiser, weight, -2), -0.1 * m / (std::sqrt(v) + 1e-8), 1e-12);
  EXPECT_EQ(state(*optimiser, "steps")[0], 2);
}

class EveryOptimiser : public ::testing::TestWithParam<OptimiserType> {};

// Minimum of sum_i c_i (w_i - i)^2 / 2
template <class Real>
std::vector<Real> minimise(OptimiserType type, int steps) {
  const double learn_rate = type == OptimiserType::kSteepest ? 0.05 : 0.01;
  const auto optimiser = make_optimiser<Real>(options_for(type, learn_rate), 5);
  std::vector<Real> weights(5, Real(0.5));
  std::vector<Real> gradient(5);
  for (int n = 0; n < steps; ++n) {
    for (int i = 0; i < 5; ++i) {
      gradient[static_cast<std::size_t>(i)] = Real(1 + i) * (weights[static_cast<std::size_t>(i)] - Real(i));
    }
    optimiser->step(weights.data(), gradient.data());
  }
  return weights;
}

TEST_P(EveryOptimiser, FindsTheMinimumOfAQuadratic) {
  const std::vector<double> weights = minimise<double>(GetParam(), 3000);
  for (int i = 0; i < 5; ++i) EXPECT_NEAR(weights[static_cast<std::size_t>(i)], i, 1e-3);
}

TEST_P(EveryOptimiser, FloatAgreesWithDouble) {
  const std::vector<double> fine = minimise<double>(GetParam(), 20);
  const std::vector<float> coarse = minimise<float>(GetParam(), 20);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_NEAR(static_cast<double>(coarse[i]), fine[i], 1e-5);
}

TEST_P(EveryOptimiser, GoesOnExactlyFromItsState) {
  const auto whole = make_optimiser<double>(options_for(GetParam()), 2);
  std::vector<double> weights = {0.3, -0.4};
  for (const double g : {1.0, -0.5, 0.25}) {
    const std::vector<double> gradient = {g, g * g};
    whole->step(weights.data(), gradient.data());
  }
  const auto resumed = make_optimiser<double>(options_for(GetParam()), 2);
  for (std::size_t k = 0; k < whole->state().size(); ++k) *resumed->state()[k].second = *whole->state()[k].second;
  std::vector<double> again = weights;
  const std::vector<double> gradient = {-0.7, 0.1};
  whole->step(weights.data(), gradient.data());
  resumed->step(again.data(), gradient.data());
  EXPECT_EQ(again, weights);
}

INSTANTIATE_TEST_SUITE_P(All, EveryOptimiser,
                         ::testing::Values(OptimiserType::kSteepest, OptimiserType::kRprop, OptimiserType::kRmsprop,
                                           OptimiserType::kAdam));

template <class Real>
void expect_that_all_finite_sees_every_place() {
  constexpr Real kMax = std::numeric_limits<Real>::max();
  std::vector<Real> values(67, -kMax);
  values[3] = std::numeric_limits<Real>::denorm_min();
  EXPECT_TRUE(all_finite<Real>(nullptr, 0));
  EXPECT_TRUE(all_finite(values.data(), static_cast<Index>(values.size())));
  for (Real& value : values) {
    for (const Real bad : {std::numeric_limits<Real>::quiet_NaN(), std::numeric_limits<Real>::infinity(),
                           -std::numeric_limits<Real>::infinity()}) {
      value = bad;
      EXPECT_FALSE(all_finite(values.data(), static_cast<Index>(values.size()))) << bad;
    }
    value = kMax;
  }
}

TEST(AllFinite, SeesEveryPlace) {
  expect_that_all_finite_sees_every_place<float>();
  expect_that_all_finite_sees_every_place<double>();
}

}  // namespace
}  // namespace rnnlib
