// SPDX-License-Identifier: Apache-2.0
// Rows of a layer as variables of a trace.
#pragma once

#include <string>
#include <vector>

#include "layers/layer.h"

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

// The activations of each part of a layer's rows [points of `shape`, output size], and its errors unless d_rows is
// null.
template <class Real>
void trace_parts(const LayerOutput& output, const Shape& shape, const Real* rows, const Real* d_rows,
                 std::vector<TraceVariable>& variables) {
  for (const OutputPart& part : output.parts) {
    variables.push_back(traced(part.layer + "_activations", shape, rows, output.size, part.columns));
    if (d_rows == nullptr) continue;
    variables.push_back(traced(part.layer + "_errors", shape, d_rows, output.size, part.columns));
  }
}

}  // namespace rnnlib
