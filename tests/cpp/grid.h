// SPDX-License-Identifier: Apache-2.0
// Units at the points of a shape, and the points themselves, for the naive twins of layers.
#pragma once

#include <vector>

#include "rnnlib/types.h"

namespace rnnlib::testing_engine {

// A vector of units at every point of a shape.
struct Grid {
  Shape shape;
  Index units = 0;
  std::vector<std::vector<double>> points;  // row-major

  Grid(const Shape& s, Index u)
      : shape(s),
        units(u),
        points(static_cast<std::size_t>(num_points(s)), std::vector<double>(static_cast<std::size_t>(u), 0.0)) {}

  // Nothing outside the shape.
  std::vector<double>* at(const Shape& point) {
    Index row = 0;
    for (std::size_t d = 0; d < shape.size(); ++d) {
      if (point[d] < 0 || point[d] >= shape[d]) return nullptr;
      row = row * shape[d] + point[d];
    }
    return &points[static_cast<std::size_t>(row)];
  }
};

// All points of a shape, last dimension fastest.
inline std::vector<Shape> points_of(const Shape& shape) {
  std::vector<Shape> points{{}};
  for (Index n : shape) {
    std::vector<Shape> longer;
    for (const Shape& point : points) {
      for (Index x = 0; x < n; ++x) {
        longer.push_back(point);
        longer.back().push_back(x);
      }
    }
    points = longer;
  }
  return points;
}

}  // namespace rnnlib::testing_engine
