// SPDX-License-Identifier: Apache-2.0
// Raw inputs and targets: every door that is told that they are raw computes, to the bit, what normalised ones give.
#include "rnnlib/normalisation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "engine_fixture.h"
#include "expect_error.h"
#include "rnnlib/c_handle.h"
#include "rnnlib/error.h"
#include "rnnlib/gradient_check.h"
#include "rnnlib/save.h"
#include "rnnlib/stream.h"
#include "rnnlib/trainer.h"
#include "rnnlib/workspace.h"

namespace rnnlib {
namespace {

using namespace testing_engine;

const Scale kInputs{{0.5, -3.25}, {1.7, 0.0}};
const Scale kTargets{{50, -1, 0}, {9, 0, 0.1}};

RunOptions raw_options() {
  RunOptions options;
  options.raw = true;
  return options;
}

// What must come of raw numbers, written out.
std::vector<float> normal(const float* values, Index rows, const Scale& scale) {
  std::vector<float> result;
  for (Index i = 0; i < rows; ++i) {
    for (std::size_t k = 0; k < scale.means.size(); ++k) {
      const double std = scale.stds[k] == 0 ? 1 : scale.stds[k];
      result.push_back(static_cast<float>((static_cast<double>(*values++) - scale.means[k]) / std));
    }
  }
  return result;
}

// Sequences and the same as the network expects them.
struct Both {
  explicit Both(const Network& network, const std::vector<Shape>& shapes) : raw(network, shapes) {
    for (const Sequence& given : raw.all()) {
      inputs.push_back(normal(given.inputs(), num_points(given.shape()), kInputs));
      patterns.emplace_back();
      Sequence sequence = given;
      sequence.set_inputs(inputs.back(), given.shape(), given.input_size());
      if (given.target_patterns() != nullptr) {
        patterns.back() = normal(given.target_patterns(), given.target_length(), kTargets);
        sequence.set_target_patterns(patterns.back(), given.target_size());
      }
      made.push_back(sequence);
    }
  }
  TestSequences raw;
  std::deque<std::vector<float>> inputs;
  std::deque<std::vector<float>> patterns;
  std::vector<Sequence> made;
};

Network normalised_network(const std::string& task, Precision precision, const Keys& more = {}) {
  Keys keys{{"task", task}, {"hiddenSize", "3"}};
  keys.insert(keys.end(), more.begin(), more.end());
  Network network = make_network(make_spec(keys, {1, 2, 3, 3}), precision);
  network.set_normalisation({kInputs, kTargets});
  return network;
}

const std::vector<std::string> kTasks{"regression", "sequence_regression", "classification", "sequence_classification",
                                      "transcription"};

void expect_same(const std::vector<TraceVariable>& a, const std::vector<TraceVariable>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i].values, b[i].values) << a[i].name;
}

void expect_same_at_all_doors(Network& network, const Both& both) {
  const std::vector<Sequence>& raw = both.raw.all();
  for (std::size_t i = 0; i < raw.size(); ++i) {
    EXPECT_EQ(network.predict(raw, raw_options())[i].outputs, network.predict(both.made)[i].outputs);
    EXPECT_NE(network.predict(raw)[i].outputs, network.predict(both.made)[i].outputs);
  }
  EXPECT_EQ(network.gradient(raw, raw_options()).gradient, network.gradient(both.made).gradient);
  EXPECT_EQ(network.evaluate(raw, raw_options()).errors()[0].value, network.evaluate(both.made).errors()[0].value);
  const OutputCoordinates origin{Shape(network.output_shape(raw[0].shape()).size(), 0)};
  expect_same(network.trace(raw[0], raw_options()), network.trace(both.made[0]));
  expect_same(network.jacobian(raw[0], origin, raw_options()), network.jacobian(both.made[0], origin));
  GradientCheckOptions check;
  check.raw = true;
  EXPECT_EQ(check_gradient(network, raw[0], check).connections[0].largest_difference,
            check_gradient(network, both.made[0]).connections[0].largest_difference);
  Workspace workspace(network);
  workspace.set_raw(true);
  for (std::size_t i = 0; i < raw.size(); ++i) {
    EXPECT_EQ(workspace.predict(raw[i]).outputs, network.predict({both.made[i]})[0].outputs);
  }
  workspace.set_raw(false);
  EXPECT_EQ(workspace.predict(both.made[0]).outputs, network.predict({both.made[0]})[0].outputs);
}

TEST(Normalisation, RawSequencesAtEveryDoor) {
  for (const std::string& task : kTasks) {
    for (Precision precision : {Precision::kFloat, Precision::kDouble}) {
      SCOPED_TRACE(task);
      Network network = normalised_network(task, precision);
      expect_same_at_all_doors(network, Both(network, {{5}, {3}}));
    }
  }
}

