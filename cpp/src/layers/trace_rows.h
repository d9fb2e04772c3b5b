// SPDX-License-Identifier: Apache-2.0
// Rows of a layer as variables of a trace.
#pragma once

#include <string>
#include <vector>

#include "layers/weight_placer.h"
#include "rnnlib/trace.h"

namespace rnnlib {

// The given columns of rows [points of `shape`, stride], in their order.
template <class Real>
TraceVariable traced(const std::string& name, const Shape& shape, const Real* rows, Index stride,
                     const IndexMap& columns) {
  TraceVariable result{name, shape, {}};
  result.shape.push_back(static_cast<Index>(columns.size()));
  const Index points = num_points(shape);
  result.values.reserve(static_cast<std::size_t>(points) * columns.size());
  for (Index p = 0; p < points; ++p) {
    for (Index c : columns) result.values.push_back(static_cast<double>(rows[p * stride + c]));
  }
  return result;
}

// Whole rows, [points of `shape`, units].
template <class Real>
TraceVariable traced(const std::string& name, const Shape& shape, const Real* rows, Index units) {
  return traced(name, shape, rows, units, identity_map(units));
}

}  // namespace rnnlib
