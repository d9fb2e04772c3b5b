// SPDX-License-Identifier: Apache-2.0
// Updates against hand-made sums of gradients and a hand-made step; penalties, errors, stopping, state.
#include "rnnlib/trainer.h"

#include <gtest/gtest.h>

#include <limits>

#include "engine_fixture.h"
#include "expect_error.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

using namespace testing_engine;

NetworkSpec small_spec() { return make_spec({{"task", "regression"}, {"hiddenSize", "3"}}, {1}); }

std::vector<Shape> seven_shapes() { return {{4}, {2}, {6}, {1}, {5}, {3}, {4}}; }

TrainerOptions steepest(double learn_rate = 0.01, double momentum = 0.7) {
  TrainerOptions options;
  options.optimiser.learn_rate = learn_rate;
  options.optimiser.momentum = momentum;
  return options;
}

// What the trainer should do, with nothing but Network::gradient.
class ByHand {
 public:
  ByHand(const NetworkSpec& spec, const std::vector<double>& weights, const TrainerOptions& options)
      : network_(with_weights(spec, Precision::kDouble, weights)), options_(options), deltas_(weights.size(), 0.0) {}

  void update(const std::vector<Sequence>& sequences, Index sequences_in_epoch) {
    std::vector<double> weights = network_.weights();
    const std::vector<double> gradient = network_.gradient(sequences).gradient;
    const double scale = static_cast<double>(sequences.size()) / static_cast<double>(sequences_in_epoch);
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const double sign = weights[i] > 0 ? 1 : weights[i] < 0 ? -1 : 0;
      const double g = gradient[i] + scale * options_.l1 * sign + scale * options_.l2 * weights[i];
      deltas_[i] = options_.optimiser.momentum * deltas_[i] - options_.optimiser.learn_rate * g;
      weights[i] += deltas_[i];
    }
    network_.set_weights(weights);
  }
  std::vector<double> weights() const { return network_.weights(); }

 private:
  Network network_;
  TrainerOptions options_;
  std::vector<double> deltas_;
};

void expect_epochs_by_hand(const TrainerOptions& options, Index group) {
  Network network = make_network(small_spec());
  const TestSequences sequences(network, seven_shapes());
  ByHand by_hand(network.spec(), network.weights(), options);
  Trainer trainer(network, options);
  for (int epoch = 0; epoch < 2; ++epoch) {
    trainer.begin_epoch(7);
    EXPECT_EQ(trainer.train(sequences.all()), 7);
    trainer.end_epoch();
    for (Index first = 0; first < 7; first += group) {
      by_hand.update(
          sequences.range(static_cast<std::size_t>(first), static_cast<std::size_t>(std::min<Index>(7, first + group))),
          7);
    }
    EXPECT_LT(largest_difference(by_hand.weights(), network.weights()), 1e-14);
  }
}

TEST(Trainer, OnlineUpdatesAfterEverySequence) { expect_epochs_by_hand(steepest(), 1); }

TEST(Trainer, UpdatesAfterEveryThreeSequencesAndTheRestAtTheEnd) {
  TrainerOptions options = steepest();
  options.seqs_per_update = 3;
  expect_epochs_by_hand(options, 3);
}

TEST(Trainer, BatchUpdatesOncePerEpoch) {
  TrainerOptions options = steepest();
  options.batch_learn = true;
  expect_epochs_by_hand(options, 7);
}

TEST(Trainer, PenaltiesAreScaledByTheShareOfTheEpoch) {
  for (Index group : {1, 3, 7}) {
    TrainerOptions options = steepest(0.1, 0.5);
    options.l1 = 0.02;
    options.l2 = 0.3;
    options.seqs_per_update = group;
    expect_epochs_by_hand(options, group);
  }
  TrainerOptions batch = steepest(0.1);
  batch.batch_learn = true;
  batch.l2 = 0.3;
  expect_epochs_by_hand(batch, 7);
}

