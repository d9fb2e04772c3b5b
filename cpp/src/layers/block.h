// SPDX-License-Identifier: Apache-2.0
// Block layer: the points of a block become one point with all their units (docs/behaviour.md, "Layers").
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
  const std::size_t outer_dims = dims == 0 ? 0 : dims - 1;
  const Index line = dims == 0 ? 1 : block.back();
  const Index lines = num_points(block) / line;
  std::array<Index, kMaxBlockDims> corner{};
  std::array<Index, kMaxBlockDims> inside{};
  for (std::size_t s = 0; s < source.shapes.size(); ++s) {
    const Shape& from = source.shapes[s];
    const Index length = dims == 0 ? 1 : from.back();
    const Index side_by_side = dims == 0 ? 1 : blocked.shapes[s].back();  // blocks along the last dimension
    const Index end_row = std::min(end - blocked.offsets[s], num_points(blocked.shapes[s]));
    for (Index row = std::max<Index>(first - blocked.offsets[s], 0); row < end_row;) {
      const Index begin = row % side_by_side;
      const Index count = std::min(side_by_side - begin, end_row - row);
      Index rest = row / side_by_side;
      for (std::size_t d = outer_dims; d-- > 0; rest /= blocked.shapes[s][d]) corner[d] = rest % blocked.shapes[s][d];
      std::fill(inside.begin(), inside.end(), 0);
      for (Index b = 0; b < lines; ++b) {
        Index source_row = 0;
        bool within = true;
        for (std::size_t d = 0; d < outer_dims; ++d) {
          const Index x = corner[d] * block[d] + inside[d];
          within = within && x < from[d];
          source_row = source_row * from[d] + x;
        }
        source_row = source.offsets[s] + source_row * length;
        for (Index k = 0; k < count; ++k) {
          const Index at = (begin + k) * line;
          use(source_row + at, blocked.offsets[s] + row + k, b * line, within ? std::min(line, length - at) : 0, line);
        }
        for (std::size_t d = outer_dims; d-- > 0 && ++inside[d] == block[d];) inside[d] = 0;
      }
      row += count;
    }
  }
}

// Copies a line's numbers, mostly few.
template <class In, class Real>
inline void copy_line(const In* in, Index n, Real* out) {
  constexpr Index kTogether = 4;
  Index i = 0;
  for (; i + kTogether <= n; i += kTogether) {
    for (Index k = 0; k < kTogether; ++k) out[i + k] = static_cast<Real>(in[i + k]);
  }
  for (; i < n; ++i) out[i] = static_cast<Real>(in[i]);
}

// input [source points, units], output [end - first, block points * units]: rows [first, end) of the blocked points.
template <class In, class Real>
void block_rows(const BatchShape& source, const BatchShape& blocked, const Shape& block, Index first, Index end,
                const In* input, Index units, Real* output) {
  const Index stride = num_points(block) * units;
  for_each_block_line(source, blocked, block, first, end, [=](Index from, Index to, Index b, Index points, Index line) {
    Real* out = output + (to - first) * stride + b * units;
    copy_line(input + from * units, points * units, out);
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
    copy_line(d_output + to * stride + b * units, points * units, d_input + from * units);
  };
  for_each_block_line(source, blocked, block, 0, blocked.points, copy);
}

}  // namespace rnnlib
