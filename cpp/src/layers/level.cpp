// SPDX-License-Identifier: Apache-2.0
#include "layers/level.h"

#include <algorithm>

#include "base/parallel.h"

namespace rnnlib {

template <class Real>
void Level<Real>::forward(const LevelShape& shape, const LevelWeights<Real>& weights, const WaveSchedule& schedule,
                          const Real* input, Keep keep, int threads) {
  const Index points = schedule.num_points();
  output_.resize(points * shape.output_size());
  if (keep != Keep::kNothing) {
    gates_.resize(points * shape.net_stride());
    d_output_.resize(points * shape.output_size());
  }
  if (sweeps_.size() < shape.sweeps.size()) sweeps_.resize(shape.sweeps.size());
  parallel_for(shape.directions(), threads, [&](Index k, int) {
    const std::size_t i = static_cast<std::size_t>(k);
    sweeps_[i].forward(shape.sweeps[i], weights[i], schedule, {input, shape.input_size}, gates_of(shape, k),
                       {output_.data() + k * shape.hidden(), shape.output_size()}, keep);
  });
}

template <class Real>
void Level<Real>::backward(const LevelShape& shape, const LevelWeights<Real>& weights, const WaveSchedule& schedule,
                           const Real* packed, const Real* input, Real limit, Real* d_weights, Real* d_input,
                           int threads) {
  const Index points = schedule.num_points();
  parallel_for(shape.directions(), threads, [&](Index k, int) {
    const std::size_t i = static_cast<std::size_t>(k);
    const Index first = k * shape.hidden();
    sweeps_[i].backward(shape.sweeps[i], weights[i], schedule, {input, shape.input_size},
                        {output_.data() + first, shape.output_size()}, {d_output_.data() + first, shape.output_size()},
                        gates_of(shape, k), limit, d_weights + shape.matrices[i], d_weights + shape.peepholes[i]);
  });
  if (d_input == nullptr) return;
  std::fill_n(d_input, points * shape.input_size, Real(0));
  for (Index k = 0; k < shape.directions(); ++k) {
    const SweepShape& sweep = shape.sweeps[static_cast<std::size_t>(k)];
    const Rows<Real> deltas = gates_of(shape, k);
    const Real* matrix = packed + shape.matrices[static_cast<std::size_t>(k)] + sweep.net_stride();
    add_product_nt_parallel<Real>({deltas.data, points, sweep.net_size(), deltas.stride},
                                  {matrix, shape.input_size, sweep.net_size(), sweep.net_stride()},
                                  {d_input, points, shape.input_size}, threads);
  }
}

template <class Real>
Index Level<Real>::elements(const LevelShape& shape, Index points, Index max_width, bool training) {
  Index total = points * shape.output_size();
  if (training) total += points * (shape.net_stride() + shape.output_size());
  for (const SweepShape& sweep : shape.sweeps) total += Sweep<Real>::elements(sweep, points, max_width, training);
  return total;
}

template class Level<float>;
template class Level<double>;

}  // namespace rnnlib
