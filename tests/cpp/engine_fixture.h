// SPDX-License-Identifier: Apache-2.0
// Networks and sequences for the engine's tests: specs from config keys, weights and data from our own generator.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "rnnlib/cell_info.h"
#include "rnnlib/config.h"
#include "rnnlib/network.h"

namespace rnnlib::testing_engine {

using Keys = std::vector<std::pair<std::string, std::string>>;

// Every type of hidden unit that there is.
inline std::vector<HiddenType> hidden_types() {
  std::vector<HiddenType> types;
  for (const HiddenTypeName& row : hidden_type_names()) {
    if (types.empty() || types.back() != row.type) types.push_back(row.type);
  }
  return types;
}

struct DataSizes {
  Index dims = 1;
  Index inputs = 2;
  Index labels = 3;
  Index targets = 2;
};

inline NetworkSpec make_spec(const Keys& keys, const DataSizes& sizes) {
  Config config;
  for (const auto& [key, value] : keys) config.set(key, value);
  DataHeader header;
  header.num_dims = sizes.dims;
  header.input_size = sizes.inputs;
  header.target_size = sizes.targets;
  for (Index i = 0; i < sizes.labels; ++i) header.labels.push_back(std::string(1, static_cast<char>('a' + i)));
  return make_network_spec(config, header);
}

inline Network make_network(const NetworkSpec& spec, Precision precision = Precision::kDouble, double range = 0.8) {
  Network network(spec, precision);
  Random random(7);
  network.randomise(random, range);
  return network;
}

inline Network with_weights(const NetworkSpec& spec, Precision precision, const std::vector<double>& weights) {
  Network network(spec, precision);
  network.set_weights(weights);
  return network;
}

// Sequences with random inputs and targets that fit a network, with the arrays they point to.
class TestSequences {
 public:
  TestSequences(const Network& network, const std::vector<Shape>& shapes, unsigned seed = 1) : random_(seed) {
    for (const Shape& shape : shapes) add(network, shape);
  }
  TestSequences(TestSequences&&) = default;

  const std::vector<Sequence>& all() const { return sequences_; }
  const Sequence& operator[](std::size_t i) const { return sequences_[i]; }
  std::vector<Sequence> one(std::size_t i) const { return {sequences_[i]}; }
  std::vector<Sequence> range(std::size_t first, std::size_t last) const {
    return {sequences_.begin() + static_cast<std::ptrdiff_t>(first),
            sequences_.begin() + static_cast<std::ptrdiff_t>(last)};
  }
  std::vector<float>& inputs(std::size_t i) { return inputs_[i]; }
  std::vector<std::int32_t>& target(std::size_t i) { return targets_[i]; }

 private:
  std::vector<float> reals(Index n) {
    std::vector<float> values(static_cast<std::size_t>(n));
    for (float& value : values) value = static_cast<float>(random_.normal());
    return values;
  }
  std::int32_t label(Index lowest, Index num_labels) {
    const Index choices = num_labels - lowest;
    return static_cast<std::int32_t>(lowest + static_cast<Index>(random_.below(static_cast<std::uint64_t>(choices))));
  }