TEST(Trainer, PenaltiesAreReportedForTheWeightsTheEpochBeganWith) {
  Network network = make_network(small_spec());
  const TestSequences sequences(network, seven_shapes());
  TrainerOptions options = steepest();
  options.l1 = 0.5;
  options.l2 = 0.25;
  double sum = 0;
  double squares = 0;
  for (double weight : network.weights()) {
    sum += std::abs(weight);
    squares += weight * weight;
  }
  Trainer trainer(network, options);
  trainer.begin_epoch(7);
  trainer.train(sequences.all());
  const Metrics errors = trainer.end_epoch();
  ASSERT_EQ(errors.errors().size(), 3u);
  EXPECT_NEAR(errors.find("l1ErrorBits")->figure(), 0.5 * sum / std::log(2.0), 1e-12);
  EXPECT_NEAR(errors.find("l2ErrorBits")->figure(), 0.125 * squares / std::log(2.0), 1e-12);
  options.l1 = 0;
  Trainer other(network, options);
  other.begin_epoch(7);
  const Metrics of_other = other.end_epoch();
  EXPECT_EQ(of_other.find("l1ErrorBits"), nullptr);
  EXPECT_NE(of_other.find("l2ErrorBits"), nullptr);
}

TEST(Trainer, AnUnfinishedGroupIsKeptForTheNextCall) {
  TrainerOptions options = steepest();
  options.seqs_per_update = 4;
  Network whole = make_network(small_spec());
  const TestSequences sequences(whole, seven_shapes());
  Network pieces = make_network(small_spec());
  const std::vector<double> before = pieces.weights();
  Trainer first(whole, options);
  first.begin_epoch(7);
  first.train(sequences.all());
  Trainer second(pieces, options);
  second.begin_epoch(7);
  second.train(sequences.range(0, 3));
  EXPECT_EQ(pieces.weights(), before);  // three of four
  second.train(sequences.range(3, 5));
  EXPECT_NE(pieces.weights(), before);
  second.train(sequences.range(5, 7));
  EXPECT_LT(largest_difference(whole.weights(), pieces.weights()), 1e-14);
  const std::vector<double> unflushed = pieces.weights();
  first.end_epoch();
  const Metrics errors = second.end_epoch();
  EXPECT_EQ(errors.num_sequences, 7);
  EXPECT_NE(pieces.weights(), unflushed);  // the last three
  EXPECT_LT(largest_difference(whole.weights(), pieces.weights()), 1e-14);
}

TEST(Trainer, ANewEpochForgetsAnUnfinishedGroup) {
  TrainerOptions options = steepest();
  options.seqs_per_update = 4;
  Network network = make_network(small_spec());
  const TestSequences sequences(network, seven_shapes());
  const std::vector<double> before = network.weights();
  Trainer trainer(network, options);
  trainer.begin_epoch(7);
  trainer.train(sequences.range(0, 3));
  trainer.begin_epoch(7);
  trainer.end_epoch();
  EXPECT_EQ(network.weights(), before);
}

TEST(Trainer, ErrorsAreThoseOfTheWeightsAtTheTime) {
  Network network = make_network(small_spec());
  const TestSequences sequences(network, seven_shapes());
  double expected = 0;
  Network reference = make_network(small_spec());
  ByHand by_hand(network.spec(), network.weights(), steepest());
  for (std::size_t i = 0; i < 7; ++i) {
    reference.set_weights(by_hand.weights());
    expected += reference.evaluate(sequences.one(i)).errors()[0].value;
    by_hand.update(sequences.one(i), 7);
  }
  Trainer trainer(network, steepest());
  trainer.begin_epoch(7);
  trainer.train(sequences.all());
  const Metrics errors = trainer.end_epoch();
  ASSERT_NE(errors.find("sumSquaresError"), nullptr);
  EXPECT_NEAR(errors.find("sumSquaresError")->value, expected, 1e-11);
  EXPECT_EQ(errors.find("sumSquaresError")->norm, 7);
  EXPECT_EQ(errors.num_sequences, 7);
}

void expect_finite(const Network& network) {
  for (double weight : network.weights()) ASSERT_TRUE(std::isfinite(weight));
}

// The first step is far too large: the second sequence's error overflows, and no update is made from it.
TEST(Trainer, AnErrorThatIsNotFiniteStopsBeforeTheUpdate) {
  for (Precision precision : {Precision::kFloat, Precision::kDouble}) {
    Network network = make_network(small_spec(), precision);
    const TestSequences sequences(network, seven_shapes());
    Trainer trainer(network, steepest(precision == Precision::kFloat ? 1e30 : 1e200));
    trainer.begin_epoch(7);
    trainer.train(sequences.one(0));
    const std::vector<double> good = network.weights();
    expect_error<NumericError>([&] { trainer.train(sequences.range(1, 7)); }, {"sequence_1"});
    EXPECT_EQ(network.weights(), good);
    expect_finite(network);
  }
}

