// SPDX-License-Identifier: Apache-2.0
// The cost of adaptive weight noise and its gradient, against integrals and central differences.
#include "optim/adaptive_noise.h"

#include <gtest/gtest.h>

#include <cmath>

#include "rnnlib/random.h"

namespace rnnlib {
namespace {

using Values = std::vector<double>;

double normal_density(double x, double mean, double std_dev) {
  return std::exp(-(x - mean) * (x - mean) / (2 * std_dev * std_dev)) / (std_dev * std::sqrt(2 * std::acos(-1.0)));
}

TEST(AdaptiveNoise, DivergenceIsTheIntegral) {
  const NoisePrior prior{0.3, 0.49};
  for (const auto& [mean, std_dev] : {std::pair{0.3, 0.7}, std::pair{-0.5, 0.1}, std::pair{2.0, 1.3}}) {
    double integral = 0;
    constexpr int kSteps = 200000;
    const double step = 20 * std_dev / kSteps;
    for (int i = 0; i < kSteps; ++i) {
      const double x = mean - 10 * std_dev + (i + 0.5) * step;
      const double q = normal_density(x, mean, std_dev);
      if (q > 0) integral += step * q * std::log(q / normal_density(x, prior.mean, std::sqrt(prior.variance)));
    }
    EXPECT_NEAR(kl_divergence(mean, std_dev, prior), integral, 1e-6);
  }
}

struct Example {
  Values means;
  Values std_devs;
  std::vector<bool> learns;

  explicit Example(bool frozen = false) {
    Random random(3);
    for (int i = 0; i < 20; ++i) {
      means.push_back(random.normal());
      std_devs.push_back(random.uniform(0.05, 0.8));
      learns.push_back(!frozen || i % 3 != 0);
    }
  }
  AdaptiveNoise<double> noise(const MdlOptions& options = {}) const {
    AdaptiveNoise<double> noise(options, learns);
    noise.set_std_devs(std_devs);
    return noise;
  }
};

TEST(AdaptiveNoise, PriorIsThatOfTheSmallestCost) {
  const Example example;
  const NoisePrior best = example.noise().fit_prior(example.means);
  const auto total = [&](const NoisePrior& prior) {
    double sum = 0;
    for (std::size_t i = 0; i < 20; ++i) sum += kl_divergence(example.means[i], example.std_devs[i], prior);
    return sum;
  };
  EXPECT_NEAR(example.noise().total_divergence(example.means), total(best), 1e-12);
  for (double change : {-1e-3, 1e-3}) {
    EXPECT_GT(total({best.mean + change, best.variance}), total(best));
    EXPECT_GT(total({best.mean, best.variance + change}), total(best));
  }
}

// The prior follows the weights; since it is the best one, its change adds nothing to the gradient.
TEST(AdaptiveNoise, GradientOfTheCostsIsThatOfCentralDifferences) {
  MdlOptions options;
  options.weight = 0.7;
  for (bool frozen : {false, true}) {
    const Example example(frozen);
    AdaptiveNoise<double> noise = example.noise(options);
    Values d_means(20, 0.5);
    constexpr double kScale = 0.25;
    noise.add_costs(example.means, kScale, d_means.data());
    constexpr double kStep = 1e-5;
    for (std::size_t i = 0; i < 20; ++i) {
      double of_mean = 0;
      double of_dev = 0;
      for (double sign : {-1.0, 1.0}) {
        Example moved = example;
        moved.means[i] += sign * kStep;
        of_mean += sign * moved.noise().total_divergence(moved.means) / (2 * kStep);
        moved = example;
        moved.std_devs[i] += sign * kStep;
        of_dev += sign * moved.noise().total_divergence(moved.means) / (2 * kStep);
      }
      EXPECT_NEAR(d_means[i], 0.5 + kScale * options.weight * (example.learns[i] ? of_mean : 0), 1e-7);
      EXPECT_NEAR(noise.d_std_devs()[i], kScale * options.weight * (example.learns[i] ? of_dev : 0), 1e-7);
      EXPECT_EQ(noise.costs()[i] > 0, example.learns[i]);
    }
  }
}

TEST(AdaptiveNoise, SamplesAddTheirSquares) {
  const Example example;
  AdaptiveNoise<double> noise = example.noise();
  const Values first(20, 3.0);
  const Values second(20, -0.5);
  noise.add_sample(first.data(), 0.5);
  noise.add_sample(second.data(), 0.5);
  for (std::size_t i = 0; i < 20; ++i) EXPECT_NEAR(noise.d_std_devs()[i], example.std_devs[i] * (9 + 0.25) / 2, 1e-14);
}

TEST(AdaptiveNoise, DeviationsStayPositiveAndFrozenOnesAreNone) {
  MdlOptions options;
  options.optimiser.learn_rate = 1;
  options.optimiser.momentum = 0;
  const Example example(true);
  AdaptiveNoise<double> noise = example.noise(options);
  noise.d_std_devs().assign(20, 0.5);
  noise.d_std_devs()[1] = example.std_devs[1];  // leads to 0
  noise.step();
  for (std::size_t i = 0; i < 20; ++i) {
    if (!example.learns[i]) {
      EXPECT_EQ(noise.std_devs()[i], 0);
    } else if (i == 1) {
      EXPECT_GT(noise.std_devs()[i], 0);
    } else {
      EXPECT_DOUBLE_EQ(noise.std_devs()[i], std::abs(example.std_devs[i] - 0.5));
    }
    EXPECT_EQ(noise.d_std_devs()[i], 0);
  }
  noise.roll_back();
  for (std::size_t i = 0; i < 20; ++i) EXPECT_EQ(noise.std_devs()[i], example.learns[i] ? example.std_devs[i] : 0);
}

}  // namespace
}  // namespace rnnlib
