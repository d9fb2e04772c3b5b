// SPDX-License-Identifier: Apache-2.0
// Sequences that do not fit a network: clear errors that name the sequence, whatever the number of threads.
#include <gtest/gtest.h>

#include <limits>

#include "engine_fixture.h"
#include "expect_error.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

using namespace testing_engine;

Network regression(Index dims) {
  return make_network(make_spec({{"task", "regression"}, {"hiddenSize", "2"}}, {dims}));
}

// All ways to run a sequence must refuse it.
template <class Exception>
void expect_refused(const Network& network, const Sequence& sequence, const std::vector<std::string>& parts) {
  expect_error<Exception>([&] { network.evaluate({sequence}); }, parts);
  expect_error<Exception>([&] { network.gradient({sequence}); }, parts);
  expect_error<Exception>([&] { network.trace(sequence); }, parts);
}

TEST(EngineErrors, WrongNumberOfDimensions) {
  const Network network = regression(2);
  const TestSequences sequences(network, {{3, 2}});
  Sequence sequence = sequences[0];
  sequence.set_inputs(sequence.inputs(), {6}, sequence.input_size());
  expect_refused<DataError>(network, sequence, {"sequence_0", "1 dimensions", "network 2"});
  expect_error<DataError>([&] { network.predict({sequence}); }, {"sequence_0", "1 dimensions"});
}

TEST(EngineErrors, SizesThatAreNotPositiveOrTooLarge) {
  const Network network = regression(2);
  const TestSequences sequences(network, {{3, 2}});
  Sequence sequence = sequences[0];
  constexpr Index kHuge = std::numeric_limits<Index>::max();
  for (const Shape& shape : std::vector<Shape>{{0, 2}, {3, -2}, {-3, -2}, {kHuge, kHuge}, {kHuge, 2}, {-1, kHuge}}) {
    sequence.set_inputs(sequence.inputs(), shape, sequence.input_size());
    SCOPED_TRACE(to_string(shape));
    expect_refused<DataError>(network, sequence, {"sequence_0", "size"});
    expect_error<DataError>([&] { network.predict({sequence}); }, {"sequence_0"});
    expect_error<DataError>([&] { network.output_shape(shape); }, {"size"});
    expect_error<DataError>([&] { network.memory(shape); }, {"size"});
  }
}

TEST(EngineErrors, MissingInputsAndTargets) {
  const Network network = regression(1);
  const TestSequences sequences(network, {{4}});
  Sequence sequence = sequences[0];
  sequence.set_inputs(nullptr, sequence.shape(), sequence.input_size());
  expect_refused<DataError>(network, sequence, {"sequence_0", "no inputs"});
  sequence = sequences[0];
  sequence.set_target_patterns(nullptr, 0, 0);
  expect_error<DataError>([&] { network.evaluate({sequence}); }, {"sequence_0", "no target"});
  expect_error<DataError>([&] { network.gradient({sequence}); }, {"sequence_0", "no target"});
  EXPECT_EQ(network.predict({sequence}).size(), 1u);  // needs none
}

TEST(EngineErrors, TargetsThatDoNotBelongToTheOutput) {
  const Network network = regression(1);
  const TestSequences sequences(network, {{4}});
  Sequence sequence = sequences[0];
  sequence.set_target_patterns(sequence.target_patterns(), 3, sequence.target_size());
  expect_refused<DataError>(network, sequence, {"sequence_0", "4 targetPatterns", "found 3"});

  const Network classes = make_network(make_spec({{"task", "classification"}, {"hiddenSize", "2"}}, {1}));
  TestSequences of_classes(classes, {{4}});
  of_classes.target(0)[2] = 3;
  expect_refused<DataError>(classes, of_classes[0], {"sequence_0", "class 3", "0 .. 2"});
}

TEST(EngineErrors, SequencesWithoutTagAreCounted) {
  const Network network = regression(1);
  const TestSequences sequences(network, std::vector<Shape>(12, {3}));
  std::vector<Sequence> untagged = sequences.all();
  for (Sequence& sequence : untagged) sequence.set_tag("");
  untagged[10].set_inputs(nullptr, {3}, untagged[10].input_size());
  expect_error<DataError>([&] { network.evaluate(untagged); }, {"number 10: it has no inputs"});
}

