// SPDX-License-Identifier: Apache-2.0
// Block layers against their definition (docs/behaviour.md, "Layers").
#include "layers/block.h"

#include <gtest/gtest.h>

#include <vector>

#include "make_batch.h"
#include "naive_network.h"
#include "rnnlib/random.h"

namespace rnnlib {
namespace {

using testing_engine::points_of;

struct Example {
  std::vector<Shape> shapes;
  Shape block;
};

std::vector<Example> examples() {
  return {{{{6}, {5}, {1}}, {2}},
          {{{4, 6}, {5, 4}, {1, 1}}, {2, 3}},
          {{{3, 2}}, {1, 1}},
          {{{2, 2}}, {5, 3}},
          {{{3, 2, 5}, {1, 4, 2}}, {2, 1, 3}},
          {{{}, {}}, {}},
          {{{2, 3, 2, 3}}, {2, 2, 1, 2}}};
}

Index row_of(const Shape& shape, const Shape& point) {
  Index row = 0;
  for (std::size_t d = 0; d < shape.size(); ++d) row = row * shape[d] + point[d];
  return row;
}

std::vector<double> random_values(Index n, unsigned seed) {
  Random random(seed);
  std::vector<double> values(static_cast<std::size_t>(n));
  for (double& value : values) value = random.uniform(-1, 1);
  return values;
}

TEST(Block, ShapesAreRoundedUp) {
  EXPECT_EQ(blocked_shape(Shape{7, 4, 1}, Shape{3, 4, 2}), (Shape{3, 1, 1}));
  EXPECT_EQ(blocked_shape(Shape{7, 4}, Shape{}), (Shape{7, 4}));
  const BatchShape batch = blocked_shape(make_batch({{4, 4}, {3, 1}}), {2, 2});
  EXPECT_EQ(batch.shapes, (std::vector<Shape>{{2, 2}, {2, 1}}));
  EXPECT_EQ(batch.offsets, (std::vector<Index>{0, 4}));
  EXPECT_EQ(batch.points, 6);
}

TEST(Block, ForwardPutsTheBlocksPointsSideBySideWithZerosOutside) {
  constexpr Index kUnits = 3;
  for (const Example& example : examples()) {
    const BatchShape source = make_batch(example.shapes);
    const BatchShape blocked = blocked_shape(source, example.block);
    const Index inside_points = num_points(example.block);
    const std::vector<double> input = random_values(source.points * kUnits, 1);
    std::vector<double> output(static_cast<std::size_t>(blocked.points * inside_points * kUnits), -9);
    block_forward(source, blocked, example.block, input.data(), kUnits, output.data());

    std::size_t i = 0;
    for (std::size_t s = 0; s < source.shapes.size(); ++s) {
      for (const Shape& corner : points_of(blocked.shapes[s])) {
        for (const Shape& inside : points_of(example.block)) {
          Shape point = corner;
          bool within = true;
          for (std::size_t d = 0; d < point.size(); ++d) {
            point[d] = corner[d] * example.block[d] + inside[d];
            within = within && point[d] < source.shapes[s][d];
          }
          const Index row = within ? source.offsets[s] + row_of(source.shapes[s], point) : 0;
          for (Index u = 0; u < kUnits; ++u) {
            ASSERT_EQ(output[i++], within ? input[static_cast<std::size_t>(row * kUnits + u)] : 0.0);
          }
        }
      }
    }
    EXPECT_EQ(i, output.size());
  }
}

TEST(Block, AnyRowsAreThoseOfAll) {
  constexpr Index kUnits = 2;
  for (const Example& example : examples()) {
    const BatchShape source = make_batch(example.shapes);
    const BatchShape blocked = blocked_shape(source, example.block);
    const std::vector<double> input = random_values(source.points * kUnits, 5);
    const Index size = num_points(example.block) * kUnits;
    std::vector<double> all(static_cast<std::size_t>(blocked.points * size));
    block_forward(source, blocked, example.block, input.data(), kUnits, all.data());
    for (Index first = 0; first < blocked.points; ++first) {
      for (Index end = first + 1; end <= blocked.points; ++end) {
        std::vector<double> rows(static_cast<std::size_t>((end - first) * size), -9);
        block_rows(source, blocked, example.block, first, end, input.data(), kUnits, rows.data());
        const auto from = all.begin() + static_cast<std::ptrdiff_t>(first * size);
        EXPECT_EQ(rows, std::vector<double>(from, from + static_cast<std::ptrdiff_t>(rows.size())));
      }
    }
  }
}

TEST(Block, BackwardUndoesForward) {
  constexpr Index kUnits = 2;
  for (const Example& example : examples()) {
    const BatchShape source = make_batch(example.shapes);
    const BatchShape blocked = blocked_shape(source, example.block);
    const std::vector<double> input = random_values(source.points * kUnits, 2);
    std::vector<double> output(static_cast<std::size_t>(blocked.points * num_points(example.block) * kUnits));
    block_forward(source, blocked, example.block, input.data(), kUnits, output.data());
    std::vector<double> back(input.size(), -9);
    block_backward(source, blocked, example.block, output.data(), kUnits, back.data());
    EXPECT_EQ(back, input);
  }
}

// <block(x), y> = <x, block_backward(y)>
TEST(Block, BackwardIsTheTransposeOfForward) {
  const Example example{{{5, 4}, {1, 2}}, {2, 3}};
  const BatchShape source = make_batch(example.shapes);
  const BatchShape blocked = blocked_shape(source, example.block);
  const std::vector<double> x = random_values(source.points, 3);
  const std::vector<double> y = random_values(blocked.points * 6, 4);
  std::vector<double> forward(y.size());
  std::vector<double> backward(x.size());
  block_forward(source, blocked, example.block, x.data(), 1, forward.data());
  block_backward(source, blocked, example.block, y.data(), 1, backward.data());
  double left = 0;
  double right = 0;
  for (std::size_t i = 0; i < y.size(); ++i) left += forward[i] * y[i];
  for (std::size_t i = 0; i < x.size(); ++i) right += x[i] * backward[i];
  EXPECT_NEAR(left, right, 1e-12);
}

}  // namespace
}  // namespace rnnlib
