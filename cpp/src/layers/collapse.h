// SPDX-License-Identifier: Apache-2.0
// Collapse layer: sums over points (docs/behaviour.md, "Layers"). Being linear, it is applied to the hidden outputs
// before their product with the output weights: the same sums with far fewer products.
#pragma once

#include <algorithm>

#include "rnnlib/task.h"
#include "tensor/batch_shape.h"

namespace rnnlib {

inline Shape collapsed_shape(const Shape& shape, Collapse collapse) {
  switch (collapse) {
    case Collapse::kNone:
      return shape;
    case Collapse::kKeepFirstDim:
      return {shape.front()};
    case Collapse::kAll:
      break;
  }
  return {};
}

inline BatchShape collapsed_shape(const BatchShape& batch, Collapse collapse) {
  BatchShape result;
  for (const Shape& shape : batch.shapes) result.add(collapsed_shape(shape, collapse));
  return result;
}

// Source points that are summed into each collapsed point of sequence s; they lie together.
inline Index points_per_collapsed(const BatchShape& source, const BatchShape& collapsed, std::size_t s) {
  return num_points(source.shapes[s]) / num_points(collapsed.shapes[s]);
}

// sums [collapsed points, units] = sums over input [source points, units]
template <class Real>
void collapse_forward(const BatchShape& source, const BatchShape& collapsed, const Real* input, Index units,
                      Real* sums) {
  std::fill_n(sums, collapsed.points * units, Real(0));
  const Real* from = input;
  for (std::size_t s = 0; s < source.shapes.size(); ++s) {
    const Index group = points_per_collapsed(source, collapsed, s);
    Real* to = sums + collapsed.offsets[s] * units;
    for (Index row = 0; row < num_points(collapsed.shapes[s]); ++row, to += units) {
      for (Index p = 0; p < group; ++p, from += units) {
        for (Index u = 0; u < units; ++u) to[u] += from[u];
      }
    }
  }
}

// d_input (written) [source points, units]: every point gets its sum's error
template <class Real>
void collapse_backward(const BatchShape& source, const BatchShape& collapsed, const Real* d_sums, Index units,
                       Real* d_input) {
  Real* to = d_input;
  for (std::size_t s = 0; s < source.shapes.size(); ++s) {
    const Index group = points_per_collapsed(source, collapsed, s);
    const Real* from = d_sums + collapsed.offsets[s] * units;
    for (Index row = 0; row < num_points(collapsed.shapes[s]); ++row, from += units) {
      for (Index p = 0; p < group; ++p, to += units) std::copy_n(from, units, to);
    }
  }
}

}  // namespace rnnlib