TEST(EngineErrors, TheFirstWrongSequenceIsNamedForAnyThreads) {
  const NetworkSpec spec = make_spec({{"task", "regression"}, {"hiddenSize", "20"}}, {1});
  const Network network = make_network(spec);
  const TestSequences sequences(network, std::vector<Shape>(40, {10}));
  std::vector<Sequence> wrong = sequences.all();
  for (std::size_t i : {17u, 22u, 30u, 38u}) {
    wrong[i].set_target_patterns(wrong[i].target_patterns(), 5, wrong[i].target_size());
  }
  ASSERT_GT(400 * network.num_weights(), 1000000);
  for (int threads : {1, 2, 3, 8}) {
    RunOptions options;
    options.threads = threads;
    for (int repeat = 0; repeat < 5; ++repeat) {
      expect_error<DataError>([&] { network.evaluate(wrong, options); }, {"sequence_17"});
      expect_error<DataError>([&] { network.gradient(wrong, options); }, {"sequence_17"});
    }
    EXPECT_EQ(network.evaluate(sequences.all(), options).num_sequences, 40);  // works on after an error
  }
}

TEST(EngineErrors, NumbersThatAreNotFinite) {
  const Network network = regression(1);
  TestSequences sequences(network, {{4}, {4}});
  sequences.inputs(1)[3] = std::numeric_limits<float>::quiet_NaN();
  expect_error<NumericError>([&] { network.evaluate(sequences.all()); }, {"sequence_1", "nan"});
  expect_error<NumericError>([&] { network.gradient(sequences.all()); }, {"sequence_1", "nan"});
}

TEST(EngineErrors, TargetsThatCannotFitAreListedAndAddToRatesAlone) {
  const Network network = make_network(make_spec({{"task", "transcription"}, {"hiddenSize", "2"}}, {1}));
  const TestSequences sequences(network, {{5}, {4}, {6}});
  const std::vector<std::int32_t> repeats{1, 1, 1};
  std::vector<Sequence> mixed = sequences.all();
  mixed[1].set_target(repeats);
  std::vector<SkippedTarget> skipped;
  const Metrics errors = network.evaluate(mixed, {}, &skipped);
  ASSERT_EQ(skipped.size(), 1u);
  EXPECT_EQ(skipped[0].tag, "sequence_1");
  EXPECT_EQ(skipped[0].needed, 5);
  EXPECT_EQ(skipped[0].available, 4);
  const std::vector<Sequence> others{mixed[0], mixed[2]};
  const GradientResult with = network.gradient(mixed);
  const GradientResult without = network.gradient(others);
  EXPECT_LT(largest_difference(with.gradient, without.gradient), 1e-13);
  EXPECT_NEAR(with.error, without.error, 1e-13);
  EXPECT_EQ(errors.find("ctcError")->norm, 2);
  EXPECT_EQ(errors.find("seqError")->norm, 3);
  const double labels = static_cast<double>(mixed[0].target_length() + 3 + mixed[2].target_length());
  for (const char* rate : {"labelError", "substitutions", "deletions", "insertions"}) {
    EXPECT_EQ(errors.find(rate)->norm, labels) << rate;
    EXPECT_EQ(with.metrics.find(rate)->value, errors.find(rate)->value) << rate;
  }
  EXPECT_EQ(errors.find("labelError")->value,
            errors.find("substitutions")->value + errors.find("deletions")->value + errors.find("insertions")->value);

  RunOptions legacy;
  legacy.legacy_errors = true;
  const Metrics as_before = network.evaluate(mixed, legacy);
  EXPECT_EQ(as_before.find("seqError")->norm, 2);
  EXPECT_EQ(as_before.find("labelError")->norm, labels - 3);
  EXPECT_EQ(as_before.find("ctcError")->value, errors.find("ctcError")->value);
}

TEST(EngineErrors, WeightsThatDoNotFitOrAreNotNumbers) {
  Network network = regression(1);
  const std::vector<double> before = network.weights();
  expect_error<DataError>([&] { network.set_weights({1, 2, 3}); }, {"but 3 were given"});
  std::vector<double> weights = before;
  weights[static_cast<std::size_t>(network.connections()[1].offset) + 2] = INFINITY;
  expect_error<NumericError>([&] { network.set_weights(weights); }, {"weight 2 of bias_to_hidden_0_1", "inf"});
  EXPECT_EQ(network.weights(), before);

  Network single = make_network(network.spec(), Precision::kFloat);
  const std::vector<double> floats = single.weights();
  weights = floats;
  weights[0] = 1e300;  // a double, but no float
  expect_error<NumericError>([&] { single.set_weights(weights); }, {"weight 0 of bias_to_hidden_0_0"});
  EXPECT_EQ(single.weights(), floats);
}

TEST(EngineErrors, ShapesOfOtherDimensionsHaveNoOutputAndNoMemory) {
  const Network network = regression(2);
  expect_error<DataError>([&] { network.output_shape({4}); }, {"1 dimensions", "network 2"});
  expect_error<DataError>([&] { network.memory({4, 4, 4}); }, {"3 dimensions"});
}

}  // namespace
}  // namespace rnnlib
