// SPDX-License-Identifier: Apache-2.0
// The kernel of a convolution: which points lie under it when it lies on a point of a batch (docs/behaviour.md,
// "Convolution").
#pragma once

#include <algorithm>
#include <array>
#include <utility>

#include "layers/block.h"
#include "tensor/batch_shape.h"

namespace rnnlib {

struct Kernel {
  // Centred; along dimensions of even size there is one point more after the centre than before.
  explicit Kernel(Shape sizes) : size(std::move(sizes)), before(size) {
    for (Index& n : before) n = (n - 1) / 2;
  }

  // The kernel that covers q from p exactly where this one covers p from q. Its points are these in the opposite order.
  Kernel reversed() const {
    Kernel other = *this;
    for (std::size_t d = 0; d < size.size(); ++d) other.before[d] = size[d] - 1 - before[d];
    return other;
  }
  Index points() const { return num_points(size); }

  Shape size;    // points along each dimension
  Shape before;  // how many of them lie before the centre
};

// Neighbouring points [place, place + count) of those asked for, and where one point of the kernel lies for them: on
// the batch's row `row + i` for the points place + i with i in [begin, end), outside of the sequence for the others.
struct KernelRun {
  Index kernel_point;  // the last dimension fastest
  Index place;
  Index count;
  Index begin;
  Index end;
  Index row;
};

// Calls use(KernelRun) for the points [row, row + count) of a sequence that begins at `offset`; the first is at
// `place`.
template <class Use>
void for_each_kernel_run(const Shape& shape, Index offset, const Kernel& kernel, Index row, Index count, Index place,
                         const Use& use) {
  const std::size_t outer_dims = shape.empty() ? 0 : shape.size() - 1;
  const Index length = shape.empty() ? 1 : shape.back();
  const Index width = shape.empty() ? 1 : kernel.size.back();
  const Index before = shape.empty() ? 0 : kernel.before.back();
  const Index lines = kernel.points() / width;
  std::array<Index, kMaxBlockDims> corner{};
  std::array<Index, kMaxBlockDims> inside{};
  for (const Index end = row + count; row < end;) {
    const Index x = row % length;
    const Index n = std::min(length - x, end - row);
    Index rest = row / length;
    for (std::size_t d = outer_dims; d-- > 0; rest /= shape[d]) corner[d] = rest % shape[d] - kernel.before[d];
    std::fill(inside.begin(), inside.end(), 0);
    for (Index line = 0; line < lines; ++line) {
      Index source = 0;
      bool within = true;
      for (std::size_t d = 0; d < outer_dims; ++d) {
        const Index at = corner[d] + inside[d];
        within = within && at >= 0 && at < shape[d];
        source = source * shape[d] + at;
      }
      for (Index k = 0; k < width; ++k) {
        const Index first = x + k - before;  // where the first of the points finds its neighbour
        const Index from = within ? std::clamp<Index>(-first, 0, n) : n;
        const Index to = within ? std::clamp<Index>(length - first, from, n) : n;
        use(KernelRun{line * width + k, place, n, from, to, offset + source * length + first});
      }
      for (std::size_t d = outer_dims; d-- > 0 && ++inside[d] == kernel.size[d];) inside[d] = 0;
    }
    row += n;
    place += n;
  }
}

// The same for the points [first, first + n) of a batch, of which the first is at place 0.
template <class Use>
void for_each_kernel_run(const BatchShape& batch, const Kernel& kernel, Index first, Index n, const Use& use) {
  const auto after = std::upper_bound(batch.offsets.begin(), batch.offsets.end(), first);
  std::size_t s = static_cast<std::size_t>(after - batch.offsets.begin()) - 1;
  for (Index place = 0; place < n; ++s) {
    const Index row = first + place - batch.offsets[s];
    const Index count = std::min(n - place, num_points(batch.shapes[s]) - row);
    for_each_kernel_run(batch.shapes[s], batch.offsets[s], kernel, row, count, place, use);
    place += count;
  }
}

// The rows under the kernel on the points [first, first + n) of a batch, as row products read them: [kernel points, n]
// pointers. The batch's rows are source [points, units]; outside of a sequence all rows are zeros [units].
template <class Real>
void find_kernel_rows(const BatchShape& batch, const Kernel& kernel, const Real* source, Index units, const Real* zeros,
                      Index first, Index n, const Real** pointers) {
  for_each_kernel_run(batch, kernel, first, n, [=](const KernelRun& run) {
    const Real** to = pointers + run.kernel_point * n + run.place;
    std::fill(to, to + run.begin, zeros);
    for (Index i = run.begin; i < run.end; ++i) to[i] = source + (run.row + i) * units;
    std::fill(to + run.end, to + run.count, zeros);
  });
}

}  // namespace rnnlib