  void add(const Network& network, const Shape& shape) {
    const NetworkSpec& spec = network.spec();
    const Index num_labels = static_cast<Index>(spec.data.labels.size());
    const Shape output = network.output_shape(shape);
    const Index points = num_points(output);
    Sequence sequence;
    sequence.set_tag("sequence_" + std::to_string(sequences_.size()));
    inputs_.push_back(reals(num_points(shape) * spec.data.input_size));
    patterns_.push_back({});
    targets_.push_back({});
    std::vector<std::int32_t>& target = targets_.back();
    switch (spec.task) {
      case Task::kRegression:
      case Task::kSequenceRegression:
        patterns_.back() = reals(points * spec.data.target_size);
        sequence.set_target_patterns(patterns_.back(), spec.data.target_size);
        break;
      case Task::kClassification:
        for (Index i = 0; i < points; ++i) target.push_back(label(-1, num_labels));
        target[0] = label(0, num_labels);
        break;
      case Task::kSequenceClassification:
        target.push_back(label(0, num_labels));
        break;
      case Task::kTranscription:
      case Task::kDictionaryTranscription:
        for (Index i = 0; i < (points + 1) / 2; ++i) {
          std::int32_t next = label(0, num_labels);
          if (i > 0 && next == target.back()) next = static_cast<std::int32_t>((next + 1) % num_labels);
          target.push_back(next);
        }
        break;
    }
    if (!target.empty()) sequence.set_target(target);
    const bool per_point = spec.task == Task::kRegression || spec.task == Task::kClassification;
    if (per_point) sequence.set_target_shape(output);
    sequence.set_inputs(inputs_.back(), shape, spec.data.input_size);
    sequences_.push_back(sequence);
  }

  Random random_;
  std::deque<std::vector<float>> inputs_;
  std::deque<std::vector<float>> patterns_;
  std::deque<std::vector<std::int32_t>> targets_;
  std::vector<Sequence> sequences_;
};

struct NetworkCase {
  std::string name;
  NetworkSpec spec;
  std::vector<Shape> shapes;  // of different sequences
};

// The networks of varied_cases().
struct CaseList {
  // Of different sequences in 0 to 4 dimensions.
  const std::vector<std::vector<Shape>> shapes{
      {{}, {}, {}}, {{4}, {1}, {6}}, {{3, 2}, {1, 4}, {4, 3}}, {{2, 3, 2}, {1, 1, 1}, {3, 1, 2}}, {{2, 1, 3, 2}}};
  std::vector<NetworkCase> cases;