TEST(Normalisation, TrainersTakeRawSequences) {
  for (const std::string& task : kTasks) {
    SCOPED_TRACE(task);
    const auto trained = [&](bool raw) {
      Network network = normalised_network(task, Precision::kDouble);
      const Both both(network, {{5}, {3}, {4}});
      TrainerOptions options;
      options.optimiser.learn_rate = 0.1;
      options.input_noise_dev = 0.1;
      options.run.raw = raw;
      Trainer trainer(network, options);
      trainer.begin_epoch(3);
      trainer.train(raw ? both.raw.all() : both.made);
      std::vector<double> result = network.weights();
      result.push_back(trainer.evaluate(raw ? both.raw.all() : both.made).errors()[0].value);
      return result;
    };
    EXPECT_EQ(trained(true), trained(false));
  }
}

TEST(Normalisation, StreamsTakeRawChunks) {
  const Network network =
      normalised_network("transcription", Precision::kFloat, {{"bidirectional", "false"}, {"inputBlock", "2"}});
  const Both both(network, {{9}});
  Stream raw(network);
  raw.set_raw(true);
  Stream plain(network);
  for (Index t = 0; t < 9; t += 3) {
    const StreamOutput& found = raw.push(both.raw[0].inputs() + 2 * t, 3, 2);
    EXPECT_EQ(found.outputs, plain.push(both.made[0].inputs() + 2 * t, 3, 2).outputs);
  }
  EXPECT_EQ(raw.finish().outputs, plain.finish().outputs);
}

TEST(Normalisation, InPlaceAndBack) {
  Network network = normalised_network("regression", Precision::kFloat);
  const Both both(network, {{4}});
  std::vector<float> inputs(both.raw[0].inputs(), both.raw[0].inputs() + 8);
  network.normalise(inputs.data(), 4, 2);
  EXPECT_EQ(inputs, both.inputs[0]);
  std::vector<double> outputs{1, 2, 3, -1, 0, 0.5};
  network.denormalise(outputs.data(), 2, 3);
  EXPECT_EQ(outputs, (std::vector<double>{59, 1, 3 * 0.1, 41, -1, 0.5 * 0.1}));
  expect_error<DataError>([&] { network.normalise(inputs.data(), 4, 1); },
                          {"1 numbers per point, the network expects 2"});
  expect_error<DataError>([&] { network.normalise(inputs.data(), -1, 2); }, {"-1 points"});
  expect_error<DataError>([&] { network.normalise(nullptr, 1, 2); }, {"no inputs"});
  expect_error<DataError>([&] { network.denormalise(outputs.data(), 2, 2); },
                          {"2 numbers per point, the network has 3"});
  network.set_normalisation({});
  network.normalise(inputs.data(), 4, 2);
  EXPECT_EQ(inputs, both.inputs[0]);  // there is nothing to do
}

TEST(Normalisation, RawSequencesAreCheckedBeforeTheyAreRead) {
  const Network network = normalised_network("regression", Precision::kFloat);
  const TestSequences good(network, {{4}});
  const std::vector<float> few(4, 0.5F);
  Sequence wrong = good[0];
  wrong.set_inputs(few, {4}, 1);
  Sequence wrong_target = good[0];
  wrong_target.set_target_patterns(few, 1);
  Workspace workspace(network);
  workspace.set_raw(true);
  const std::string said = "1 numbers per point, the network expects";
  expect_error<DataError>([&] { network.predict({wrong}, raw_options()); }, {said, "sequence_0"});
  expect_error<DataError>([&] { network.evaluate({wrong}, raw_options()); }, {said, "sequence_0"});
  expect_error<DataError>([&] { network.evaluate({wrong_target}, raw_options()); }, {said, "sequence_0"});
  expect_error<DataError>([&] { network.trace(wrong_target, raw_options()); }, {said, "sequence_0"});
  expect_error<DataError>([&] { workspace.predict(wrong); }, {said, "sequence_0"});
}

