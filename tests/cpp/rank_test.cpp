// SPDX-License-Identifier: Apache-2.0
// Ranks that train a network together end with the bits of one process alone.
#include <gtest/gtest.h>

#include "expect_error.h"
#include "noise_fixture.h"
#include "rank_fixture.h"
#include "rnnlib/error.h"
#include "rnnlib/trainer.h"
#include "train/rank_messages.h"
#include "train/rank_rounds.h"

namespace rnnlib {
namespace {

using namespace testing_noise;
using namespace testing_ranks;

constexpr std::size_t kRoom = std::size_t{1} << 30;

std::vector<Shape> all_shapes(Index count) {
  std::vector<Shape> shapes;
  for (Index i = 0; i < count; ++i) shapes.push_back({3 + (i * 7) % 23});
  return shapes;
}

// All that two epochs leave behind, with a test after each.
struct Outcome {
  std::vector<double> weights;
  TrainerState state;
  std::vector<Metrics> errors;
  std::vector<std::string> skipped;
};

Outcome two_epochs(const NetworkSpec& spec, Precision precision, const TrainerOptions& options, Index count) {
  Network network = make_network(spec, precision);
  const TestSequences sequences(network, all_shapes(count));
  Trainer trainer(network, options);
  Outcome outcome;
  for (int epoch = 0; epoch < 2; ++epoch) {
    trainer.begin_epoch(count);
    trainer.train(sequences.range(0, static_cast<std::size_t>(count) / 3));
    trainer.train(sequences.range(static_cast<std::size_t>(count) / 3, static_cast<std::size_t>(count)));
    outcome.errors.push_back(trainer.finish_updates());
    std::vector<SkippedTarget> skipped;
    outcome.errors.push_back(trainer.evaluate(sequences.all(), &skipped));
    for (const SkippedTarget& target : skipped) outcome.skipped.push_back(target.tag);
    for (const SkippedTarget& target : trainer.skipped()) outcome.skipped.push_back(target.tag);
    outcome.state = trainer.state();  // within the epoch: sums and a batch's gradient, too
    trainer.end_epoch();
  }
  outcome.weights = network.weights();
  return outcome;
}

void expect_same(const Outcome& a, const Outcome& b) {
  EXPECT_EQ(a.weights, b.weights);
  EXPECT_EQ(a.skipped, b.skipped);
  ASSERT_EQ(a.errors.size(), b.errors.size());
  for (std::size_t i = 0; i < a.errors.size(); ++i) expect_same_bits(a.errors[i], b.errors[i]);
  ASSERT_EQ(a.state.vectors.size(), b.state.vectors.size());
  for (std::size_t i = 0; i < a.state.vectors.size(); ++i) {
    EXPECT_EQ(a.state.vectors[i].values, b.state.vectors[i].values);
  }
  EXPECT_EQ(a.state.noise_random, b.state.noise_random);
  EXPECT_EQ(a.state.epoch->sums, b.state.epoch->sums);
  EXPECT_EQ(a.state.epoch->done, b.state.epoch->done);
  ASSERT_EQ(a.state.mdl.has_value(), b.state.mdl.has_value());
  if (a.state.mdl) {
    EXPECT_EQ(a.state.mdl->devs, b.state.mdl->devs);
  }
}

void expect_same_on_ranks(const NetworkSpec& spec, TrainerOptions options, Index count, std::size_t kept = kRoom,
                          Precision precision = Precision::kFloat) {
  const Outcome alone = two_epochs(spec, precision, options, count);
  for (int size : {2, 3, 5}) {
    std::vector<Outcome> found(static_cast<std::size_t>(size));
    on_ranks(size, kept, [&](const std::shared_ptr<RankGroup>& group) {
      TrainerOptions own = options;
      own.ranks = group;
      own.run.threads = 1 + group->rank() % 2;
      found[static_cast<std::size_t>(group->rank())] = two_epochs(spec, precision, own, count);
    });
    for (const Outcome& outcome : found) expect_same(outcome, alone);
  }
}

NetworkSpec wide_spec() {
  return make_spec({{"task", "transcription"}, {"hiddenSize", "3,4"}, {"subsampleSize", "5"}}, {1});
}

TrainerOptions updates_of(Index sequences, OptimiserType type = OptimiserType::kAdam) {
  TrainerOptions options;
  options.optimiser.type = type;
  options.optimiser.learn_rate = 0.01;
  options.seqs_per_update = std::max<Index>(1, sequences);
  options.batch_learn = sequences == 0;
  options.max_gradient_norm = 2;
  return options;
}

TEST(Ranks, GiveTheBitsOfOneProcess) {
  for (Index group : {0, 1, 30}) {
    for (const NetworkSpec& spec : {wide_spec(), two_levels()}) expect_same_on_ranks(spec, updates_of(group), 90);
  }
  expect_same_on_ranks(wide_spec(), updates_of(0, OptimiserType::kRprop), 140, kRoom, Precision::kDouble);
}

// More weights than a message holds.
TEST(Ranks, GiveTheSameBitsInManyMessages) {
  const NetworkSpec spec = make_spec({{"task", "transcription"}, {"hiddenSize", "110"}}, {1});
  ASSERT_GT(make_network(spec, Precision::kFloat).num_weights(), 1 << 16);
  expect_same_on_ranks(spec, updates_of(30), 30);
}

// Batches of several chunks of 64 sequences, in rounds of their own where weights are tied, or where there is no room.
TEST(Ranks, GiveTheSameBitsInManyRounds) {
  expect_same_on_ranks(two_levels(), updates_of(0, OptimiserType::kRprop), 400);
  expect_same_on_ranks(wide_spec(), updates_of(0, OptimiserType::kRprop), 400, 1);
  expect_same_on_ranks(wide_spec(), updates_of(150), 300, 1);
}

TEST(Ranks, GiveTheSameBitsWithNoise) {
  TrainerOptions options = noisy_options();
  for (Index group : {0, 7}) {
    options.batch_learn = group == 0;
    options.seqs_per_update = std::max<Index>(1, group);
    for (std::size_t kept : {std::size_t{1}, kRoom}) expect_same_on_ranks(two_levels(), options, 20, kept);
  }
  options.test_distortions = true;
  options.mdl.reset();
  expect_same_on_ranks(two_levels(), options, 20);
}

TEST(Ranks, GiveTheSameBitsWithAugmentationThatChangesShapes) {
  TrainerOptions options = updates_of(40);
  options.augmentation.speed = 0.4;
  options.augmentation.time_warp = 0.3;
  options.augmentation.noise = 0.2;
  options.dropout = 0.3;
  options.input_noise_dev = 0.1;
  expect_same_on_ranks(wide_spec(), options, 90);
}

// With so much room for gradients and so many sequences per update.
void expect_the_same_reports(std::size_t room, Index per_update) {
  std::vector<std::vector<Index>> reports(3);
  on_ranks(3, room, [&](const std::shared_ptr<RankGroup>& group) {
    TrainerOptions options = updates_of(per_update);
    options.ranks = group;
    Network network = make_network(wide_spec(), Precision::kFloat);
    const TestSequences sequences(network, all_shapes(15 * per_update));
    Trainer trainer(network, options);
    trainer.begin_epoch(15 * per_update);
    std::vector<Index>& own = reports[static_cast<std::size_t>(group->rank())];
    own.push_back(trainer.train(sequences.all(), [&](Index done, const Metrics&) {
      own.push_back(done);
      std::this_thread::sleep_for(std::chrono::milliseconds(110));
      return own.size() < 3;
    }));
  });
  EXPECT_EQ(reports[0].size(), 4U);
  EXPECT_EQ(reports[0].back(), reports[0][2]);
  EXPECT_EQ(reports[0], reports[1]);
  EXPECT_EQ(reports[0], reports[2]);
}

TEST(Ranks, AllReportAfterTheSameUpdate) { expect_the_same_reports(kRoom, 4); }

TEST(Ranks, AllReportAfterAnUpdateOfSeveralRounds) { expect_the_same_reports(1, 40); }

// A rank whose exchange fails, since another has gone, can still store what it had before the update.
class Deserted : public RankGroup {
 public:
  int rank() const override { return 1; }
  int size() const override { return 2; }
  std::vector<std::string> exchange(const std::string& own) override {
    if (exchanges_++ == 2) throw IoError("nobody answers");
    return {pack_errors({}, false), own};
  }
  void receive(void*, std::size_t) override {}
  void send(const void*, std::size_t) override {}
  void broadcast(void*, std::size_t, int) override {}

