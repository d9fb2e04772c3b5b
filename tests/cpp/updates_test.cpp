// SPDX-License-Identifier: Apache-2.0
// Updates: limits of gradients, learning rates, frozen weights, options.
#include <gtest/gtest.h>

#include "expect_error.h"
#include "noise_fixture.h"
#include "rnnlib/error.h"
#include "rnnlib/trainer.h"

namespace rnnlib {
namespace {

using namespace testing_noise;

TEST(Updates, LongGradientsAreScaledToTheLimit) {
  Network network = make_network(two_levels());
  const TestSequences sequences(network, many_shapes());
  const std::vector<double> gradient = network.gradient(sequences.one(2)).gradient;
  double norm = 0;
  for (double g : gradient) norm += g * g;
  norm = std::sqrt(norm);
  for (double limit : {0.5 * norm, 2 * norm}) {
    Network stepped = make_network(two_levels());
    TrainerOptions options = gradient_steps();
    options.max_gradient_norm = limit;
    Trainer trainer(stepped, options);
    trainer.begin_epoch(1);
    trainer.train(sequences.one(2));
    std::vector<double> expected = network.weights();
    for (std::size_t i = 0; i < gradient.size(); ++i) expected[i] -= gradient[i] * std::min(1.0, limit / norm);
    EXPECT_LT(largest_difference(stepped.weights(), expected), 1e-13);
  }
}

TEST(Updates, RatesWarmUpAndFollowTheFactor) {
  const NetworkSpec spec = linear_spec();
  Network network = linear_network();
  const OnePoints sequences(1, 1);
  TrainerOptions options = gradient_steps();
  options.optimiser.learn_rate = 0.1;
  options.warmup_updates = 4;
  Trainer trainer(network, options);
  trainer.begin_epoch(6);
  for (int update = 1; update <= 6; ++update) {
    if (update == 6) trainer.set_learn_rate_factor(0.25);
    const std::vector<double> before = network.weights();
    const double gradient = network.gradient(sequences.all()).gradient[1];
    trainer.train(sequences.all());
    const double rate = 0.1 * std::min(update / 4.0, 1.0) * (update == 6 ? 0.25 : 1);
    EXPECT_NEAR(before[1] - network.weights()[1], rate * gradient, 1e-14);
  }
  expect_error<ConfigError>([&] { trainer.set_learn_rate_factor(-1); }, {"factor", "-1"});
}

TEST(Updates, FrozenWeightsStay) {
  each_kind([](TrainerOptions options) {
    options.freeze = {"subsample_0", "hidden_0_0", "bias_to_output"};
    Network network = make_network(two_levels());
    const TestSequences sequences(network, many_shapes());
    const std::vector<double> before = network.weights();
    Trainer trainer(network, options);
    for (int epoch = 0; epoch < 2; ++epoch) {
      trainer.begin_epoch(12);
      trainer.train(sequences.all());
      trainer.end_epoch();
    }
    const std::vector<double> after = network.weights();
    for (const Connection& connection : network.connections()) {
      // The layer that runs backwards shares the weights of hidden_0_1, but has its own peepholes.
      const bool frozen = connection.name == "bias_to_output" || connection.name == "hidden_0_0_peepholes" ||
                          connection.name.find("_to_subsample_0") != std::string::npos ||
                          connection.name == "bias_to_hidden_0_1" || connection.name == "input_to_hidden_0_1" ||
                          connection.name.rfind("hidden_0_1_to_hidden_0_1", 0) == 0;
      const auto begin = static_cast<std::ptrdiff_t>(connection.offset);
      const auto end = begin + static_cast<std::ptrdiff_t>(connection.size());
      const bool same = std::equal(before.begin() + begin, before.begin() + end, after.begin() + begin);
      EXPECT_EQ(same, frozen) << connection.name;
    }
  });
}

TEST(Updates, UnknownNamesToFreezeAreRefused) {
  Network network = make_network(two_levels());
  TrainerOptions options;
  options.freeze = {"hiden_0_0"};
  expect_error<ConfigError>([&] { Trainer trainer(network, options); }, {"freeze \"hiden_0_0\"", "\"hidden_0_0\""});
}

TEST(Updates, OptionsOfNoisesMustMakeSense) {
  Network network = make_network(two_levels());
  TrainerOptions options;
  options.dropout = 1;
  expect_error<ConfigError>([&] { Trainer trainer(network, options); }, {"dropout is 1"});
  options = {};
  options.mdl = MdlOptions();
  options.mdl->samples = 0;
  expect_error<ConfigError>([&] { Trainer trainer(network, options); }, {"mdlSamples is 0"});
  options.mdl->samples = 1;
  options.mdl->init_std_dev = 0;
  expect_error<ConfigError>([&] { Trainer trainer(network, options); }, {"mdlInitStdDev is 0"});
}

}  // namespace
}  // namespace rnnlib
