// SPDX-License-Identifier: Apache-2.0
// The state of a training in saves.
#include <gtest/gtest.h>

#include "expect_error.h"
#include "rnnlib/error.h"
#include "rnnlib/trainer.h"
#include "save_fixture.h"

namespace rnnlib {
namespace {

using namespace testing_saves;

using Names = std::vector<std::string>;

// State with all different numbers, also of an epoch under way.
TrainerState counted(const Trainer& trainer) {
  TrainerState state = trainer.state();
  double next = 0.5;
  const auto count = [&](std::vector<StateVector>& vectors) {
    for (StateVector& vector : vectors) {
      for (double& value : vector.values) value = next++;
    }
  };
  count(state.vectors);
  state.updates = 17;
  if (!state.mdl) return state;
  count(state.mdl->vectors);
  for (double& dev : state.mdl->devs) dev = 0.25 * next++;
  for (double& cost : state.mdl->costs) cost = next++ / 3;
  return state;
}

void expect_same(const std::vector<StateVector>& found, const std::vector<StateVector>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(found[i].name, expected[i].name);
    EXPECT_EQ(found[i].values, expected[i].values);
  }
}

TEST(SaveTrainer, StateReadsBack) {
  for (const char* optimiser : {"steepest", "rprop", "rmsprop", "adam"}) {
    for (const char* mdl : {"false", "true"}) {
      Example example = make_2d_example(Precision::kFloat);
      example.config.set("optimiser", optimiser);
      example.config.set("mdl", mdl);
      Trainer trainer(example.network, make_trainer_options(example.config));
      const TrainerState state = counted(trainer);
      ASSERT_FALSE(state.vectors.empty());
      trainer.set_state(state);
      Save save = stored(example);
      store_trainer(trainer, example.network, save);

      const Save again = parse(save.text(Precision::kFloat));
      Network network = load_network(again, Precision::kFloat);
      Trainer resumed(network, make_trainer_options(again.config));
      EXPECT_EQ(restore_trainer(again, network, resumed), Names());
      const TrainerState found = resumed.state();
      EXPECT_EQ(found.updates, 17);
      EXPECT_EQ(found.noise_random, state.noise_random);
      expect_same(found.vectors, state.vectors);
      ASSERT_EQ(found.mdl.has_value(), state.mdl.has_value());
      EXPECT_FALSE(found.epoch.has_value());
      if (!state.mdl) continue;
      expect_same(found.mdl->vectors, state.mdl->vectors);
      EXPECT_EQ(found.mdl->devs, state.mdl->devs);
      EXPECT_EQ(found.mdl->costs, state.mdl->costs);
    }
  }
}

TEST(SaveTrainer, AnEpochUnderWayReadsBack) {
  Example example = make_2d_example(Precision::kDouble);
  example.config.set("batchLearn", "true");
  Trainer trainer(example.network, make_trainer_options(example.config));
  TrainerState state = trainer.state();
  EpochState epoch;
  epoch.sequences = 50;
  epoch.done = 40;
  epoch.pending = 40;
  epoch.seed = 0xfedcba9876543210ULL;
  epoch.sums = {1.25, 40, 0, -1, 1 / 3.0, 41};
  epoch.costs = {{"l1ErrorBits", 0.1, 1}, {"l2ErrorBits", 7, 1}};
  epoch.skipped = {{"two words, 100 %\xc3\xa9", 7, 3}, {"", 2, 1}};
  for (Index i = 0; i < example.network.num_weights(); ++i) epoch.gradient.push_back(static_cast<double>(i) / 7);
  state.epoch = epoch;
  trainer.set_state(state);
  Save save = stored(example);
  store_trainer(trainer, example.network, save);

  Save again = parse(save.text(Precision::kDouble));
  Trainer resumed(example.network, make_trainer_options(again.config));
  EXPECT_EQ(restore_trainer(again, example.network, resumed), Names());
  const TrainerState read = resumed.state();
  ASSERT_TRUE(read.epoch.has_value());
  const EpochState& found = *read.epoch;
  EXPECT_EQ(found.sequences, 50);
  EXPECT_EQ(found.done, 40);
  EXPECT_EQ(found.pending, 40);
  EXPECT_EQ(found.seed, epoch.seed);
  EXPECT_EQ(found.sums, epoch.sums);
  ASSERT_EQ(found.costs.size(), 2u);
  EXPECT_EQ(found.costs[0].name, "l1ErrorBits");
  EXPECT_EQ(found.costs[0].value, 0.1);
  ASSERT_EQ(found.skipped.size(), 2u);
  EXPECT_EQ(found.skipped[0].tag, epoch.skipped[0].tag);
  EXPECT_EQ(found.skipped[0].needed, 7);
  EXPECT_EQ(found.skipped[1].tag, "");
  EXPECT_EQ(found.gradient, epoch.gradient);

  // A save of a finished epoch has nothing of it.
  resumed.end_epoch();
  store_trainer(resumed, example.network, again);
  for (const auto& [name, value] : again.values) EXPECT_EQ(name.find("trainer_epochUnderWay"), std::string::npos);
  for (const auto& [name, values] : again.vectors) EXPECT_EQ(name.find("_gradient"), std::string::npos) << name;
}

TEST(SaveTrainer, ADamagedEpochIsRefused) {
  Example example = make_2d_example(Precision::kDouble);
  Trainer trainer(example.network, make_trainer_options(example.config));
  const auto expect_damaged = [&](const char* name, const char* value, const char* word) {
    Save save = stored(example);
    store_trainer(trainer, example.network, save);
    save.values["trainer_epochUnderWay"] = "50 40 0 123";
    save.values[name] = value;
    expect_error<FormatError>([&] { restore_trainer(save, example.network, trainer); }, {name, word});
  };
  expect_damaged("trainer_epochUnderWay", "50 40", "too soon");
  expect_damaged("trainer_epochUnderWay", "50 x 0 1", "\"x\"");
  expect_damaged("trainer_epochUnderWay", "50 60 0 1", "damaged");
  expect_damaged("trainer_runningErrors", "1 2 y", "\"y\"");
  expect_damaged("trainer_skipped", "tag 1", "too soon");
  expect_damaged("trainer_updates", "-3", "\"-3\"");
  expect_damaged("trainer_noiseRandom", "1:2", "random state");
  Save save = stored(example);
  save.values["trainer_epochUnderWay"] = "50 40 40 123";
  expect_error<FormatError>([&] { restore_trainer(save, example.network, trainer); }, {"gradient", "missing"});
  save.values["trainer_epochUnderWay"] = "50 40 0 123";
  save.values["trainer_runningErrors"] = "1 2 3";
  expect_error<FormatError>([&] { restore_trainer(save, example.network, trainer); }, {"sums of errors"});
}

TEST(SaveTrainer, AnotherOptimiserStartsAfresh) {
  Example example = make_2d_example(Precision::kDouble);
  Trainer rprop(example.network, make_trainer_options(example.config));
  Save save = stored(example);
  store_trainer(rprop, example.network, save);
  save.config.set("optimiser", "steepest");  // as laid over it on the command line
  Trainer steepest(example.network, make_trainer_options(save.config));
  const Values fresh = steepest.state().vectors.at(0).values;
  EXPECT_EQ(restore_trainer(save, example.network, steepest), Names{"optimiser"});
  EXPECT_EQ(steepest.state().vectors.at(0).values, fresh);
  store_trainer(steepest, example.network, save);
  EXPECT_EQ(save.values.at("trainer_optimiser"), "steepest");
  for (const auto& [name, values] : save.vectors) EXPECT_EQ(name.find("prevDerivs"), std::string::npos) << name;
}

TEST(SaveTrainer, RnnlibsStateIsOfTheOptimiserItWasSavedWith) {
  // RNNLIB does not name the optimiser, and writes state for connections that own no weights under symmetry.
  Example example = make_2d_example(Precision::kDouble);
  Trainer rprop(example.network, make_trainer_options(example.config));
  rprop.set_state(counted(rprop));
  Save save = stored(example);
  store_trainer(rprop, example.network, save);
  save.values.erase("trainer_optimiser");
  ASSERT_FALSE(example.network.shared_connections().empty());
  const std::string shared = example.network.shared_connections()[0].name;
  save.vectors["weightContainer_" + shared + "_weight_optimiser_deltas"] = {1, 2, 3};
  Save again = parse(save.text(Precision::kDouble));

  Trainer resumed(example.network, make_trainer_options(again.config));
  EXPECT_EQ(restore_trainer(again, example.network, resumed), Names());
  EXPECT_EQ(resumed.state().vectors.at(0).values, rprop.state().vectors.at(0).values);

  again.config.set("optimiser", "steepest");
  Trainer steepest(example.network, make_trainer_options(again.config));
  EXPECT_EQ(restore_trainer(again, example.network, steepest), Names{"optimiser"});
}

TEST(SaveTrainer, MissingStateStartsAfreshAndWrongStateIsRefused) {
  Example example = make_2d_example(Precision::kDouble);
  Trainer trainer(example.network, make_trainer_options(example.config));
  Save save = stored(example);
  EXPECT_EQ(restore_trainer(save, example.network, trainer), Names{"optimiser"});
  store_trainer(trainer, example.network, save);
  const std::string name = "weightContainer_bias_to_output_weight_optimiser_prevDerivs";
  save.vectors.at(name).push_back(0);
  expect_error<FormatError>([&] { restore_trainer(save, example.network, trainer); },
                            {name.c_str(), "expected 4", "found 5"});
  save.vectors.erase(name);
  EXPECT_EQ(restore_trainer(save, example.network, trainer), Names{"optimiser"});
}

TEST(SaveTrainer, MdlOfASaveWithoutItStartsAfresh) {
  Example example = make_2d_example(Precision::kDouble);
  Trainer trainer(example.network, make_trainer_options(example.config));
  Save save = stored(example);
  store_trainer(trainer, example.network, save);
  save.config.set("mdl", "true");
  Trainer noisy(example.network, make_trainer_options(save.config));
  EXPECT_EQ(restore_trainer(save, example.network, noisy), Names{"mdl"});
  store_trainer(noisy, example.network, save);
  save.config.set("mdlOptimiser", "adam");
  Trainer other(example.network, make_trainer_options(save.config));
  EXPECT_EQ(restore_trainer(save, example.network, other), Names{"mdlOptimiser"});
  EXPECT_EQ(other.state().mdl->devs, noisy.state().mdl->devs);
}

}  // namespace
}  // namespace rnnlib
