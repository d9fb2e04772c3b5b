// SPDX-License-Identifier: Apache-2.0
#include "layers/level.h"

#include <algorithm>

#include "base/parallel.h"

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
void Level<Real>::forward(const LevelShape& shape, const LevelWeights<Real>& weights, const WaveSchedule& schedule,
                          const Real* input, Keep keep, int threads) {
  const Index points = schedule.num_points();
  output_.resize(points * shape.output_size());
  if (keep != Keep::kNothing) d_output_.resize(points * shape.output_size());
  if (sweeps_.size() < shape.sweeps.size()) sweeps_.resize(shape.sweeps.size());
  parallel_for(shape.directions(), threads, [&](Index k, int) {
    const std::size_t i = static_cast<std::size_t>(k);
    sweeps_[i].forward(shape.sweeps[i], weights.sweeps[i], schedule, {input, shape.input_size},
                       {output_.data() + k * shape.hidden(), shape.output_size()}, keep);
  });
}

template <class Real>
void Level<Real>::backward(const LevelShape& shape, const LevelWeights<Real>& weights, const WaveSchedule& schedule,
                           const Real* input, Real limit, Real* d_weights, Real* d_input, int threads) {
  const bool keep_deltas = d_input != nullptr;
  parallel_for(shape.directions(), threads, [&](Index k, int) {
    const std::size_t i = static_cast<std::size_t>(k);
    const Index first = k * shape.hidden();
    sweeps_[i].backward(shape.sweeps[i], weights.sweeps[i], schedule, {input, shape.input_size},
                        {output_.data() + first, shape.output_size()}, {d_output_.data() + first, shape.output_size()},
                        limit, keep_deltas, d_weights + shape.matrices[i], d_weights + shape.peepholes[i]);
  });
  if (keep_deltas) input_errors(shape, weights, schedule, d_input, threads);
}

// d_input = sum over directions of deltas * weights
template <class Real>
void Level<Real>::input_errors(const LevelShape& shape, const LevelWeights<Real>& weights, const WaveSchedule& schedule,
                               Real* d_input, int threads) const {
  const Index points = schedule.num_points();
  const Index directions = shape.directions();
  const Index stride = padded(shape.input_size);
  parallel_blocks(points, kPointBlock, threads, [&](Index first, Index n, int) {
    thread_local Buffer<const Real*> deltas;  // [directions, n]
    thread_local Buffer<Real> errors;         // [n, stride]
    deltas.resize(directions * kPointBlock);
    errors.resize(kPointBlock * stride);
    for (Index k = 0; k < directions; ++k) {
      const std::size_t i = static_cast<std::size_t>(k);
      const SweepShape& sweep = shape.sweeps[i];
      const Real* rows = sweeps_[i].deltas(sweep);
      const std::int32_t* positions = schedule.positions(sweep.direction) + first;
      for (Index j = 0; j < n; ++j) deltas[k * n + j] = rows + positions[j] * sweep.net_stride();
    }
    row_product<Real>(weights.input_back, deltas.data(), directions, n, nullptr, 0, errors.data(), stride);
    for (Index j = 0; j < n; ++j) {
      std::copy_n(errors.data() + j * stride, shape.input_size, d_input + (first + j) * shape.input_size);
    }
  });
}

template <class Real>
Index Level<Real>::elements(const LevelShape& shape, Index points, Index max_width, bool training) {
  Index total = points * shape.output_size() * (training ? 2 : 1);
  for (const SweepShape& sweep : shape.sweeps) total += Sweep<Real>::elements(sweep, points, max_width, training);
  return total;
}

template struct LevelWeights<float>;
template struct LevelWeights<double>;
template class Level<float>;
template class Level<double>;

}  // namespace rnnlib
