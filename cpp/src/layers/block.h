// SPDX-License-Identifier: Apache-2.0
// Block layer: the points of a block become one point with all their units (spec section 3).
#pragma once

#include <algorithm>
#include <array>

#include "tensor/batch_shape.h"

namespace rnnlib {

// Dimensions that a block may have.
inline constexpr std::size_t kMaxBlockDims = 16;

// Points of a block along its last dimension lie together in the source and in the block: calls use(source row, output
// row, first position in the block, points inside the source, points of the block) for each such line of the output
// rows [first, end). Lines that lie outside the source have no points inside.
template <class Use>
void for_each_block_line(const BatchShape& source, const BatchShape& blocked, const Shape& block, Index first,
                         Index end, const Use& use) {
  const std::size_t dims = block.size();
  const Index line = dims == 0 ? 1 : block.back();
  const Index lines = num_points(block) / line;
  std::array<Index, kMaxBlockDims> corner{};
  std::array<Index, kMaxBlockDims> inside{};
  for (std::size_t s = 0; s < source.shapes.size(); ++s) {
    const Shape& from = source.shapes[s];
    const Index begin_row = std::max<Index>(first - blocked.offsets[s], 0);
    const Index end_row = std::min(end - blocked.offsets[s], num_points(blocked.shapes[s]));
    if (begin_row >= end_row) continue;
    Index rest = begin_row;
    for (std::size_t d = dims; d-- > 0; rest /= blocked.shapes[s][d]) corner[d] = rest % blocked.shapes[s][d];
    for (Index row = begin_row; row < end_row; ++row) {
      std::fill(inside.begin(), inside.end(), 0);
      for (Index b = 0; b < lines; ++b) {
        Index source_row = 0;
        bool within = true;
        for (std::size_t d = 0; d < dims; ++d) {
          const Index x = corner[d] * block[d] + inside[d];
          within = within && x < from[d];
          source_row = source_row * from[d] + x;
        }
        const Index points = !within ? 0 : dims == 0 ? 1 : std::min(line, from[dims - 1] - corner[dims - 1] * line);
        use(source.offsets[s] + source_row, blocked.offsets[s] + row, b * line, points, line);
        for (std::size_t d = dims - (dims > 0 ? 1 : 0); d-- > 0 && ++inside[d] == block[d];) inside[d] = 0;
      }
      for (std::size_t d = dims; d-- > 0 && ++corner[d] == blocked.shapes[s][d];) corner[d] = 0;
    }
  }
}

// input [source points, units], output [end - first, block points * units]: rows [first, end) of the blocked points.
template <class In, class Real>
void block_rows(const BatchShape& source, const BatchShape& blocked, const Shape& block, Index first, Index end,
                const In* input, Index units, Real* output) {
  const Index stride = num_points(block) * units;
  for_each_block_line(source, blocked, block, first, end, [=](Index from, Index to, Index b, Index points, Index line) {
    Real* out = output + (to - first) * stride + b * units;
    const In* in = input + from * units;
    for (Index i = 0; i < points * units; ++i) out[i] = static_cast<Real>(in[i]);
    for (Index i = points * units; i < line * units; ++i) out[i] = Real(0);
  });
}

// All of them: output [blocked points, block points * units].
template <class In, class Real>
void block_forward(const BatchShape& source, const BatchShape& blocked, const Shape& block, const In* input,
                   Index units, Real* output) {
  block_rows(source, blocked, block, 0, blocked.points, input, units, output);
}

// Every source point lies in exactly one block: d_input is written, not added.
template <class Real>
void block_backward(const BatchShape& source, const BatchShape& blocked, const Shape& block, const Real* d_output,
                    Index units, Real* d_input) {
  const Index stride = num_points(block) * units;
  const auto copy = [=](Index from, Index to, Index b, Index points, Index) {
    const Real* out = d_output + to * stride + b * units;
    Real* in = d_input + from * units;
    for (Index i = 0; i < points * units; ++i) in[i] = out[i];
  };
  for_each_block_line(source, blocked, block, 0, blocked.points, copy);
}

}  // namespace rnnlib
