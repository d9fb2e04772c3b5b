// SPDX-License-Identifier: Apache-2.0
// The shapes of a batch of sequences whose points lie one sequence after another.
#pragma once

#include <vector>

#include "rnnlib/types.h"

namespace rnnlib {

struct BatchShape {
  std::vector<Shape> shapes;
  std::vector<Index> offsets;  // first point of each sequence
  Index points = 0;

  void add(const Shape& shape) {
    shapes.push_back(shape);
    offsets.push_back(points);
    points += num_points(shape);
  }
  Index size() const { return static_cast<Index>(shapes.size()); }
};

// ceil(n_d / b_d) per dimension; an empty block changes nothing.
inline Shape blocked_shape(const Shape& shape, const Shape& block) {
  Shape result = shape;
  for (std::size_t d = 0; d < block.size(); ++d) result[d] = (shape[d] + block[d] - 1) / block[d];
  return result;
}

inline BatchShape blocked_shape(const BatchShape& batch, const Shape& block) {
  BatchShape result;
  for (const Shape& shape : batch.shapes) result.add(blocked_shape(shape, block));
  return result;
}

// Points of the input that a point above blocks stands for along each dimension, for that of the points below them.
inline Shape blocked_step(const Shape& below, const Shape& block) {
  Shape result = below;
  for (std::size_t d = 0; d < block.size(); ++d) result[d] *= block[d];
  return result;
}

}  // namespace rnnlib