// Here the step itself overflows.
TEST(Trainer, AnUpdateThatIsNotFiniteIsTakenBack) {
  for (Precision precision : {Precision::kFloat, Precision::kDouble}) {
    Network network = make_network(small_spec(), precision);
    const TestSequences sequences(network, seven_shapes());
    const std::vector<double> good = network.weights();
    Trainer trainer(network, steepest(precision == Precision::kFloat ? 3e38 : 1.7e308));
    trainer.begin_epoch(7);
    expect_error<NumericError>([&] { trainer.train(sequences.all()); }, {"weights", "sequence_0"});
    EXPECT_EQ(network.weights(), good);
    EXPECT_TRUE(std::isfinite(network.evaluate(sequences.all()).errors()[0].value));
  }
}

TEST(Trainer, SequencesInErrorsAreCountedWithinTheCall) {
  Network network = make_network(small_spec());
  const TestSequences sequences(network, seven_shapes());
  std::vector<Sequence> untagged = sequences.all();
  for (Sequence& sequence : untagged) sequence.set_tag("");
  untagged[5].set_inputs(nullptr, {4}, 1);
  for (Index group : {1, 4}) {
    TrainerOptions options = steepest();
    options.seqs_per_update = group;
    Trainer trainer(network, options);
    trainer.begin_epoch(7);
    expect_error<DataError>([&] { trainer.train(untagged); }, {"number 5:"});
  }
}

TEST(Trainer, GoesOnAfterAnError) {
  Network network = make_network(small_spec());
  const TestSequences sequences(network, seven_shapes());
  ByHand by_hand(network.spec(), network.weights(), steepest());
  Trainer trainer(network, steepest());
  trainer.begin_epoch(7);
  Sequence broken = sequences[0];
  broken.set_target_patterns(nullptr, 0, 0);
  EXPECT_THROW(trainer.train({broken}), DataError);
  trainer.train(sequences.one(1));
  by_hand.update(sequences.one(1), 7);
  EXPECT_LT(largest_difference(by_hand.weights(), network.weights()), 1e-14);
}

TEST(Trainer, TheCallbackSeesProgressAndStops) {
  Network network = make_network(small_spec());
  const TestSequences sequences(network, seven_shapes());
  Trainer trainer(network, steepest());
  trainer.begin_epoch(7);
  Index seen = -1;
  const Index done = trainer.train(sequences.all(), [&](Index count, const Metrics& running) {
    seen = count;
    EXPECT_EQ(running.num_sequences, count);
    EXPECT_GT(running.errors()[0].value, 0);
    return false;
  });
  EXPECT_EQ(done, 1);  // the first report comes at once
  EXPECT_EQ(seen, 1);
  Network one = make_network(small_spec());
  Trainer other(one, steepest());
  other.begin_epoch(7);
  other.train(sequences.one(0));
  EXPECT_EQ(network.weights(), one.weights());
}

TEST(Trainer, OptimiserStateGoesOnAsIfNeverStopped) {
  for (OptimiserType type :
       {OptimiserType::kSteepest, OptimiserType::kRprop, OptimiserType::kRmsprop, OptimiserType::kAdam}) {
    TrainerOptions options = steepest(1e-3, 0.9);
    options.optimiser.type = type;
    Network straight = make_network(small_spec());
    const TestSequences sequences(straight, seven_shapes());
    Trainer never_stopped(straight, options);
    never_stopped.begin_epoch(7);
    never_stopped.train(sequences.range(0, 4));

    Network resumed = with_weights(straight.spec(), Precision::kDouble, straight.weights());
    Trainer trainer(resumed, options);
    EXPECT_EQ(trainer.optimiser_name(), never_stopped.optimiser_name());
    trainer.set_state(never_stopped.state());
    trainer.train(sequences.range(4, 7));
    never_stopped.train(sequences.range(4, 7));
    EXPECT_EQ(resumed.weights(), straight.weights()) << trainer.optimiser_name();
  }
}

