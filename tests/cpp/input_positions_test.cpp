// SPDX-License-Identifier: Apache-2.0
// Where in the input labels were read, against which inputs really reach the output points.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "engine_fixture.h"
#include "rnnlib/decoder.h"
#include "rnnlib/workspace.h"

namespace rnnlib {
namespace {

using namespace testing_engine;

// Reads labels that take 1, 2, 3, 1, 2, 3, ... points, whatever the outputs are.
class StepsRun final : public DecoderRun {
 public:
  void begin() override { point_ = 0; }
  void step(const double* /*outputs*/, Index points, Prediction& /*prediction*/) override { point_ += points; }
  void finish(Prediction& prediction) override {
    for (Index first = 0, length = 1; first < point_; first += length, length = length % 3 + 1) {
      prediction.labels.push_back(0);
      prediction.positions.push_back({first, std::min(first + length, point_) - 1});
      prediction.confidences.push_back(1);
    }
  }

 private:
  Index point_ = 0;
};

class Steps final : public Decoder {
 public:
  std::unique_ptr<DecoderRun> make_run(Index /*units*/) const override { return std::make_unique<StepsRun>(); }
};

// Networks without recurrence, whose kernels are one point wide: an output sees its own block of the input only.
struct BlockCase {
  const char* name;
  Keys keys;
  Index dims;
  std::vector<Shape> shapes;
};

std::vector<BlockCase> block_cases() {
  return {
      {"1-D", {}, 1, {{1}, {7}}},
      {"1-D input block", {{"inputBlock", "3"}}, 1, {{1}, {2}, {3}, {4}, {13}, {14}, {15}}},
      {"1-D pooling in blocks", {{"inputBlock", "2"}, {"poolSize", "3;1"}}, 1, {{1}, {6}, {7}, {11}, {17}}},
      {"2-D subsampling",
       {{"hiddenBlock", "3,2"}, {"subsampleSize", "2"}, {"inputBlock", "2,1"}},
       2,
       {{1, 1}, {6, 4}, {7, 3}, {16, 5}, {17, 1}}},
      {"2-D blocks gathered", {{"hiddenBlock", "4,3"}}, 2, {{9, 4}, {4, 3}, {15, 2}}},
      {"2-D convolutions and pooling, collapsed",
       {{"hiddenType", "conv"}, {"kernelSize", "1,1"}, {"convType", "tanh"}, {"poolSize", "2,2;3,1"}},
       2,
       {{1, 1}, {12, 4}, {13, 3}, {16, 5}, {17, 6}}},
      {"2-D convolution pooled, joined to 1-D",
       {{"hiddenType", "conv,tanh"}, {"kernelSize", "1,1"}, {"levelDims", "2,1"}, {"poolSize", "4,2;1"}},
       2,
       {{3, 3}, {8, 4}, {9, 5}, {11, 2}}},
      {"3-D", {{"inputBlock", "2,1,2"}}, 3, {{5, 2, 3}, {4, 1, 1}}},
  };
}

NetworkSpec spec_of(const BlockCase& c) {
  Keys keys = {{"task", "transcription"}, {"hiddenSize", "3,2"}, {"hiddenType", "tanh"}, {"recurrent", "false"}};
  keys.insert(keys.end(), c.keys.begin(), c.keys.end());  // the last mention of a key wins
  return make_spec(keys, {c.dims, 1, 3});
}

// Number of the output point that each column of the input (its points of one x) reaches.
std::vector<Index> points_of_columns(const Network& network, TestSequences& sequences, std::size_t i) {
  const std::vector<double> before = network.predict(sequences.one(i))[0].outputs;
  std::vector<float>& inputs = sequences.inputs(i);
  const Index width = sequences[i].shape().front();
  const std::size_t column = inputs.size() / static_cast<std::size_t>(width);
  const auto units = static_cast<std::size_t>(network.predict(sequences.one(i))[0].size);
  std::vector<Index> points;
  for (Index x = 0; x < width; ++x) {
    const std::vector<float> kept = inputs;
    for (std::size_t k = 0; k < column; ++k) inputs[static_cast<std::size_t>(x) * column + k] += 3;
    const std::vector<double> after = network.predict(sequences.one(i))[0].outputs;
    inputs = kept;
    std::vector<Index> changed;
    for (std::size_t k = 0; k < before.size(); ++k) {
      const Index point = static_cast<Index>(k / units);
      if (after[k] != before[k] && (changed.empty() || changed.back() != point)) changed.push_back(point);
    }
    EXPECT_EQ(changed.size(), 1U) << "column " << x;
    points.push_back(changed.empty() ? -1 : changed.front());
  }
  return points;
}

// What the columns say of an output range: those that reach it.
LabelPosition columns_of(const std::vector<Index>& points, const LabelPosition& range) {
  const auto inside = [&](Index point) { return range.first <= point && point <= range.last; };
  const auto first = std::find_if(points.begin(), points.end(), inside);
  const auto last = std::find_if(points.rbegin(), points.rend(), inside);
  return {first - points.begin(), points.rend() - last - 1};
}

TEST(InputPositions, AreTheColumnsThatReachTheOutputPoints) {
  RunOptions options;
  options.decoder = std::make_shared<Steps>();
  for (const BlockCase& c : block_cases()) {
    const Network network = make_network(spec_of(c));
    TestSequences sequences(network, c.shapes);
    const std::vector<Prediction> found = network.predict(sequences.all(), options);
    for (std::size_t i = 0; i < c.shapes.size(); ++i) {
      SCOPED_TRACE(std::string(c.name) + " " + to_string(c.shapes[i]));
      const std::vector<Index> points = points_of_columns(network, sequences, i);
      ASSERT_EQ(points.back() + 1, found[i].shape.front());
      ASSERT_EQ(found[i].input_positions.size(), found[i].positions.size());
      for (std::size_t k = 0; k < found[i].positions.size(); ++k) {
        const LabelPosition expected = columns_of(points, found[i].positions[k]);
        EXPECT_EQ(found[i].input_positions[k].first, expected.first) << "label " << k;
        EXPECT_EQ(found[i].input_positions[k].last, expected.last) << "label " << k;
      }
      EXPECT_EQ(found[i].input_positions.back().last, c.shapes[i].front() - 1);
    }
  }
}

// With recurrence, kernels and every kind of layer.
TEST(InputPositions, OfTheBestPathLieInOrderInsideTheInput) {
  Index labels = 0;
  for (const NetworkCase& c : varied_cases()) {
    if (c.spec.task != Task::kTranscription) continue;
    SCOPED_TRACE(c.name);
    const Network network = make_network(c.spec, Precision::kDouble, 3);
    const TestSequences sequences(network, c.shapes);
    const std::vector<Prediction> found = network.predict(sequences.all());
    for (std::size_t i = 0; i < found.size(); ++i) {
      const Index width = c.shapes[i].empty() ? 1 : c.shapes[i].front();
      ASSERT_EQ(found[i].input_positions.size(), found[i].labels.size());
      ASSERT_EQ(found[i].confidences.size(), found[i].labels.size());
      Index before = -1;
      for (const LabelPosition& position : found[i].input_positions) {
        EXPECT_LT(before, position.first);
        EXPECT_LE(position.first, position.last);
        before = position.last;
        ++labels;
      }
      EXPECT_LT(before, width);
    }
  }
  EXPECT_GT(labels, 50);
}

TEST(InputPositions, AWorkspaceFindsThem) {
  const BlockCase c = block_cases()[3];
  const Network network = make_network(spec_of(c));
  const TestSequences sequences(network, c.shapes);
  RunOptions options;
  options.decoder = std::make_shared<Steps>();
  Workspace workspace(network);
  workspace.set_decoder(options.decoder);
  const std::vector<Prediction> expected = network.predict(sequences.all(), options);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const Prediction& found = workspace.predict(sequences[i]);
    ASSERT_EQ(found.input_positions.size(), expected[i].input_positions.size());
    for (std::size_t k = 0; k < found.input_positions.size(); ++k) {
      EXPECT_EQ(found.input_positions[k].first, expected[i].input_positions[k].first);
      EXPECT_EQ(found.input_positions[k].last, expected[i].input_positions[k].last);
    }
  }
}

TEST(InputPositions, OtherTasksHaveNone) {
  for (const NetworkCase& c : varied_cases()) {
    if (c.spec.task == Task::kTranscription) continue;
    const Network network = make_network(c.spec);
    const TestSequences sequences(network, c.shapes);
    for (const Prediction& found : network.predict(sequences.all())) {
      EXPECT_TRUE(found.positions.empty() && found.input_positions.empty()) << c.name;
    }
  }
}

}  // namespace
}  // namespace rnnlib
