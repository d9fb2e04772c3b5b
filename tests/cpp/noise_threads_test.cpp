// SPDX-License-Identifier: Apache-2.0
// Perturbations of training depend on nothing but the seed: not on threads, and not on interruptions.
#include <gtest/gtest.h>

#include "expect_error.h"
#include "noise_fixture.h"
#include "rnnlib/error.h"
#include "rnnlib/trainer.h"

namespace rnnlib {
namespace {

using namespace testing_noise;

void expect_same_state(const Trainer& a, const Trainer& b) {
  const TrainerState x = a.state();
  const TrainerState y = b.state();
  ASSERT_EQ(x.vectors.size(), y.vectors.size());
  for (std::size_t i = 0; i < x.vectors.size(); ++i) EXPECT_EQ(x.vectors[i].values, y.vectors[i].values);
  EXPECT_EQ(x.updates, y.updates);
  EXPECT_EQ(x.noise_random, y.noise_random);
  if (!x.mdl) return;
  EXPECT_EQ(x.mdl->devs, y.mdl->devs);
  EXPECT_EQ(x.mdl->costs, y.mdl->costs);
}

TEST(Noise, IsTheSameForAnyNumberOfThreads) {
  each_kind([](TrainerOptions options) {
    Network one = make_network(two_levels(), Precision::kFloat);
    Network many = make_network(two_levels(), Precision::kFloat);
    const TestSequences sequences(one, many_shapes());
    Trainer first(one, options);
    options.run.threads = 3;
    Trainer second(many, options);
    for (int epoch = 0; epoch < 2; ++epoch) {
      first.begin_epoch(12);
      second.begin_epoch(12);
      first.train(sequences.all());
      second.train(sequences.all());
      expect_same_bits(first.end_epoch(), second.end_epoch());
    }
    EXPECT_EQ(one.weights(), many.weights());
    expect_same_state(first, second);
  });
}

// Stored within the second epoch, then in the middle of what was one call.
TEST(Noise, GoesOnInsideAnEpochAsIfNeverStopped) {
  each_kind([](const TrainerOptions& options) {
    for (Precision precision : {Precision::kFloat, Precision::kDouble}) {
      Network straight = make_network(two_levels(), precision);
      const TestSequences sequences(straight, many_shapes());
      Trainer never_stopped(straight, options);
      const auto epoch = [&] {
        never_stopped.begin_epoch(12);
        never_stopped.train(sequences.all());
        return never_stopped.end_epoch();
      };
      epoch();
      Network resumed = with_weights(straight.spec(), precision, straight.weights());
      Trainer before(resumed, options);
      before.set_state(never_stopped.state());
      const Metrics whole = epoch();

      before.begin_epoch(12);
      before.train(sequences.range(0, 5));
      ASSERT_TRUE(before.may_store());
      const TrainerState state = before.state();
      Network again = with_weights(straight.spec(), precision, resumed.weights());
      Trainer after(again, options);
      after.set_state(state);
      EXPECT_EQ(after.train(sequences.range(5, 12)), 7);
      // A batch's sums are made in pieces that end where the calls do: these are those of the stopped trainer.
      before.train(sequences.range(5, 12));
      const Metrics errors = after.end_epoch();
      expect_same_bits(errors, before.end_epoch());
      EXPECT_EQ(again.weights(), resumed.weights());
      expect_same_state(after, before);
      if (options.batch_learn) continue;
      EXPECT_EQ(again.weights(), straight.weights());
      expect_same_bits(errors, whole);
      expect_same_state(after, never_stopped);
    }
  });
}

TEST(Noise, MayNotBeStoredInTheMiddleOfAnUpdate) {
  TrainerOptions options = noisy_options();
  options.seqs_per_update = 4;
  Network network = make_network(two_levels());
  const TestSequences sequences(network, many_shapes());
  Trainer trainer(network, options);
  trainer.begin_epoch(12);
  trainer.train(sequences.range(0, 4));
  EXPECT_TRUE(trainer.may_store());
  trainer.train(sequences.range(4, 6));
  EXPECT_FALSE(trainer.may_store());
}

TEST(Noise, BadSequencesAreNamed) {
  Network network = make_network(two_levels());
  const TestSequences sequences(network, many_shapes());
  std::vector<Sequence> bad = sequences.range(0, 3);
  for (Sequence& sequence : bad) sequence.set_tag("");
  bad[2].set_inputs(bad[2].inputs(), {-1}, bad[2].input_size());
  Trainer trainer(network, noisy_options());
  trainer.begin_epoch(3);
  expect_error<DataError>([&] { trainer.train(bad); }, {"number 2"});
  bad[2] = sequences[2];
  bad[2].set_inputs(nullptr, bad[2].shape(), bad[2].input_size());
  expect_error<DataError>([&] { trainer.train(bad); }, {"sequence_2", "no inputs"});
}

}  // namespace
}  // namespace rnnlib
