// SPDX-License-Identifier: Apache-2.0
// Collapse layers: sums over all points, or over all dimensions but the first (docs/behaviour.md, "Layers").
#include "layers/collapse.h"

#include <gtest/gtest.h>

#include <vector>

#include "make_batch.h"

namespace rnnlib {
namespace {

TEST(Collapse, Shapes) {
  EXPECT_EQ(collapsed_shape(Shape{3, 4}, Collapse::kNone), (Shape{3, 4}));
  EXPECT_EQ(collapsed_shape(Shape{3, 4, 2}, Collapse::kKeepFirstDim), (Shape{3}));
  EXPECT_EQ(collapsed_shape(Shape{3, 4}, Collapse::kAll), Shape{});
  const BatchShape batch = collapsed_shape(make_batch({{3, 4}, {2, 5}}), Collapse::kKeepFirstDim);
  EXPECT_EQ(batch.points, 5);
  EXPECT_EQ(batch.offsets, (std::vector<Index>{0, 3}));
}

TEST(Collapse, AllPointsAreSummedPerSequence) {
  const BatchShape source = make_batch({{2, 2}, {1, 1}, {1, 3}});
  const BatchShape collapsed = collapsed_shape(source, Collapse::kAll);
  const std::vector<double> input{1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60, 7, 70, 8, 80};
  std::vector<double> sums(6, -9);
  collapse_forward(source, collapsed, input.data(), 2, sums.data());
  EXPECT_EQ(sums, (std::vector<double>{10, 100, 5, 50, 21, 210}));

  std::vector<double> d_input(input.size(), -9);
  const std::vector<double> d_sums{1, 2, 3, 4, 5, 6};
  collapse_backward(source, collapsed, d_sums.data(), 2, d_input.data());
  EXPECT_EQ(d_input, (std::vector<double>{1, 2, 1, 2, 1, 2, 1, 2, 3, 4, 5, 6, 5, 6, 5, 6}));
}

TEST(Collapse, TheFirstDimensionIsKept) {
  const BatchShape source = make_batch({{2, 3}, {3, 1}});
  const BatchShape collapsed = collapsed_shape(source, Collapse::kKeepFirstDim);
  const std::vector<double> input{1, 2, 3, 4, 5, 6, 7, 8, 9};
  std::vector<double> sums(5, -9);
  collapse_forward(source, collapsed, input.data(), 1, sums.data());
  EXPECT_EQ(sums, (std::vector<double>{6, 15, 7, 8, 9}));

  std::vector<double> d_input(input.size(), -9);
  const std::vector<double> d_sums{1, 2, 3, 4, 5};
  collapse_backward(source, collapsed, d_sums.data(), 1, d_input.data());
  EXPECT_EQ(d_input, (std::vector<double>{1, 1, 1, 2, 2, 2, 3, 4, 5}));
}

}  // namespace
}  // namespace rnnlib
