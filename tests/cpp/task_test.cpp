// SPDX-License-Identifier: Apache-2.0
// The table of tasks, and what a network makes of each row.
#include "rnnlib/task.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "expect_error.h"
#include "loss/edit_distance.h"
#include "rnnlib/error.h"
#include "rnnlib/network.h"

namespace rnnlib {
namespace {

NetworkSpec spec_of(const TaskInfo& task, Index num_dims, Index num_labels = 3) {
  NetworkSpec spec;
  spec.task = task.task;
  spec.data.num_dims = num_dims;
  spec.data.input_size = 2;
  if (task.target == TargetKind::kPatterns) {
    spec.data.target_size = 3;
  } else {
    for (Index k = 0; k < num_labels; ++k) spec.data.labels.push_back("l" + std::to_string(k));
  }
  spec.bidirectional.assign(static_cast<std::size_t>(num_dims), true);
  spec.symmetry.assign(static_cast<std::size_t>(num_dims), false);
  spec.levels.resize(1);
  spec.levels[0].size = 3;
  return spec;
}

TEST(Tasks, HaveARowEachAndADistinctName) {
  std::set<std::string> names;
  for (const Task task : {Task::kRegression, Task::kSequenceRegression, Task::kClassification,
                          Task::kSequenceClassification, Task::kTranscription, Task::kDictionaryTranscription}) {
    const TaskInfo& row = task_info(task);
    EXPECT_EQ(row.task, task);
    EXPECT_EQ(find_task(row.name), &row);
    EXPECT_EQ(parse_task(to_string(task)), task);
    EXPECT_FALSE(row.variables.empty());
    EXPECT_FALSE(row.criteria.empty());
    names.insert(row.name);
  }
  EXPECT_EQ(names.size(), task_table().size());
  for (const std::string& name : unavailable_tasks()) {
    EXPECT_EQ(find_task(name), nullptr);
    expect_error<ConfigError>([&] { parse_task(name); }, {name, "not available"});
  }
  expect_error<ConfigError>([] { task_info(static_cast<Task>(99)); }, {"the task is none of those there are"});
}

TEST(Tasks, SayHowManyUnitsTheOutputHas) {
  DataHeader data;
  data.target_size = 7;
  data.labels = {"a", "b"};
  EXPECT_EQ(task_info(Task::kClassification).output_size(data), 1);
  EXPECT_EQ(task_info(Task::kTranscription).output_size(data), 3);
  EXPECT_EQ(task_info(Task::kRegression).output_size(data), 7);
  data.labels = {"a", "b", "c"};
  EXPECT_EQ(task_info(Task::kSequenceClassification).output_size(data), 3);
  EXPECT_EQ(task_info(Task::kSequenceRegression).output_size(data), 7);
}

TEST(Tasks, CollapseWhatTheirOutputHasNoDimensionFor) {
  const auto collapse = [](Task task, Index dims) { return task_info(task).collapse_of(dims); };
  EXPECT_EQ(collapse(Task::kTranscription, 1), Collapse::kNone);
  EXPECT_EQ(collapse(Task::kTranscription, 2), Collapse::kKeepFirstDim);
  EXPECT_EQ(collapse(Task::kSequenceClassification, 0), Collapse::kNone);
  EXPECT_EQ(collapse(Task::kSequenceRegression, 1), Collapse::kAll);
  EXPECT_EQ(collapse(Task::kClassification, 3), Collapse::kNone);
}

// Every row makes a network whose outputs, labels and errors are those that the row says.
TEST(Tasks, MakeNetworks) {
  for (const TaskInfo& task : task_table()) {
    for (const Index dims : {1, 2, 3}) {
      const NetworkSpec spec = spec_of(task, dims);
      Network network(spec, Precision::kDouble);
      Random random(5);
      network.randomise(random, 1);
      const Shape shape(static_cast<std::size_t>(dims), 4);
      const std::vector<float> inputs(static_cast<std::size_t>(2 * num_points(shape)), 0.5F);
      Sequence sequence;
      sequence.set_inputs(inputs, shape, 2);

      const Prediction found = network.predict({sequence}).front();
      EXPECT_EQ(static_cast<Index>(found.shape.size()), task.num_output_dims(dims)) << task.name;
      EXPECT_EQ(found.size, task.output_size(spec.data)) << task.name;
      const Index points = num_points(found.shape);
      if (task.decoder == DecoderType::kClasses) {
        EXPECT_EQ(static_cast<Index>(found.labels.size()), points);
      }
      EXPECT_EQ(found.positions.size(), task.has_positions() ? found.labels.size() : 0U) << task.name;

      const Index targets = task.per_point ? points : 1;
      const std::vector<float> patterns(static_cast<std::size_t>(targets * 3), 0.25F);
      const std::vector<std::int32_t> classes(static_cast<std::size_t>(targets), 1);
      if (task.target == TargetKind::kPatterns) {
        sequence.set_target_patterns(patterns, 3);
      } else {
        sequence.set_target(classes);
      }
      const Metrics metrics = network.evaluate({sequence});
      std::vector<std::string> errors = task.criteria;
      errors.insert(errors.end(), task.other_errors.begin(), task.other_errors.end());
      ASSERT_GE(metrics.errors().size(), errors.size()) << task.name;
      for (std::size_t i = 0; i < errors.size(); ++i) EXPECT_EQ(metrics.errors()[i].name, errors[i]);
      sequence.set_target(nullptr, 0);
      expect_error<DataError>([&] { network.evaluate({sequence}); }, {"task " + task.name, task.variables.front()});
    }
  }
}

// Sequences of random inputs with random targets: one per point, one for all, or a label for every third point.
struct RandomData {
  RandomData(const TaskInfo& task, Index count, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0, 2);
    std::uniform_int_distribution<std::int32_t> label(task.target == TargetKind::kClasses ? -1 : 0, 2);
    for (Index i = 0; i < count; ++i) {
      const Index points = 6 + i;
      inputs.emplace_back(static_cast<std::size_t>(2 * points));
      for (float& x : inputs.back()) x = normal(random);
      targets.emplace_back(static_cast<std::size_t>(task.per_point ? points : task.has_positions() ? points / 3 : 1));
      for (std::int32_t& target : targets.back()) target = label(random);
    }
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      Sequence sequence;
      sequence.set_inputs(inputs[i], {static_cast<Index>(inputs[i].size()) / 2}, 2);
      sequence.set_target(targets[i]);
      sequences.push_back(sequence);
    }
  }
  std::vector<std::vector<float>> inputs;
  std::vector<std::vector<std::int32_t>> targets;
  std::vector<Sequence> sequences;
};

