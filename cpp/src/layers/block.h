// SPDX-License-Identifier: Apache-2.0
// Block layer: the points of a block become one point with all their units (spec section 3).
#pragma once

#include <algorithm>

#include "tensor/batch_shape.h"

namespace rnnlib {

// Calls use(source_row or -1 outside the source, output_row, position in the block) for every point of every block.
template <class Use>
void for_each_block_point(const BatchShape& source, const BatchShape& blocked, const Shape& block, const Use& use) {
  const std::size_t dims = block.size();
  const Index block_points = num_points(block);
  Shape corner(dims);
  Shape inside(dims);
  for (std::size_t s = 0; s < source.shapes.size(); ++s) {
    const Shape& from = source.shapes[s];
    const Index count = num_points(blocked.shapes[s]);
    std::fill(corner.begin(), corner.end(), 0);
    for (Index row = 0; row < count; ++row) {
      std::fill(inside.begin(), inside.end(), 0);
      for (Index b = 0; b < block_points; ++b) {
        Index source_row = 0;
        bool within = true;
        for (std::size_t d = 0; d < dims; ++d) {
          const Index x = corner[d] * block[d] + inside[d];
          within = within && x < from[d];
          source_row = source_row * from[d] + x;
        }
        use(within ? source.offsets[s] + source_row : -1, blocked.offsets[s] + row, b);
        for (std::size_t d = dims; d-- > 0 && ++inside[d] == block[d];) inside[d] = 0;
      }
      for (std::size_t d = dims; d-- > 0 && ++corner[d] == blocked.shapes[s][d];) corner[d] = 0;
    }
  }
}

// input [source points, units], output [blocked points, block points * units]
template <class Real>
void block_forward(const BatchShape& source, const BatchShape& blocked, const Shape& block, const Real* input,
                   Index units, Real* output) {
  const Index stride = num_points(block) * units;
  for_each_block_point(source, blocked, block, [=](Index from, Index to, Index b) {
    Real* out = output + to * stride + b * units;
    if (from < 0) {
      std::fill_n(out, units, Real(0));
    } else {
      std::copy_n(input + from * units, units, out);
    }
  });
}

// Every source point lies in exactly one block: d_input is written, not added.
template <class Real>
void block_backward(const BatchShape& source, const BatchShape& blocked, const Shape& block, const Real* d_output,
                    Index units, Real* d_input) {
  const Index stride = num_points(block) * units;
  for_each_block_point(source, blocked, block, [=](Index from, Index to, Index b) {
    if (from >= 0) std::copy_n(d_output + to * stride + b * units, units, d_input + from * units);
  });
}

}  // namespace rnnlib