  void add(const std::string& name, const Keys& keys, const DataSizes& sizes, const std::vector<Shape>& sequences) {
    cases.push_back({name, make_spec(keys, sizes), sequences});
  }
};

// Every task in every number of dimensions; several levels.
inline void add_task_cases(CaseList& list) {
  for (const char* task :
       {"regression", "sequence_regression", "classification", "sequence_classification", "transcription"}) {
    for (Index dims = 0; dims <= 4; ++dims) {
      const std::string name = std::string(task) + " " + std::to_string(dims) + "-D";
      list.add(name, {{"task", task}, {"hiddenSize", "2"}}, {dims}, list.shapes[static_cast<std::size_t>(dims)]);
    }
  }
  for (const char* task : {"classification", "sequence_classification"}) {
    list.add(std::string(task) + " of two", {{"task", task}, {"hiddenSize", "2"}}, {1, 2, 2}, list.shapes[1]);
  }
  list.add("one label", {{"task", "transcription"}, {"hiddenSize", "2"}}, {1, 2, 1}, {{1}, {2}});
  list.add("levels gathered",
           {{"task", "classification"}, {"hiddenSize", "2,1,3"}, {"hiddenType", "lstm,tanh,logistic"}}, {2},
           list.shapes[2]);
  list.add("not recurrent",
           {{"task", "regression"},
            {"hiddenSize", "2,3,2"},
            {"hiddenType", "softsign,linear_lstm,identity"},
            {"recurrent", "false"}},
           {1}, list.shapes[1]);
}

// Blocks and subsampling.
inline void add_block_cases(CaseList& list) {
  list.add("input block", {{"task", "sequence_classification"}, {"hiddenSize", "2"}, {"inputBlock", "2,3"}}, {2, 1},
           {{5, 4}, {1, 1}, {4, 6}});
  list.add("blocks gathered", {{"task", "regression"}, {"hiddenSize", "2,2"}, {"hiddenBlock", "2,3"}}, {2},
           {{5, 4}, {1, 1}, {4, 3}});
  for (const char* type : {"tanh", "softsign", "logistic", "identity"}) {
    for (const char* bias : {"false", "true"}) {
      list.add(std::string("subsample ") + type + " bias " + bias,
               {{"task", "transcription"},
                {"hiddenSize", "2,2"},
                {"hiddenBlock", "2,2"},
                {"subsampleSize", "3"},
                {"subsampleType", type},
                {"subsampleBias", bias}},
               {2}, {{7, 3}, {1, 1}, {4, 4}});
    }
  }
  list.add(
      "subsample without block",
      {{"task", "transcription"}, {"hiddenSize", "2,2"}, {"subsampleSize", "2"}, {"hiddenType", "tanh,softsign_lstm"}},
      {1}, list.shapes[1]);
  list.add("Arabic offline in small",
           {{"task", "transcription"},
            {"inputBlock", "2,2"},
            {"hiddenSize", "1,2,3"},
            {"subsampleSize", "2,3"},
            {"hiddenBlock", "2,1;1,2"}},
           {2, 1}, {{9, 5}, {4, 4}, {3, 1}});
  list.add("pooled", {{"task", "regression"}, {"hiddenSize", "2,2"}, {"poolSize", "2,3;2,1"}}, {2},
           {{5, 4}, {1, 1}, {4, 3}});
  list.add("pooled, blocked and subsampled",
           {{"task", "transcription"},
            {"hiddenSize", "2,2,2"},
            {"poolSize", "1,2;2,1"},
            {"hiddenBlock", "2,1"},
            {"subsampleSize", "3"}},
           {2}, {{9, 5}, {1, 1}, {4, 7}});
  list.add("3-D blocks", {{"task", "transcription"}, {"hiddenSize", "1,2"}, {"hiddenBlock", "2,2,1"}}, {3},
           {{4, 3, 2}, {1, 1, 1}});
}

// Directions and symmetry.
inline void add_direction_cases(CaseList& list) {
  list.add("one direction", {{"task", "regression"}, {"hiddenSize", "3"}, {"bidirectional", "false"}}, {2},
           list.shapes[2]);
  list.add("one way in one dimension",
           {{"task", "transcription"}, {"hiddenSize", "2"}, {"bidirectional", "false,true"}}, {2}, list.shapes[2]);
  list.add("symmetric", {{"task", "transcription"}, {"hiddenSize", "2,2"}, {"symmetry", "true"}}, {2}, list.shapes[2]);
  list.add("half symmetric",
           {{"task", "regression"}, {"hiddenSize", "2"}, {"hiddenType", "tanh"}, {"symmetry", "false,true"}}, {2},
           list.shapes[2]);
  list.add("symmetric in one dimension of three",
           {{"task", "regression"}, {"hiddenSize", "1"}, {"symmetry", "false,true,false"}}, {3}, list.shapes[3]);
}

// Cells of another kind.
inline void add_gru_cases(CaseList& list) {
  list.add("GRU gathered", {{"task", "classification"}, {"hiddenSize", "2,9"}, {"hiddenType", "gru,tanh"}}, {2},
           list.shapes[2]);
  list.add("LSTM and GRU, blocks, subsampled",
           {{"task", "transcription"},
            {"hiddenSize", "3,17"},
            {"hiddenType", "lstm,gru"},
            {"hiddenBlock", "2,1"},
            {"subsampleSize", "3"}},
           {2}, list.shapes[2]);
  list.add("symmetric GRU", {{"task", "regression"}, {"hiddenSize", "2"}, {"hiddenType", "gru"}, {"symmetry", "true"}},
           {2}, list.shapes[2]);
  list.add("GRU, not recurrent",
           {{"task", "regression"}, {"hiddenSize", "2"}, {"hiddenType", "gru"}, {"recurrent", "false"}}, {1},
           list.shapes[1]);
}

// Convolutions, alone and between other levels.
inline void add_convolution_cases(CaseList& list) {
  list.add("1-D convolutions",
           {{"task", "transcription"}, {"hiddenSize", "3,9,2"}, {"hiddenType", "conv"}, {"kernelSize", "4;3;1"}}, {1},
           list.shapes[1]);
  list.add("2-D convolutions under an LSTM",
           {{"task", "transcription"},
            {"hiddenSize", "3,17,2"},
            {"hiddenType", "conv,conv,lstm"},
            {"kernelSize", "3,2;2,5"},
            {"convType", "leaky_relu,softsign"},
            {"hiddenBlock", "2,1"},
            {"subsampleSize", "2"},
            {"inputBlock", "1,2"}},
           {2}, {{7, 3}, {1, 1}, {4, 4}});
  list.add("a 3-D convolution between LSTMs",
           {{"task", "regression"},
            {"hiddenSize", "1,3,1"},
            {"hiddenType", "lstm,conv,lstm"},
            {"kernelSize", "2,3,1"},
            {"convType", "relu"}},
           {3}, list.shapes[3]);
  list.add("4-D convolution", {{"task", "sequence_classification"}, {"hiddenSize", "2"}, {"hiddenType", "conv"}}, {4},
           list.shapes[4]);
  list.add("0-D convolution",
           {{"task", "classification"}, {"hiddenSize", "2,2"}, {"hiddenType", "conv"}, {"convType", "logistic"}}, {0},
           list.shapes[0]);
}

// Levels of fewer dimensions than what they read.
inline void add_join_cases(CaseList& list) {
  for (const char* how : {"sum", "max"}) {
    list.add(std::string("joined by ") + how,
             {{"task", "transcription"},
              {"hiddenSize", "2,2,3"},
              {"hiddenType", "conv,lstm,gru"},
              {"levelDims", "2,1,1"},
              {"joinRows", how},
              {"poolSize", "1,2;2"},
              {"symmetry", "true,false"}},
             {2}, {{9, 5}, {1, 1}, {4, 7}});
  }
  list.add("joined twice, subsampled",
           {{"task", "sequence_classification"},
            {"hiddenSize", "1,2,2"},
            {"levelDims", "3,2,1"},
            {"hiddenType", "lstm,gru,tanh"},
            {"subsampleSize", "3"},
            {"hiddenBlock", "1,2,2;2,2"}},
           {3}, {{4, 3, 2}, {1, 1, 1}});
  list.add("input joined",
           {{"task", "transcription"}, {"hiddenSize", "2,2"}, {"levelDims", "1"}, {"inputBlock", "1,2"}}, {2, 1},
           {{5, 4}, {1, 1}, {4, 6}});
}

// Networks that use every part of the engine: tasks, dimensions, blocks, subsampling, gathering, sharing.
inline std::vector<NetworkCase> varied_cases() {
  CaseList list;
  add_task_cases(list);
  add_block_cases(list);
  add_direction_cases(list);
  add_gru_cases(list);
  add_convolution_cases(list);
  add_join_cases(list);
  return list.cases;
}

// The largest difference, relative to numbers around 1 or larger.
inline double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) return INFINITY;
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = std::abs(a[i] - b[i]) / std::max(1.0, std::abs(a[i]));
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

inline TraceVariable find_variable(const std::vector<TraceVariable>& trace, const std::string& name) {
  const auto found = std::find_if(trace.begin(), trace.end(), [&](const TraceVariable& v) { return v.name == name; });
  if (found != trace.end()) return *found;
  ADD_FAILURE() << "no variable " << name;
  static const TraceVariable none;
  return none;
}

inline void expect_same_bits(const Metrics& a, const Metrics& b) {
  EXPECT_EQ(a.num_sequences, b.num_sequences);
  ASSERT_EQ(a.errors().size(), b.errors().size());
  for (std::size_t i = 0; i < a.errors().size(); ++i) {
    EXPECT_EQ(a.errors()[i].name, b.errors()[i].name);
    EXPECT_EQ(a.errors()[i].value, b.errors()[i].value) << a.errors()[i].name;
    EXPECT_EQ(a.errors()[i].norm, b.errors()[i].norm) << a.errors()[i].name;
  }
}

}  // namespace rnnlib::testing_engine
