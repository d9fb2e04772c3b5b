// SPDX-License-Identifier: Apache-2.0
// Levels of fewer dimensions: how the points of a column are joined (docs/behaviour.md, "Layers").
#include "layers/join_layer.h"

#include <gtest/gtest.h>

#include "engine_fixture.h"
#include "expect_error.h"
#include "make_batch.h"
#include "naive_network.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

using namespace testing_engine;

struct Joined {
  std::vector<double> outputs;
  std::vector<double> d_inputs;
};

// Two images, of 2 x 3 and 1 x 2 points with two units; the errors of the columns are 1, 2, 3, ...
Joined run(JoinRows how, const std::vector<double>& inputs) {
  NetworkSpec spec;
  spec.data.num_dims = 2;
  spec.levels.resize(2);
  spec.levels[1].num_dims = 1;
  spec.join_rows = how;
  WeightPlacer placer;
  const LayerOutput below{2, 2, {{"gather_0", identity_map(2), -1}}};
  const JoinLayer layer({spec, 1, below, placer});
  const std::unique_ptr<LayerState<double>> state = layer.make_state(double());
  state->set_shapes(make_batch({{2, 3}, {1, 2}}));
  EXPECT_EQ(state->output_batch().shapes, (std::vector<Shape>{{2}, {1}}));
  Pass<double> pass;
  pass.keep = Keep::kForBackward;
  BufferSizer size = BufferSizer::resizing();
  state->size_buffers(pass, size);
  Joined result;
  result.outputs.resize(6, -9);
  state->forward(pass, nullptr, inputs.data(), result.outputs.data());
  std::vector<double> errors{1, 2, 3, 4, 5, 6};
  result.d_inputs.resize(inputs.size(), -9);
  state->backward(pass, nullptr, {inputs.data(), result.outputs.data(), errors.data(), result.d_inputs.data()},
                  nullptr);
  return result;
}

const std::vector<double> kInputs{1, -1, 2, -2, 2, -3, 0, 5, 0, 6, 0, 6, -7, -8, -8, -7};

TEST(Join, SumsAndTheirErrors) {
  const Joined found = run(JoinRows::kSum, kInputs);
  EXPECT_EQ(found.outputs, (std::vector<double>{5, -6, 0, 17, -15, -15}));
  EXPECT_EQ(found.d_inputs, (std::vector<double>{1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4, 5, 6, 5, 6}));
}

TEST(Join, MaximaAndTheirErrorsAtTheFirstOfEqualNumbers) {
  const Joined found = run(JoinRows::kMax, kInputs);
  EXPECT_EQ(found.outputs, (std::vector<double>{2, -1, 0, 6, -7, -7}));
  EXPECT_EQ(found.d_inputs, (std::vector<double>{0, 2, 1, 0, 0, 0, 3, 0, 0, 4, 0, 0, 5, 0, 0, 6}));
}

NetworkSpec side_by_side(const char* input_block = "1") {
  return make_spec({{"task", "transcription"},
                    {"hiddenSize", "2,3"},
                    {"levelDims", "2,1"},
                    {"inputBlock", input_block},
                    {"joinRows", "concat"},
                    {"joinHeight", "3"}},
                   {2});
}

TEST(Join, SideBySideIsAsItsNaiveTwin) {
  for (const char* input_block : {"1", "1,2"}) {
    const Network network = make_network(side_by_side(input_block));
    const Index height = input_block[1] == '\0' ? 3 : 6;
    const TestSequences sequences(network, {{4, height}, {1, height}});
    for (const Sequence& sequence : sequences.all()) {
      std::vector<double> expected;
      for (const auto& point : NaiveNetwork(network).run(sequence).points) {
        expected.insert(expected.end(), point.begin(), point.end());
      }
      EXPECT_LT(largest_difference(expected, network.predict({sequence})[0].outputs), 1e-12);
    }
  }
}

TEST(Join, OtherHeightsAreRefused) {
  const Network network = make_network(side_by_side());
  const TestSequences sequences(network, {{4, 3}});
  Sequence sequence = sequences[0];
  sequence.set_inputs(sequence.inputs(), {2, 6}, 2);
  expect_error<DataError>([&] { network.predict({sequence}); },
                          {"sequence_0", "join_0", "joinHeight says 3", "2x6", "with 6 in a column"});
  expect_error<DataError>([&] { network.memory({2, 6}); }, {"join_0"});
  EXPECT_EQ(network.output_shape({2, 3}), (Shape{2}));
}

TEST(Join, LayersAndTheirNames) {
  const Network network =
      make_network(make_spec({{"task", "transcription"}, {"hiddenSize", "1,1,1"}, {"levelDims", "2,2,1"}}, {3}));
  std::vector<std::string> names;
  for (const LayerInfo& layer : network.layers()) {
    if (layer.kind == "join") names.push_back(layer.name + " (" + layer.type + ") of " + layer.sources.front());
  }
  EXPECT_EQ(names, (std::vector<std::string>{"input_join (join sum) of input", "join_1 (join sum) of gather_1"}));
  EXPECT_EQ(network.layer_shapes({4, 3, 2}).front(), (Shape{4, 3, 2}));
  EXPECT_EQ(network.output_step(), (Shape{1}));
  std::vector<std::vector<int>> directions;  // of the 1-D level
  for (const LayerInfo& layer : network.layers()) {
    if (layer.kind == "hidden" && layer.level == 2) directions.push_back(layer.directions);
  }
  EXPECT_EQ(directions, (std::vector<std::vector<int>>{{-1}, {1}}));
}

}  // namespace
}  // namespace rnnlib
