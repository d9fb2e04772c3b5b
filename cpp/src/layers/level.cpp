// SPDX-License-Identifier: Apache-2.0
#include "layers/level.h"

#include <algorithm>

#include "base/parallel.h"
#include "layers/pointwise.h"

namespace rnnlib {

namespace {

// For each dimension d: shifted[p, d * H ..] = output at the point one step back from p along d, 0 at the border.
// output [points, stride], shifted [points, D * H]
template <class Real>
void shift_outputs(const BatchShape& batch, unsigned direction, const Real* output, Index stride, Index hidden,
                   int num_dims, Real* shifted) {
  const Index width = num_dims * hidden;
  for (std::size_t s = 0; s < batch.shapes.size(); ++s) {
    const Shape& shape = batch.shapes[s];
    const Index total = num_points(shape);
    Index inner = total;
    for (int d = 0; d < num_dims; ++d) {
      const Index size = shape[static_cast<std::size_t>(d)];
      inner /= size;
      const Index step = ((direction >> d) & 1U) != 0 ? -1 : 1;
      for (Index line = 0; line < total / inner; ++line) {
        const Index source = line % size + step;
        Real* to = shifted + (batch.offsets[s] + line * inner) * width + d * hidden;
        const Real* from = output + (batch.offsets[s] + (line + step) * inner) * stride;
        const bool border = source < 0 || source >= size;
        for (Index i = 0; i < inner; ++i, to += width, from += stride) {
          if (border) {
            std::fill_n(to, hidden, Real(0));
          } else {
            std::copy_n(from, hidden, to);
          }
        }
      }
    }
  }
}

}  // namespace

template <class Real>
void Level<Real>::forward(const LevelShape& shape, const Real* weights, const WaveSchedule* schedule,
                          const BatchShape& batch, const Real* input, Keep keep, int threads) {
  const Index points = batch.points;
  const Index net_size = shape.net_size();
  const Index output_size = shape.output_size();
  const std::size_t directions = shape.sweeps.size();
  net_.resize(points * net_size);
  output_.resize(points * output_size);
  if (keep != Keep::kNothing) d_output_.resize(points * output_size);
  fill_rows<Real>(weights + shape.bias, {net_.data(), points, net_size});
  add_product_nt_parallel<Real>({input, points, shape.input_size},
                                {weights + shape.input_weights, net_size, shape.input_size},
                                {net_.data(), points, net_size}, threads);
  if (shape.pointwise()) {
    pointwise_forward(shape.type(), net_.data(), points * net_size, output_.data());
    if (keep == Keep::kForTrace) std::copy_n(net_.data(), points * net_size, traced_net_.resize(points * net_size));
    return;
  }
  if (sweeps_.size() < directions) sweeps_.resize(directions);
  parallel_for(shape.directions(), threads, [&](Index k, int) {
    const std::size_t i = static_cast<std::size_t>(k);
    const SweepShape& sweep = shape.sweeps[i];
    sweeps_[i].forward(sweep, {weights + shape.recurrent[i], weights + shape.peepholes[i]}, *schedule,
                       net_.data() + k * sweep.net_size(), net_size, output_.data() + k * sweep.hidden, output_size,
                       keep);
  });
}

template <class Real>
void Level<Real>::backward(const LevelShape& shape, const Real* weights, const WaveSchedule* schedule,
                           const BatchShape& batch, const Real* input, Real limit, Real* d_weights, Real* d_input,
                           int threads) {
  const Index points = batch.points;
  const Index net_size = shape.net_size();
  const Index output_size = shape.output_size();
  Real* deltas = net_.data();
  if (shape.pointwise()) {
    pointwise_backward(shape.type(), output_.data(), d_output_.data(), points * output_size, deltas);
  } else {
    const int num_dims = schedule->num_dims();
    if (shifted_.size() < shape.sweeps.size()) shifted_.resize(shape.sweeps.size());
    parallel_for(shape.directions(), threads, [&](Index k, int) {
      const std::size_t i = static_cast<std::size_t>(k);
      const SweepShape& sweep = shape.sweeps[i];
      const Index h = sweep.hidden;
      const Index before = num_dims * h;
      sweeps_[i].backward(sweep, {weights + shape.recurrent[i], weights + shape.peepholes[i]}, *schedule,
                          d_output_.data() + k * h, output_size, deltas + k * sweep.net_size(), net_size,
                          d_weights + shape.peepholes[i], limit);
      if (!sweep.recurrent || num_dims == 0) return;
      Real* shifted = shifted_[i].resize(points * before);
      shift_outputs(batch, sweep.direction, output_.data() + k * h, output_size, h, num_dims, shifted);
      add_product_tn<Real>({deltas + k * sweep.net_size(), points, sweep.net_size(), net_size},
                           {shifted, points, before}, {d_weights + shape.recurrent[i], sweep.net_size(), before});
    });
  }
  const ConstMatrix<Real> all_deltas(deltas, points, net_size);
  add_column_sums<Real>(all_deltas, d_weights + shape.bias);
  add_product_tn_parallel<Real>(all_deltas, {input, points, shape.input_size},
                                {d_weights + shape.input_weights, net_size, shape.input_size}, threads);
  if (d_input != nullptr) {
    std::fill_n(d_input, points * shape.input_size, Real(0));
    add_product_parallel<Real>(all_deltas, {weights + shape.input_weights, net_size, shape.input_size},
                               {d_input, points, shape.input_size}, threads);
  }
}

template <class Real>
Index Level<Real>::elements(const LevelShape& shape, int num_dims, Index points, Index max_width, bool training) {
  Index per_point = shape.net_size() + shape.output_size();
  if (training) per_point += shape.output_size();
  Index total = points * per_point;
  if (shape.pointwise()) return total;
  for (const SweepShape& sweep : shape.sweeps) {
    total += Sweep<Real>::elements(sweep, num_dims, points, max_width, training);
    if (training && sweep.recurrent) total += points * num_dims * sweep.hidden;
  }
  return total;
}

template class Level<float>;
template class Level<double>;

}  // namespace rnnlib
