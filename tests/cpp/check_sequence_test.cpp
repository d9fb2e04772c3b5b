// SPDX-License-Identifier: Apache-2.0
// Every way into the engine refuses arrays of other sizes than the network's before it reads them. Arrays are of
// exactly the sizes given, so that the address sanitizer would see a read outside.
#include <gtest/gtest.h>

#include <functional>

#include "engine_fixture.h"
#include "expect_error.h"
#include "rnnlib/error.h"
#include "rnnlib/gradient_check.h"
#include "rnnlib/stream.h"
#include "rnnlib/trainer.h"
#include "rnnlib/workspace.h"

namespace rnnlib {
namespace {

using namespace testing_engine;

// A way to run a sequence.
struct Door {
  std::string name;
  bool reads_targets;
  std::function<void(Network&, const Sequence&)> enter;
};

Door trainer_door(const std::string& name, const TrainerOptions& options, bool evaluate = false) {
  return {name, true, [options, evaluate](Network& network, const Sequence& sequence) {
            Trainer trainer(network, options);
            trainer.begin_epoch(1);
            if (evaluate) {
              trainer.evaluate({sequence});
            } else {
              trainer.train({sequence});
            }
          }};
}

std::vector<Door> doors() {
  TrainerOptions noisy;
  noisy.input_noise_dev = 0.1;
  noisy.test_distortions = true;
  TrainerOptions distorted;
  distorted.weight_distortion = 0.1;
  return {
      {"predict", false, [](Network& n, const Sequence& s) { n.predict({s}); }},
      {"jacobian", false, [](Network& n, const Sequence& s) { n.jacobian(s, {Shape(n.output_shape({4}).size(), 0)}); }},
      {"workspace", false, [](Network& n, const Sequence& s) { Workspace(n).predict(s); }},
      {"evaluate", true, [](Network& n, const Sequence& s) { n.evaluate({s}); }},
      {"gradient", true, [](Network& n, const Sequence& s) { n.gradient({s}); }},
      {"trace", true, [](Network& n, const Sequence& s) { n.trace(s); }},
      {"check_gradient", true, [](Network& n, const Sequence& s) { check_gradient(n, s); }},
      trainer_door("train", {}),
      trainer_door("train with input noise", noisy),
      trainer_door("train with weights of its own", distorted),
      trainer_door("trainer's evaluate", {}, true),
      trainer_door("trainer's evaluate with noise", noisy, true),
  };
}

struct Case {
  std::string task;
  Index target_size;
};

std::vector<Case> cases() {
  return {{"regression", 3},
          {"sequence_regression", 3},
          {"classification", 0},
          {"sequence_classification", 0},
          {"transcription", 0}};
}

constexpr Index kInputs = 5;
const Shape kShape = {4};

Network network_for(const Case& one) {
  return make_network(make_spec({{"task", one.task}, {"hiddenSize", "2"}}, {1, kInputs, 3, 3}));
}

// All doors say `parts`; those that do not look at targets do not mind, where only these are wrong.
void expect_refused(const Case& one, const Sequence& sequence, bool of_targets, const std::vector<std::string>& parts) {
  for (const Door& door : doors()) {
    SCOPED_TRACE(one.task + ": " + door.name);
    Network network = network_for(one);
    const std::vector<double> weights = network.weights();
    if (of_targets && !door.reads_targets) {
      door.enter(network, sequence);
    } else {
      expect_error<DataError>([&] { door.enter(network, sequence); }, parts);
    }
    EXPECT_EQ(network.weights(), weights);
  }
}

TEST(CheckSequence, InputsOfAnotherSizeAreRefusedAtEveryDoor) {
  for (const Case& one : cases()) {
    const TestSequences good(network_for(one), {kShape});
    for (Index size : {0, 1, 4, 6, 100}) {
      const std::vector<float> inputs(static_cast<std::size_t>(4 * size), 0.5F);
      Sequence sequence = good[0];
      const float none = 0;
      sequence.set_inputs(size == 0 ? &none : inputs.data(), kShape, size);
      expect_refused(one, sequence, false,
                     {"sequence 'sequence_0'",
                      "inputs have " + std::to_string(size) + " numbers per point, the network expects 5"});
    }
    Sequence never_set;
    never_set.set_tag("nothing");
    expect_refused(one, never_set, false, {"sequence 'nothing'", "no inputs"});
  }
}

TEST(CheckSequence, OfSeveralSequencesTheWrongOneIsNamed) {
  for (const Case& one : cases()) {
    const Network network = network_for(one);
    const TestSequences good(network, {kShape, {3}, {2}});
    std::vector<Sequence> sequences = good.all();
    const std::vector<float> inputs(12, 0.5F);
    sequences[1].set_inputs(inputs, {3}, 4);
    const std::vector<std::string> parts = {"sequence 'sequence_1' (number 1)", "4 numbers per point"};
    expect_error<DataError>([&] { network.predict(sequences); }, parts);
    expect_error<DataError>([&] { network.evaluate(sequences); }, parts);
    expect_error<DataError>([&] { network.gradient(sequences); }, parts);
  }
}

TEST(CheckSequence, RealTargetsOfAnotherSizeAreRefused) {
  for (const Case& one : {cases()[0], cases()[1]}) {
    const TestSequences good(network_for(one), {kShape});
    const Index rows = good[0].target_length();
    for (Index size : {0, 1, 2, 4, 50}) {
      const std::vector<float> patterns(static_cast<std::size_t>(rows * size), 0.5F);
      const float none = 0;
      Sequence sequence = good[0];
      sequence.set_target_patterns(size == 0 ? &none : patterns.data(), rows, size);
      expect_refused(one, sequence, true,
                     {"sequence 'sequence_0'",
                      "targets have " + std::to_string(size) + " numbers per point, the network expects 3"});
    }
  }
}

TEST(CheckSequence, TargetsOfAnotherLengthAreRefused) {
  for (const Case& one : cases()) {
    if (one.task == "transcription") continue;  // any length may be
    const TestSequences good(network_for(one), {kShape});
    const Index length = good[0].target_length();
    for (Index wrong : {length - 1, length + 1, Index{-1}, 10 * length}) {
      const std::size_t n = static_cast<std::size_t>(std::max<Index>(wrong, 1));
      const std::vector<float> patterns(n * 3, 0.5F);
      const std::vector<std::int32_t> classes(n, 1);
      Sequence sequence = good[0];
      if (one.target_size > 0) {
        sequence.set_target_patterns(patterns.data(), wrong, 3);
      } else {
        sequence.set_target(classes.data(), wrong);
      }
      expect_refused(one, sequence, true, {"sequence 'sequence_0'", std::to_string(wrong)});
    }
  }
}

TEST(CheckSequence, TargetsOfTheOtherKindAreRefused) {
  for (const Case& one : cases()) {
    const TestSequences good(network_for(one), {kShape});
    const std::vector<float> patterns(12, 0.5F);
    const std::vector<std::int32_t> classes(4, 1);
    Sequence sequence = good[0];
    if (one.target_size > 0) {
      sequence.set_target(classes);
      expect_refused(one, sequence, true, {"sequence 'sequence_0'", "targets are labels"});
    } else {
      sequence.set_target_patterns(patterns, 3);
      expect_refused(one, sequence, true, {"sequence 'sequence_0'", "targets are real numbers"});
    }
  }
}

TEST(CheckSequence, ImportanceOfAnotherLengthIsRefused) {
  for (const Case& one : cases()) {
    const TestSequences good(network_for(one), {kShape});
    const Index length = one.task == "transcription" ? 1 : good[0].target_length();
    for (Index wrong : {Index{0}, length - 1, length + 1}) {
      if (wrong == 0 && length == 1) continue;
      const std::vector<float> importance(static_cast<std::size_t>(wrong + 1), 1.0F);
      Sequence sequence = good[0];
      sequence.set_importance(importance.data(), wrong);
      expect_refused(one, sequence, true, {"sequence 'sequence_0'", "importance has " + std::to_string(wrong)});
    }
  }
}

TEST(CheckSequence, StreamsRefuseInputsOfAnotherSize) {
  const Network network = make_network(
      make_spec({{"task", "transcription"}, {"hiddenSize", "2"}, {"bidirectional", "false"}}, {1, kInputs}));
  const TestSequences good(network, {{6}});
  Stream stream(network);
  std::vector<double> outputs = stream.push(good[0].inputs(), 3, kInputs).outputs;
  for (Index size : {-1, 0, 1, 4, 6, 100}) {
    const std::vector<float> inputs(static_cast<std::size_t>(std::max<Index>(3 * size, 1)), 0.5F);
    expect_error<DataError>([&] { stream.push(inputs.data(), 3, size); },
                            {"inputs have " + std::to_string(size) + " numbers per point, the network expects 5"});
  }
  const std::vector<double>& rest = stream.push(good[0].inputs() + 3 * kInputs, 3, kInputs).outputs;  // it goes on
  outputs.insert(outputs.end(), rest.begin(), rest.end());
  EXPECT_LT(largest_difference(outputs, network.predict(good.all())[0].outputs), 1e-14);
}

TEST(CheckSequence, VectorsMustHoldWhatTheirSizesSay) {
  Sequence sequence;
  sequence.set_tag("short");
  const std::vector<float> inputs(11, 0.5F);
  expect_error<DataError>([&] { sequence.set_inputs(inputs, {4}, 3); },
                          {"sequence 'short': inputs are 11 numbers, the shape is 4 with 3 numbers per point"});
  expect_error<DataError>([&] { sequence.set_inputs(inputs, {Index{1} << 62, Index{1} << 62}, 3); }, {"11 numbers"});
  expect_error<DataError>([&] { sequence.set_inputs(inputs, {0}, 3); }, {"11 numbers"});
  expect_error<DataError>([&] { sequence.set_target_patterns(inputs, 2); }, {"11 numbers", "rows of 2"});
  expect_error<DataError>([&] { sequence.set_target_patterns(inputs, 0); }, {"rows of 0"});
  sequence.set_inputs(inputs, {11}, 1);
  EXPECT_EQ(sequence.inputs(), inputs.data());
  sequence.set_target(nullptr, 0);
  EXPECT_FALSE(sequence.has_target());
  const std::vector<std::int32_t> nothing;
  sequence.set_target(nothing);  // an empty text is a target, too
  EXPECT_TRUE(sequence.has_target());
}

}  // namespace
}  // namespace rnnlib
