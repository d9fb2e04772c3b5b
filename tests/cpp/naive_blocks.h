// SPDX-License-Identifier: Apache-2.0
// How the naive network makes fewer points of many: blocks, max pooling, joined columns.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "grid.h"
#include "rnnlib/spec.h"

namespace rnnlib::testing_engine {

inline Shape blocked_points(Shape shape, const Shape& block) {
  for (std::size_t d = 0; d < shape.size(); ++d) shape[d] = (shape[d] + block[d] - 1) / block[d];
  return shape;
}

inline Grid pooled(Grid source, const Shape& block) {
  if (block.empty()) return source;
  Grid result(blocked_points(source.shape, block), source.units);
  for (auto& point : result.points) point.assign(point.size(), -INFINITY);
  for (Shape point : points_of(source.shape)) {
    const std::vector<double>& from = *source.at(point);
    for (std::size_t d = 0; d < point.size(); ++d) point[d] /= block[d];
    std::vector<double>& to = *result.at(point);
    for (std::size_t u = 0; u < to.size(); ++u) to[u] = std::max(to[u], from[u]);
  }
  return result;
}

inline Grid joined(Grid& source, std::size_t dims, JoinRows how) {
  const bool concat = how == JoinRows::kConcat;
  const Shape shape(source.shape.begin(), source.shape.begin() + static_cast<std::ptrdiff_t>(dims));
  Grid result(shape, source.units * (concat ? num_points(source.shape) / num_points(shape) : 1));
  std::map<Shape, bool> begun;
  for (const Shape& point : points_of(source.shape)) {
    const Shape column(point.begin(), point.begin() + static_cast<std::ptrdiff_t>(dims));
    const std::vector<double>& from = *source.at(point);
    std::vector<double>& to = *result.at(column);
    if (!begun[column]) to.clear();
    if (!begun[column] || concat) {
      to.insert(to.end(), from.begin(), from.end());
    } else {
      for (std::size_t u = 0; u < to.size(); ++u) {
        to[u] = how == JoinRows::kSum ? to[u] + from[u] : std::max(to[u], from[u]);
      }
    }
    begun[column] = true;
  }
  return result;
}

inline Grid blocked(Grid& source, const Shape& block) {
  const Shape shape = blocked_points(source.shape, block);
  Grid result(shape, source.units * num_points(block));
  for (const Shape& corner : points_of(shape)) {
    std::vector<double>& to = *result.at(corner);
    to.clear();
    for (const Shape& inside : points_of(block)) {
      Shape point = corner;
      for (std::size_t d = 0; d < point.size(); ++d) point[d] = corner[d] * block[d] + inside[d];
      const std::vector<double>* from = source.at(point);
      const std::vector<double> zeros(static_cast<std::size_t>(source.units), 0.0);
      to.insert(to.end(), from ? from->begin() : zeros.begin(), from ? from->end() : zeros.end());
    }
  }
  return result;
}

}  // namespace rnnlib::testing_engine
