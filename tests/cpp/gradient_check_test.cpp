// SPDX-License-Identifier: Apache-2.0
// The gradient check itself: it finds wrong gradients, goes from the output down, and says what cannot be checked.
#include "rnnlib/gradient_check.h"

#include <gtest/gtest.h>

#include "engine_fixture.h"
#include "expect_error.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

using namespace testing_engine;

NetworkSpec small_spec() {
  return make_spec({{"task", "regression"}, {"hiddenSize", "2,3"}, {"subsampleSize", "2"}}, {1, 2, 3, 1});
}

TEST(GradientCheck, GoesFromTheOutputDown) {
  const Network network = make_network(small_spec());
  const TestSequences sequences(network, {{4}});
  const GradientCheckReport report = check_gradient(network, sequences[0]);
  EXPECT_TRUE(report.passed());
  std::vector<std::string> names;
  for (const auto& connection : report.connections) names.push_back(connection.name);
  EXPECT_EQ(names, (std::vector<std::string>{"bias_to_output",
                                             "hidden_1_0_to_output",
                                             "hidden_1_1_to_output",
                                             "bias_to_hidden_1_1",
                                             "hidden_1_1_peepholes",
                                             "hidden_1_1_to_hidden_1_1_delay_-1",
                                             "subsample_0_to_hidden_1_1",
                                             "bias_to_hidden_1_0",
                                             "hidden_1_0_peepholes",
                                             "hidden_1_0_to_hidden_1_0_delay_1",
                                             "subsample_0_to_hidden_1_0",
                                             "hidden_0_0_to_subsample_0",
                                             "hidden_0_1_to_subsample_0",
                                             "bias_to_hidden_0_1",
                                             "hidden_0_1_peepholes",
                                             "hidden_0_1_to_hidden_0_1_delay_-1",
                                             "input_to_hidden_0_1",
                                             "bias_to_hidden_0_0",
                                             "hidden_0_0_peepholes",
                                             "hidden_0_0_to_hidden_0_0_delay_1",
                                             "input_to_hidden_0_0"}));
}

// A coarse step makes the numeric side wrong: curvature enters it.
TEST(GradientCheck, FindsDifferences) {
  const Network network = make_network(small_spec());
  const TestSequences sequences(network, {{4}});
  GradientCheckOptions coarse;
  coarse.perturbation = 0.3;
  coarse.break_on_error = false;
  const GradientCheckReport all = check_gradient(network, sequences[0], coarse);
  EXPECT_FALSE(all.passed());
  EXPECT_EQ(all.connections.size(), network.connections().size());
  for (const GradientMismatch& m : all.mismatches) {
    EXPECT_GT(std::abs(m.exact - m.numeric), 1e-6 * std::abs(m.exact)) << m.connection;
  }
  coarse.break_on_error = true;
  const GradientCheckReport first = check_gradient(network, sequences[0], coarse);
  EXPECT_FALSE(first.passed());
  EXPECT_LT(first.connections.size(), all.connections.size());
  coarse.significant_figures = 0;
  EXPECT_TRUE(check_gradient(network, sequences[0], coarse).passed());
}

// Large targets make deltas beyond 1: the clipped gradient is not the derivative, the one that is checked is.
TEST(GradientCheck, LooksAtTheGradientWithoutClipping) {
  const Network network = make_network(small_spec());
  const TestSequences sequences(network, {{4}});
  const std::vector<float> targets{100, -200, 300, 100};
  Sequence sequence = sequences[0];
  sequence.set_target_patterns(targets, 1);
  const auto clipped = network.gradient({sequence}, {}, true).gradient;
  const auto exact = network.gradient({sequence}, {}, false).gradient;
  EXPECT_GT(largest_difference(exact, clipped), 0.1);

  GradientCheckOptions options;
  options.break_on_error = false;
  options.significant_figures = 5;
  options.perturbation = 1e-4;
  EXPECT_TRUE(check_gradient(network, sequence, options).passed());
  const auto& input = network.connections().back();
  ASSERT_EQ(input.name, "subsample_0_to_hidden_1_1");
  std::vector<double> weights = network.weights();
  double& weight = weights[static_cast<std::size_t>(input.offset)];
  const double step = 1e-5;
  weight += step;
  const double above = with_weights(network.spec(), Precision::kDouble, weights).evaluate({sequence}).errors()[0].value;
  weight -= 2 * step;
  const double below = with_weights(network.spec(), Precision::kDouble, weights).evaluate({sequence}).errors()[0].value;
  const double numeric = (above - below) / (2 * step);
  EXPECT_NEAR(exact[static_cast<std::size_t>(input.offset)], numeric, 1e-4 * std::abs(numeric));
  EXPECT_GT(std::abs(clipped[static_cast<std::size_t>(input.offset)] - numeric), 1e-2 * std::abs(numeric));
}

TEST(GradientCheck, OfAFloatNetworkIsInDouble) {
  const Network network = make_network(small_spec(), Precision::kFloat);
  const TestSequences sequences(network, {{4}});
  EXPECT_TRUE(check_gradient(network, sequences[0]).passed());
}

TEST(GradientCheck, ThreadsDoNotChangeIt) {
  const Network network = make_network(small_spec());
  const TestSequences sequences(network, {{4}});
  GradientCheckOptions options;
  const GradientCheckReport one = check_gradient(network, sequences[0], options);
  options.threads = 3;
  const GradientCheckReport three = check_gradient(network, sequences[0], options);
  ASSERT_EQ(one.connections.size(), three.connections.size());
  for (std::size_t i = 0; i < one.connections.size(); ++i) {
    EXPECT_EQ(one.connections[i].largest_difference, three.connections[i].largest_difference);
  }
}

TEST(GradientCheck, ATargetThatCannotFitIsAnError) {
  const Network network = make_network(make_spec({{"task", "transcription"}, {"hiddenSize", "2"}}, {1}));
  TestSequences sequences(network, {{3}});
  sequences.target(0) = {1, 1};
  EXPECT_TRUE(check_gradient(network, sequences[0]).passed());  // exactly 3 steps
  const std::vector<std::int32_t> longer{1, 1, 2};
  Sequence sequence = sequences[0];
  sequence.set_target(longer);
  expect_error<DataError>([&] { check_gradient(network, sequence); }, {"cannot fit", "needs 4 steps", "has 3"});
}

TEST(GradientCheck, ASequenceWithoutATargetIsAnError) {
  const Network network = make_network(make_spec({{"task", "classification"}, {"hiddenSize", "2"}}, {1}));
  const TestSequences sequences(network, {{3}});
  const std::vector<std::int32_t> none{-1, -1, -1};
  Sequence sequence = sequences[0];
  sequence.set_target(none);
  expect_error<DataError>([&] { check_gradient(network, sequence); }, {"it has no target"});
}

// A step of 0 would find nothing wrong anywhere.
TEST(GradientCheck, ThePerturbationMustBePositive) {
  const Network network = make_network(small_spec());
  const TestSequences sequences(network, {{4}});
  for (double perturbation : {0.0, -1e-5, static_cast<double>(NAN), static_cast<double>(INFINITY)}) {
    GradientCheckOptions options;
    options.perturbation = perturbation;
    expect_error<ConfigError>([&] { check_gradient(network, sequences[0], options); }, {"perturbation", "above 0"});
  }
}

}  // namespace
}  // namespace rnnlib