TEST(Normalisation, MustFitTheNetwork) {
  Network network = normalised_network("regression", Precision::kFloat);
  expect_error<DataError>([&] { network.set_normalisation({{{1}, {1}}, {}}); }, {"1 means", "2 inputs per point"});
  expect_error<DataError>([&] { network.set_normalisation({{{1, 2}, {1}}, {}}); }, {"1 standard deviations"});
  expect_error<DataError>([&] { network.set_normalisation({{}, {{1}, {1}}}); }, {"1 means", "3 targets per point"});
  for (double bad : {-1.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    expect_error<DataError>([&] { network.set_normalisation({{{1, 2}, {1, bad}}, {}}); },
                            {"NaN, infinite or negative"});
  }
  EXPECT_EQ(network.normalisation().inputs.means, kInputs.means);  // as it was
  EXPECT_TRUE(normalised_network("transcription", Precision::kFloat).normalisation().targets.empty());
}

TEST(Normalisation, IsPartOfSaves) {
  for (const std::string& task : kTasks) {
    const Network network = normalised_network(task, Precision::kFloat);
    Save save;
    store_network(network, save);
    const Network again = load_network(Save::parse(save.text(Precision::kFloat), "again"), Precision::kFloat);
    EXPECT_EQ(again.normalisation().inputs.means, kInputs.means);
    EXPECT_EQ(again.normalisation().inputs.stds, kInputs.stds);
    EXPECT_EQ(again.normalisation().targets.means, network.normalisation().targets.means);
    EXPECT_EQ(again.normalisation().targets.stds, network.normalisation().targets.stds);

    const Network plain = make_network(network.spec(), Precision::kFloat);
    store_network(plain, save);  // takes away what was there
    EXPECT_TRUE(saved_normalisation(save).empty());
  }
}

TEST(Normalisation, OfADamagedSaveIsAnError) {
  Save save;
  save.source = "bad.save";
  store_network(normalised_network("regression", Precision::kFloat), save);
  const Save good = save;
  save.values["trainer_inputMeans"] = "0.5 x";
  expect_error<FormatError>([&] { load_network(save, Precision::kFloat); },
                            {"bad.save", "trainer_inputMeans", "\"x\""});
  save = good;
  save.values["trainer_inputMeans"] = "0.5";
  expect_error<FormatError>([&] { load_network(save, Precision::kFloat); }, {"bad.save", "1 means"});
  save = good;
  save.values["trainer_targetPatternsStds"] = "1 1 -1";
  expect_error<FormatError>([&] { load_network(save, Precision::kFloat); }, {"bad.save", "negative"});
  for (const char* name : {"trainer_inputMeans", "trainer_inputStds", "trainer_targetPatternsStds"}) {
    save = good;
    save.values.erase(name);
    expect_error<FormatError>([&] { load_network(save, Precision::kFloat); }, {"bad.save", "but no", name});
  }
}

TEST(Normalisation, TheCInterfaceComputesTheSame) {
  auto network = std::make_shared<const Network>(
      normalised_network("regression", Precision::kFloat, {{"bidirectional", "false"}}));
  const Both both(*network, {{6}});
  const Index shape = 6;
  const Prediction expected = network->predict({both.made[0]})[0];
  rnnlib_network* handle = make_c_handle(network);
  rnnlib_workspace* workspace = nullptr;
  rnnlib_stream* stream = nullptr;
  rnnlib_prediction found;
  rnnlib_stream_output part;
  EXPECT_EQ(rnnlib_network_has_normalisation(handle), 1);
  EXPECT_EQ(rnnlib_network_has_normalisation(nullptr), 0);
  ASSERT_EQ(rnnlib_workspace_new(handle, &workspace), RNNLIB_OK);
  ASSERT_EQ(rnnlib_stream_new(handle, &stream), RNNLIB_OK);
  EXPECT_EQ(rnnlib_workspace_set_raw(nullptr, 1), RNNLIB_ERROR_ARGUMENT);
  EXPECT_EQ(rnnlib_stream_set_raw(nullptr, 1), RNNLIB_ERROR_ARGUMENT);
  const auto outputs = [&](const float* inputs) {
    EXPECT_EQ(rnnlib_workspace_run(workspace, inputs, 6, 2, &shape, 1, &found), RNNLIB_OK);
    return std::vector<double>(found.outputs, found.outputs + found.points * found.size);
  };
  EXPECT_EQ(outputs(both.made[0].inputs()), expected.outputs);
  EXPECT_EQ(rnnlib_workspace_set_raw(workspace, 1), RNNLIB_OK);
  EXPECT_EQ(outputs(both.raw[0].inputs()), expected.outputs);

  Stream same(*network);
  EXPECT_EQ(rnnlib_stream_set_raw(stream, 1), RNNLIB_OK);
  EXPECT_EQ(rnnlib_stream_push(stream, both.raw[0].inputs(), 6, 2, &part), RNNLIB_OK);
  EXPECT_EQ(std::vector<double>(part.outputs, part.outputs + part.points * part.size),
            same.push(both.made[0].inputs(), 6, 2).outputs);

  std::vector<float> inputs(both.raw[0].inputs(), both.raw[0].inputs() + 12);
  EXPECT_EQ(rnnlib_network_normalise(handle, inputs.data(), 6, 2), RNNLIB_OK);
  EXPECT_EQ(inputs, both.inputs[0]);
  EXPECT_EQ(rnnlib_network_normalise(handle, inputs.data(), 6, 3), RNNLIB_ERROR_DATA);
  EXPECT_EQ(rnnlib_network_normalise(handle, nullptr, 0, 2), RNNLIB_OK);
  EXPECT_EQ(rnnlib_network_normalise(handle, nullptr, 1, 2), RNNLIB_ERROR_ARGUMENT);
  EXPECT_EQ(rnnlib_network_normalise(handle, inputs.data(), -6, 2), RNNLIB_ERROR_DATA);
  std::vector<double> back = expected.outputs;
  std::vector<double> values = expected.outputs;
  network->denormalise(back.data(), 6, 3);
  EXPECT_EQ(rnnlib_network_denormalise(handle, values.data(), 6, 3), RNNLIB_OK);
  EXPECT_EQ(values, back);
  EXPECT_EQ(rnnlib_network_denormalise(handle, values.data(), 6, 2), RNNLIB_ERROR_DATA);
  rnnlib_workspace_free(workspace);
  rnnlib_stream_free(stream);
  rnnlib_network_free(handle);
}

}  // namespace
}  // namespace rnnlib