 private:
  int exchanges_ = 0;
};

TEST(Ranks, ADesertedOneKeepsWhatItHadBefore) {
  for (bool batch : {false, true}) {
    // One shard per update (or chunk), in the middle of the points: all the work is rank 1's.
    TrainerOptions options = updates_of(batch ? 0 : 1);
    options.ranks = std::make_shared<Deserted>();
    Network network = make_network(wide_spec(), Precision::kFloat);
    const TestSequences sequences(network, all_shapes(4));
    Trainer trainer(network, options);
    trainer.begin_epoch(4);
    trainer.train(sequences.one(0));
    trainer.train(sequences.one(1));
    const std::vector<double> weights = network.weights();
    const TrainerState before = trainer.state();
    expect_error<IoError>([&] { trainer.train(sequences.one(2)); }, {"nobody answers"});
    ASSERT_TRUE(trainer.may_store());
    EXPECT_EQ(trainer.state().epoch->sums, before.epoch->sums);
    EXPECT_EQ(trainer.state().epoch->gradient, before.epoch->gradient);
    EXPECT_EQ(trainer.state().epoch->pending, before.epoch->pending);
    EXPECT_EQ(network.weights(), weights);
  }
}

TEST(Ranks, AnErrorOfOneIsThrownThere) {
  expect_error<DataError>(
      [] {
        on_ranks(2, kRoom, [](const std::shared_ptr<RankGroup>& group) {
          TrainerOptions options = updates_of(8);
          options.ranks = group;
          Network network = make_network(wide_spec(), Precision::kFloat);
          const TestSequences sequences(network, all_shapes(8));
          std::vector<Sequence> all = sequences.all();
          if (group->rank() == 1) all[7].set_inputs(nullptr, all[7].shape(), all[7].input_size());
          Trainer trainer(network, options);
          trainer.begin_epoch(8);
          trainer.train(all);
        });
      },
      {"sequence_7", "no inputs"});
}

TEST(Ranks, ShareARoundByPoints) {
  const Network network = make_network(wide_spec(), Precision::kFloat);
  const TestSequences sequences(network, {{100}, {10}, {10}, {10}, {10}, {60}});
  const std::vector<Round> rounds = make_pass_rounds({0, 6}, 100);
  ASSERT_EQ(rounds.size(), 1U);
  EXPECT_EQ(share_round(rounds[0], sequences.all(), 1), (std::vector<Index>{0, 6}));
  EXPECT_EQ(share_round(rounds[0], sequences.all(), 2), (std::vector<Index>{0, 1, 6}));
  EXPECT_EQ(share_round(rounds[0], sequences.all(), 4).front(), 0);
  EXPECT_EQ(share_round(rounds[0], sequences.all(), 9).back(), 6);
  EXPECT_EQ(make_pass_rounds({0, 6}, 4).size(), 2U);
}

TEST(Ranks, MessagesHoldWhatWasPacked) {
  std::vector<SequenceErrors> errors(2);
  errors[0].items = {{0, 0.1, 1}, {3, -2.5, 7}};
  errors[1].skipped = true;
  errors[1].needed = 9;
  errors[1].available = 4;
  std::vector<SequenceErrors> found;
  EXPECT_TRUE(unpack_errors(pack_errors(errors, true), found));
  EXPECT_FALSE(unpack_errors(pack_errors({}, false), found));
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].items[1].value, -2.5);
  EXPECT_EQ(found[0].items[1].id, 3);
  EXPECT_TRUE(found[1].skipped);
  EXPECT_EQ(found[1].needed, 9);
  const std::string bytes = pack_errors(errors, true);
  expect_error<DataError>([&] { unpack_errors(bytes.substr(0, bytes.size() - 1), found); }, {"too early"});
}

}  // namespace
}  // namespace rnnlib
