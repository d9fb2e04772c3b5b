// SPDX-License-Identifier: Apache-2.0
// Max pooling against its definition (docs/behaviour.md, "Layers"): maxima, borders, equal numbers, errors.
#include "layers/max_pooling_layer.h"

#include <gtest/gtest.h>

#include <limits>

#include "engine_fixture.h"
#include "make_batch.h"
#include "naive_network.h"

namespace rnnlib {
namespace {

using testing_engine::points_of;

// Rows of three units.
constexpr Index kUnits = 3;

struct Pooled {
  std::vector<double> outputs;
  std::vector<double> d_inputs;
};

struct Example {
  std::vector<Shape> shapes;
  Shape block;
};

std::vector<Example> examples() {
  return {{{{6}, {5}, {1}}, {2}},
          {{{4, 6}, {5, 4}, {1, 1}}, {2, 3}},
          {{{2, 2}}, {5, 3}},
          {{{3, 2, 5}, {1, 4, 2}}, {2, 1, 3}},
          {{{900, 3}}, {1, 2}}};  // more points than one task pools
}

// Runs the layer by itself; the errors of its outputs are `d_outputs`.
Pooled run(const Example& example, const std::vector<double>& inputs, const std::vector<double>& d_outputs, Keep keep) {
  NetworkSpec spec;
  spec.levels.resize(1);
  spec.levels[0].pool = example.block;
  const int dims = static_cast<int>(example.block.size());
  WeightPlacer placer;
  const MaxPoolingLayer layer({spec, 0, {kUnits, dims, {{"hidden_0_0", identity_map(kUnits), 0}}}, placer});
  const std::unique_ptr<LayerState<double>> state = layer.make_state(double());
  state->set_shapes(make_batch(example.shapes));
  Pass<double> pass;
  pass.keep = keep;
  BufferSizer size = BufferSizer::resizing();
  state->size_buffers(pass, size);
  Pooled result;
  result.outputs.resize(static_cast<std::size_t>(state->output_batch().points * kUnits), -9);
  state->forward(pass, nullptr, inputs.data(), result.outputs.data());
  if (keep == Keep::kNothing) return result;
  std::vector<double> errors = d_outputs;
  result.d_inputs.resize(inputs.size(), -9);
  state->backward(pass, nullptr, {inputs.data(), result.outputs.data(), errors.data(), result.d_inputs.data()},
                  nullptr);
  return result;
}

// Whole numbers, among which there are many equal ones.
std::vector<double> small_numbers(Index n, unsigned seed) {
  Random random(seed);
  std::vector<double> values(static_cast<std::size_t>(n));
  for (double& value : values) value = static_cast<double>(random.below(4));
  return values;
}

Index row_of(const Shape& shape, const Shape& point) {
  Index row = 0;
  for (std::size_t d = 0; d < shape.size(); ++d) row = row * shape[d] + point[d];
  return row;
}

TEST(MaxPooling, IsTheFirstLargestNumberOfTheBlock) {
  for (const Example& example : examples()) {
    SCOPED_TRACE(to_string(example.block));
    const BatchShape source = make_batch(example.shapes);
    const BatchShape blocked = blocked_shape(source, example.block);
    const std::vector<double> inputs = small_numbers(source.points * kUnits, 1);
    std::vector<double> d_outputs(static_cast<std::size_t>(blocked.points * kUnits));
    for (std::size_t i = 0; i < d_outputs.size(); ++i) d_outputs[i] = static_cast<double>(i + 1);
    const Pooled found = run(example, inputs, d_outputs, Keep::kForBackward);
    std::vector<double> d_inputs(inputs.size(), 0);
    for (std::size_t s = 0; s < source.shapes.size(); ++s) {
      for (const Shape& corner : points_of(blocked.shapes[s])) {
        const std::size_t to =
            static_cast<std::size_t>((blocked.offsets[s] + row_of(blocked.shapes[s], corner)) * kUnits);
        for (std::size_t u = 0; u < kUnits; ++u) {
          double largest = -1;
          std::size_t winner = 0;
          for (const Shape& inside : points_of(example.block)) {
            Shape point = corner;
            bool within = true;
            for (std::size_t d = 0; d < point.size(); ++d) {
              point[d] = corner[d] * example.block[d] + inside[d];
              within = within && point[d] < source.shapes[s][d];
            }
            if (!within) continue;
            const std::size_t at =
                static_cast<std::size_t>((source.offsets[s] + row_of(source.shapes[s], point)) * kUnits) + u;
            if (inputs[at] <= largest) continue;
            largest = inputs[at];
            winner = at;
          }
          EXPECT_EQ(found.outputs[to + u], largest);
          d_inputs[winner] = d_outputs[to + u];
        }
      }
    }
    EXPECT_EQ(found.d_inputs, d_inputs);
    EXPECT_EQ(run(example, inputs, {}, Keep::kNothing).outputs, found.outputs);
  }
}

// At the border there is nothing, not even zeros.
TEST(MaxPooling, NegativeNumbersAtTheBorder) {
  const Example example{{{3}}, {2}};
  const Pooled found = run(example, {-1, -2, -3, -4, -1, -5, -7, -8, -9}, {1, 2, 3, 4, 5, 6}, Keep::kForBackward);
  EXPECT_EQ(found.outputs, (std::vector<double>{-1, -1, -3, -7, -8, -9}));
  EXPECT_EQ(found.d_inputs, (std::vector<double>{1, 0, 3, 0, 2, 0, 4, 5, 6}));
}

// What the checks of outputs look for must get there.
TEST(MaxPooling, HandsNanOn) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Pooled found = run({{{3}}, {3}}, {nan, 1, 1, 2, nan, 2, 3, 3, nan}, {}, Keep::kNothing);
  for (double output : found.outputs) EXPECT_TRUE(std::isnan(output));
}

TEST(MaxPooling, ABlockOfOnePointMakesNoLayer) {
  using namespace testing_engine;
  const Network network =
      make_network(make_spec({{"task", "regression"}, {"hiddenSize", "2,2"}, {"poolSize", "1;2"}}, {2}));
  std::vector<std::string> pooled;
  for (const LayerInfo& layer : network.layers()) {
    if (layer.kind == "max_pooling") pooled.push_back(layer.name);
  }
  EXPECT_EQ(pooled,
            (std::vector<std::string>{"hidden_1_0_pool", "hidden_1_1_pool", "hidden_1_2_pool", "hidden_1_3_pool"}));
}

}  // namespace
}  // namespace rnnlib