TEST(Trainer, OptimiserStateThatDoesNotFitIsAnError) {
  Network network = make_network(small_spec());
  Trainer trainer(network, steepest());
  const std::vector<double> fresh = trainer.state().vectors[0].values;
  const auto expect_refused = [&](const std::vector<StateVector>& vectors, const std::vector<std::string>& words) {
    TrainerState state;
    state.updates = 7;
    state.vectors = vectors;
    expect_error<DataError>([&] { trainer.set_state(state); }, words);
    EXPECT_EQ(trainer.state().updates, 0);  // nothing was changed
    EXPECT_EQ(trainer.state().vectors[0].values, fresh);
  };
  const std::vector<double> good(static_cast<std::size_t>(network.num_weights()), 0.5);
  expect_refused({{"deltas", good}, {"speeds", {}}}, {"steepest", "speeds"});
  expect_refused({{"deltas", {1, 2}}}, {"deltas", "not 2"});
}

TEST(Trainer, TargetsThatCannotFitAreListedAndChangeNothing) {
  const NetworkSpec spec = make_spec({{"task", "transcription"}, {"hiddenSize", "3"}}, {1});
  Network network = make_network(spec);
  const TestSequences sequences(network, {{5}, {4}, {6}});
  const std::vector<std::int32_t> repeats{1, 1, 1};
  Sequence impossible = sequences[1];
  impossible.set_target(repeats);
  Trainer trainer(network, steepest(0.1, 0));
  trainer.begin_epoch(3);
  trainer.train({sequences[0], impossible, sequences[2]});
  ASSERT_EQ(trainer.skipped().size(), 1u);
  EXPECT_EQ(trainer.skipped()[0].tag, "sequence_1");
  EXPECT_EQ(trainer.skipped()[0].needed, 5);
  EXPECT_EQ(trainer.skipped()[0].available, 4);
  const Metrics running = trainer.end_epoch();
  EXPECT_EQ(running.find("ctcError")->norm, 2);
  EXPECT_EQ(running.find("seqError")->norm, 3);
  EXPECT_EQ(running.find("labelError")->norm, sequences[0].target_length() + 3 + sequences[2].target_length());
  std::vector<SkippedTarget> skipped;
  EXPECT_EQ(trainer.evaluate({sequences[0], impossible}, &skipped).find("seqError")->norm, 2);
  EXPECT_EQ(skipped.size(), 1u);

  Network other = make_network(spec);
  Trainer without(other, steepest(0.1, 0));
  without.begin_epoch(3);
  without.train({sequences[0], sequences[2]});
  EXPECT_EQ(network.weights(), other.weights());
  trainer.begin_epoch(3);
  EXPECT_TRUE(trainer.skipped().empty());
}

// With noises a sequence has a pass for each sample, but is one sequence.
TEST(Trainer, TargetsThatCannotFitAddToRatesWithNoises) {
  const NetworkSpec spec = make_spec({{"task", "transcription"}, {"hiddenSize", "3"}}, {1});
  Network network = make_network(spec);
  const TestSequences sequences(network, {{4}});
  const std::vector<std::int32_t> repeats{1, 1, 1};
  Sequence impossible = sequences[0];
  impossible.set_target(repeats);
  TrainerOptions options = steepest(0.1, 0);
  options.mdl = MdlOptions();
  options.mdl->samples = 2;
  options.test_distortions = true;
  for (const bool legacy : {false, true}) {
    options.run.legacy_errors = legacy;
    Trainer trainer(network, options);
    trainer.begin_epoch(1);
    trainer.train({impossible});
    EXPECT_EQ(trainer.skipped().size(), 1u);
    const Metrics running = trainer.end_epoch();
    std::vector<SkippedTarget> skipped;
    const Metrics tested = trainer.evaluate({impossible}, &skipped);
    EXPECT_EQ(skipped.size(), 1u);
    EXPECT_EQ(running.find("errorBits")->value, 0);
    for (const Metrics* errors : {&running, &tested}) {
      EXPECT_EQ(errors->find("ctcError"), nullptr);
      ASSERT_EQ(errors->find("labelError") == nullptr, legacy);
      if (legacy) continue;
      EXPECT_EQ(errors->find("labelError")->norm, 3);
      EXPECT_EQ(errors->find("seqError")->norm, 1);
    }
  }
}

TEST(Trainer, OptionsMustMakeSense) {
  Network network = make_network(small_spec());
  TrainerOptions options = steepest();
  options.seqs_per_update = 0;
  expect_error<ConfigError>([&] { Trainer trainer(network, options); }, {"seqsPerWeightUpdate", "0"});
}

}  // namespace
}  // namespace rnnlib
