// SPDX-License-Identifier: Apache-2.0
// The perturbations of training: how they are distributed, and what they do to the gradient.
#include <gtest/gtest.h>

#include "noise_fixture.h"
#include "optim/adaptive_noise.h"
#include "rnnlib/trainer.h"

namespace rnnlib {
namespace {

using namespace testing_noise;

// Mean and standard deviation of the output, by the mean errors for targets 1 below and 1 above where it is without
// noise: E = ((y - t)^2) / 2.
void expect_output_noise(TrainerOptions options, double std_dev) {
  constexpr Index kDraws = 40000;
  options.test_distortions = true;
  Network network = linear_network();
  double errors[2];
  for (int side = 0; side < 2; ++side) {
    const OnePoints sequences(kDraws, static_cast<float>(kOutput + 2 * side - 1));
    Trainer trainer(network, options);
    errors[side] = trainer.evaluate(sequences.all()).errors()[0].figure();
  }
  const double mean = (errors[0] - errors[1]) / 2;
  const double square = errors[0] + errors[1] - 1;  // of (y - kOutput)
  EXPECT_NEAR(mean, 0, 5 * std_dev / std::sqrt(1.0 * kDraws));
  EXPECT_NEAR(square, std_dev * std_dev, 8 * std_dev * std_dev / std::sqrt(1.0 * kDraws));
}

const std::vector<std::string> kAllButOutputBias = {"hidden_0_0", "hidden_0_0_to_output"};

TEST(Noise, OfWeightsHasItsMeanAndVariance) {
  TrainerOptions options;
  options.freeze = kAllButOutputBias;
  options.weight_distortion = 0.3;
  expect_output_noise(options, 0.3);
}

TEST(Noise, OfMdlHasItsMeanAndVariance) {
  TrainerOptions options;
  options.freeze = kAllButOutputBias;
  options.mdl = MdlOptions();
  options.mdl->init_std_dev = 0.4;
  expect_output_noise(options, 0.4);
}

TEST(Noise, OfInputsHasItsMeanAndVariance) {
  TrainerOptions options;
  options.input_noise_dev = 0.5;
  expect_output_noise(options, 0.5 * 0.8 * 1.5);
}

TEST(Noise, NoisesAdd) {
  TrainerOptions options;
  options.freeze = kAllButOutputBias;
  options.input_noise_dev = 0.5;
  options.weight_distortion = 0.3;
  options.mdl = MdlOptions();
  options.mdl->init_std_dev = 0.4;
  expect_output_noise(options, std::sqrt(0.6 * 0.6 + 0.3 * 0.3 + 0.4 * 0.4));
}

TEST(Noise, ErrorTestsHaveNoneUnlessAskedFor) {
  Network network = linear_network();
  const OnePoints sequences(10, 1);
  TrainerOptions options;
  options.weight_distortion = options.input_noise_dev = 0.5;
  options.mdl = MdlOptions();
  options.dropout = 0.5;
  Trainer trainer(network, options);
  expect_same_bits(trainer.evaluate(sequences.all()), network.evaluate(sequences.all()));
}

// Two samples that mirror each other: where the gradient is linear in the weights, its noise vanishes.
TEST(Noise, SymmetricSamplingLowersTheVarianceOfTheGradient) {
  double variances[2];
  for (int symmetric = 0; symmetric < 2; ++symmetric) {
    std::vector<double> steps;
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
      Network network = linear_network();
      const OnePoints sequences(1, 1);
      TrainerOptions options = gradient_steps();
      options.seed = seed;
      options.freeze = {"hidden_0_0"};
      options.mdl = MdlOptions();
      options.mdl->weight = 0;
      options.mdl->init_std_dev = 0.3;
      options.mdl->samples = 2;
      options.mdl->symmetric_sampling = symmetric == 1;
      Trainer trainer(network, options);
      const double before = network.weights()[1];
      trainer.begin_epoch(1);
      trainer.train(sequences.all());
      steps.push_back(before - network.weights()[1]);
    }
    double mean = 0;
    for (double step : steps) mean += step / 400;
    double variance = 0;
    for (double step : steps) variance += (step - mean) * (step - mean) / 400;
    EXPECT_NEAR(mean, kOutput - 1, 5 * std::sqrt(variance / 400) + 1e-12);
    variances[symmetric] = variance;
  }
  EXPECT_GT(variances[0], 0.01);
  EXPECT_LT(variances[1], 1e-4 * variances[0]);
}

// The bits of the whole training set, whatever an update is and whatever the weights' costs are multiplied with.
TEST(Noise, ErrorBitsAreThoseOfAllSequences) {
  const double target = kOutput + 2;  // the error of each of the 5 sequences is 2
  const OnePoints sequences(5, static_cast<float>(target));
  for (const double mdl_weight : {1.0, 0.25}) {
    for (const Index per_update : {0, 1, 2}) {  // 0: one update per epoch
      Network network = linear_network();
      TrainerOptions options = gradient_steps();
      options.optimiser.learn_rate = 0;
      options.batch_learn = per_update == 0;
      options.seqs_per_update = std::max<Index>(per_update, 1);
      options.constant_noise = 0;
      options.mdl = MdlOptions();
      options.mdl->weight = mdl_weight;
      options.mdl->samples = 3;
      options.mdl->optimiser.learn_rate = 0;
      Trainer trainer(network, options);
      trainer.begin_epoch(5);
      trainer.train(sequences.all());
      const Metrics errors = trainer.end_epoch();
      const double bits = errors.find("errorBits")->figure();
      EXPECT_NEAR(errors.find("sumSquaresError")->figure(), 2, 1e-6);
      EXPECT_NEAR(bits, 5 * 2 / std::log(2.0), 1e-5);
      EXPECT_DOUBLE_EQ(errors.find("totalBits")->figure(), bits + errors.find("weightBits")->figure());
    }
  }
}

// Constant draws: the steps of means and deviations are those of the gradient at the weights that the noise makes.
TEST(Noise, MdlUpdateByHand) {
  for (const char* symmetry : {"false", "true"}) {
    const NetworkSpec spec = make_spec({{"task", "regression"}, {"hiddenSize", "2"}, {"symmetry", symmetry}}, {1});
    Network network = make_network(spec);
    const TestSequences sequences(network, {{4}, {3}});
    TrainerOptions options = gradient_steps();
    options.seqs_per_update = 2;
    options.constant_noise = 0.5;
    options.weight_distortion = 0.02;
    options.mdl = MdlOptions();
    options.mdl->init_std_dev = 0.1;
    options.mdl->samples = 2;
    options.mdl->symmetric_sampling = true;
    options.mdl->weight = 0.3;
    options.mdl->optimiser = options.optimiser;
    options.mdl->optimiser.learn_rate = 1e-3;
    const std::vector<double> means = network.weights();
    const std::size_t n = means.size();
    std::vector<double> d_means(n);
    std::vector<double> d_std_devs(n);
    AdaptiveNoise<double> costs(*options.mdl, std::vector<bool>(n, true));
    for (std::size_t s = 0; s < 2; ++s) {
      for (double draw : {0.5, -0.5}) {
        std::vector<double> weights = means;
        for (double& weight : weights) weight += 0.1 * draw + 0.02 * 0.5;
        const std::vector<double> g =
            with_weights(spec, Precision::kDouble, weights).gradient(sequences.one(s)).gradient;
        for (std::size_t i = 0; i < n; ++i) d_means[i] += g[i] / 2;
        costs.add_sample(g.data(), 0.5);
      }
    }
    constexpr double kScale = 2.0 / 5;  // an update with two of five sequences
    costs.add_costs(means, kScale, d_means.data());
    Trainer trainer(network, options);
    trainer.begin_epoch(5);
    trainer.train(sequences.all());
    std::vector<double> expected_means = means;
    std::vector<double> expected_devs(n, 0.1);
    for (std::size_t i = 0; i < n; ++i) {
      expected_means[i] -= d_means[i];
      expected_devs[i] = std::abs(0.1 - 1e-3 * costs.d_std_devs()[i]);
    }
    EXPECT_LT(largest_difference(network.weights(), expected_means), 1e-13);
    EXPECT_LT(largest_difference(trainer.state().mdl->devs, expected_devs), 1e-13);
  }
}

}  // namespace
}  // namespace rnnlib