Network random_network(const NetworkSpec& spec) {
  Network network(spec, Precision::kFloat);
  Random random(3);
  network.randomise(random, 1);
  return network;
}

TEST(ErrorCounts, CompareWhatPredictReadsWithTheTarget) {
  const TaskInfo& transcription = task_info(Task::kTranscription);
  const RandomData lines(transcription, 30, 1);
  const Network reader = random_network(spec_of(transcription, 1));
  Index distance = 0;
  const std::vector<Prediction> read = reader.predict(lines.sequences);
  for (std::size_t i = 0; i < read.size(); ++i) {
    std::vector<std::int32_t> cells;
    EditAlignment alignment;
    align_edits(lines.targets[i].data(), static_cast<Index>(lines.targets[i].size()), read[i].labels.data(),
                static_cast<Index>(read[i].labels.size()), cells, alignment);
    distance += alignment.distance();
  }
  EXPECT_GT(distance, 10);
  EXPECT_EQ(reader.evaluate(lines.sequences).find("labelError")->value, static_cast<double>(distance));

  for (const Task task : {Task::kClassification, Task::kSequenceClassification}) {
    for (const Index num_labels : {2, 3}) {
      const RandomData data(task_info(task), 30, 2);
      std::vector<Sequence> sequences;
      double expected = 0;
      const Network network = random_network(spec_of(task_info(task), 1, num_labels));
      for (std::size_t i = 0; i < data.sequences.size(); ++i) {
        const std::vector<std::int32_t>& targets = data.targets[i];
        if (*std::max_element(targets.begin(), targets.end()) >= num_labels) continue;
        sequences.push_back(data.sequences[i]);
        const Prediction found = network.predict({sequences.back()}).front();
        double wrong = 0;
        double all = 0;
        for (std::size_t t = 0; t < targets.size(); ++t) {
          all += targets[t] >= 0 ? 1 : 0;
          wrong += targets[t] >= 0 && found.labels[t] != targets[t] ? 1 : 0;
        }
        if (all > 0) expected += wrong / all;
      }
      ASSERT_FALSE(sequences.empty());
      EXPECT_NEAR(network.evaluate(sequences).find("classificationError")->value, expected, 1e-12);
    }
  }
}

}  // namespace
}  // namespace rnnlib
