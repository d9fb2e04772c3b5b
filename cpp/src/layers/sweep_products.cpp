// SPDX-License-Identifier: Apache-2.0
#include "layers/sweep_products.h"

#include <algorithm>

namespace rnnlib {

template <class Real>
void SweepProducts<Real>::size_buffers(const SweepShape& shape, Index most_points, BufferSizer& size) {
  size(x_, most_points * std::max(1, shape.num_dims));
  size(y_, most_points);
  size(zeros_, std::max(shape.hidden, shape.net_stride()));
}

template <class Real>
void SweepProducts<Real>::add_inputs(const SweepShape& shape, const SweepWeights<Real>& weights,
                                     const WaveSchedule& schedule, Index first, Index n, Rows<const Real> input,
                                     Real* net) {
  const std::int32_t* rows = schedule.rows(shape.direction) + first;
  for (Index j = 0; j < n; ++j) x_[j] = input[rows[j]];
  row_product<Real>(weights.input, x_.data(), 1, n, {weights.matrix, 0}, net, shape.net_stride());
}

template <class Real>
void SweepProducts<Real>::add_recurrence(const SweepShape& shape, const SweepWeights<Real>& weights,
                                         const WaveSchedule& schedule, Index first, Index n, Rows<const Real> output,
                                         Real* net) {
  const std::int32_t* rows = schedule.rows(shape.direction);
  for (int d = 0; d < shape.num_dims; ++d) {
    const std::int32_t* before = schedule.before(d) + first;
    const Real** x = x_.data() + d * n;
    for (Index j = 0; j < n; ++j) x[j] = before[j] < 0 ? zeros_.data() : output[rows[before[j]]];
  }
  last_first_ = !last_first_;
  row_product<Real>(weights.recurrent, x_.data(), shape.num_dims, n, {net, shape.net_stride()}, net, shape.net_stride(),
                    last_first_);
}

template <class Real>
void SweepProducts<Real>::propagate_errors(const SweepShape& shape, const SweepWeights<Real>& weights, Index n,
                                           const Real* deltas, Real* propagated) {
  for (Index j = 0; j < n; ++j) x_[j] = deltas + j * shape.net_stride();
  last_first_ = !last_first_;
  row_product<Real>(weights.recurrent_back, x_.data(), 1, n, {}, propagated, padded(shape.num_dims * shape.hidden),
                    last_first_);
}

template <class Real>
void SweepProducts<Real>::add_gradients(const SweepShape& shape, const WaveSchedule& schedule, Index first, Index n,
                                        Rows<const Real> input, Rows<const Real> output, const Real* deltas,
                                        Real* d_matrix) {
  const Index stride = shape.net_stride();
  const std::int32_t* rows = schedule.rows(shape.direction);
  for (Index j = 0; j < n; ++j) {
    x_[j] = input[rows[first + j]];
    y_[j] = deltas + j * stride;
  }
  add_row_sums<Real>(y_.data(), stride, n, d_matrix);
  add_outer_products<Real>(x_.data(), shape.input_size, y_.data(), stride, n, d_matrix + stride);
  if (shape.recurrent_size() == 0) return;
  Real* d_recurrent = d_matrix + (1 + shape.input_size) * stride;
  for (int d = 0; d < shape.num_dims; ++d, d_recurrent += shape.hidden * stride) {
    const std::int32_t* before = schedule.before(d);
    Index count = 0;
    for (Index p = first; p < first + n; ++p) {
      if (before[p] < 0) continue;
      x_[count] = output[rows[before[p]]];
      y_[count++] = deltas + (p - first) * stride;
    }
    add_outer_products<Real>(x_.data(), shape.hidden, y_.data(), stride, count, d_recurrent);
  }
}

template class SweepProducts<float>;
template class SweepProducts<double>;

}  // namespace rnnlib
