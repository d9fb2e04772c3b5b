// SPDX-License-Identifier: Apache-2.0
#include "layers/level.h"

#include <algorithm>

#include "base/parallel/loops.h"

namespace rnnlib {

namespace {

// Points whose input errors one task computes.
constexpr Index kPointBlock = 64;

}  // namespace

template <class Real>
void LevelWeights<Real>::prepare(const LevelShape& shape) {
  sweeps.resize(shape.sweeps.size());
  input_back.resize(shape.directions() * shape.sweeps.front().net_size(), shape.input_size);
}

template <class Real>
void LevelWeights<Real>::assign(const LevelShape& shape, std::size_t direction, const Real* packed) {
  const SweepShape& sweep = shape.sweeps[direction];
  const Real* matrix = packed + shape.matrices[direction];
  sweeps[direction].assign(sweep, matrix, packed + shape.peepholes[direction]);
  const Index net = sweep.net_size();
  input_back.assign_transposed({matrix + sweep.net_stride(), shape.input_size, net, sweep.net_stride()},
                               static_cast<Index>(direction) * net);
}

template <class Real>
Index LevelWeights<Real>::elements(const LevelShape& shape) {
  Index total = RowWeights<Real>::elements(shape.directions() * shape.sweeps.front().net_size(), shape.input_size);
  for (const SweepShape& sweep : shape.sweeps) total += SweepWeights<Real>::elements(sweep);
  return total;
}

template <class Real>
void Level<Real>::forward(const LevelShape& shape, const LevelWeights<Real>& weights, const WaveSchedule& schedule,
                          const Real* input, Real* output, Keep keep) {
  if (sweeps_.size() < shape.sweeps.size()) sweeps_.resize(shape.sweeps.size());
  parallel_for(shape.directions(), [&](Index k, int) {
    const std::size_t i = static_cast<std::size_t>(k);
    sweeps_[i].forward(shape.sweeps[i], weights.sweeps[i], schedule, {input, shape.input_size},
                       {output + k * shape.hidden(), shape.output_size()}, keep);
  });
}

template <class Real>
void Level<Real>::backward(const LevelShape& shape, const LevelWeights<Real>& weights, const WaveSchedule& schedule,
                           const LayerRows<Real>& rows, Real limit, Real* d_weights) {
  const bool keep_deltas = rows.d_input != nullptr;
  parallel_for(shape.directions(), [&](Index k, int) {
    const std::size_t i = static_cast<std::size_t>(k);
    const Index first = k * shape.hidden();
    const BackwardPass<Real> pass{{rows.input, shape.input_size},
                                  {rows.output + first, shape.output_size()},
                                  {rows.d_output + first, shape.output_size()},
                                  limit,
                                  keep_deltas,
                                  d_weights + shape.matrices[i],
                                  d_weights + shape.peepholes[i]};
    sweeps_[i].backward(shape.sweeps[i], weights.sweeps[i], schedule, pass);
  });
  if (keep_deltas) input_errors(shape, weights, schedule, rows.d_input);
}

// d_input = sum over directions of deltas * weights
template <class Real>
void Level<Real>::input_errors(const LevelShape& shape, const LevelWeights<Real>& weights, const WaveSchedule& schedule,
                               Real* d_input) const {
  const Index points = schedule.num_points();
  const Index directions = shape.directions();
  const Index stride = padded(shape.input_size);
  parallel_blocks(points, kPointBlock, [&](Index first, Index n, int) {
    // NOLINTBEGIN(clang-diagnostic-exit-time-destructors): no other thread uses them
    thread_local Buffer<const Real*> deltas;  // [directions, n]
    thread_local Buffer<Real> errors;         // [n, stride]
    // NOLINTEND(clang-diagnostic-exit-time-destructors)
    deltas.resize(directions * kPointBlock);
    errors.resize(kPointBlock * stride);
    for (Index k = 0; k < directions; ++k) {
      const std::size_t i = static_cast<std::size_t>(k);
      const SweepShape& sweep = shape.sweeps[i];
      const Real* rows = sweeps_[i].deltas(sweep);
      const std::int32_t* positions = schedule.positions(sweep.direction) + first;
      for (Index j = 0; j < n; ++j) deltas[k * n + j] = rows + positions[j] * sweep.net_stride();
    }
    row_product<Real>(weights.input_back, deltas.data(), directions, n, {}, errors.data(), stride);
    for (Index j = 0; j < n; ++j) {
      std::copy_n(errors.data() + j * stride, shape.input_size, d_input + (first + j) * shape.input_size);
    }
  });
}

template <class Real>
void Level<Real>::size_buffers(const LevelShape& shape, const SweepExtent& extent, Keep keep, BufferSizer& size) {
  sweeps_.resize(std::max(sweeps_.size(), shape.sweeps.size()));
  for (std::size_t i = 0; i < shape.sweeps.size(); ++i) sweeps_[i].size_buffers(shape.sweeps[i], extent, keep, size);
  const Index directions = shape.directions();
  const bool narrow = Sweep<Real>::narrow(shape.sweeps.front());
  if (narrow) size.add(directions * 2 * extent.waves * static_cast<Index>(sizeof(Index)));  // where waves begin
  if (keep == Keep::kNothing) return;
  // The scratch of input_errors().
  size.add(kPointBlock * (padded(shape.input_size) * static_cast<Index>(sizeof(Real)) +
                          directions * static_cast<Index>(sizeof(Real*))));
}

template struct LevelWeights<float>;
template struct LevelWeights<double>;
template class Level<float>;
template class Level<double>;

}  // namespace rnnlib
