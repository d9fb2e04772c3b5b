// SPDX-License-Identifier: Apache-2.0
#include "layers/stream_level.h"

#include <algorithm>

namespace rnnlib {

template <class Real>
void StreamLevel<Real>::prepare(const SweepShape& shape) {
  cell_ = cell_code<Real>(shape.type, shape.num_dims);
  net_.resize(shape.net_stride());
  gates_.resize(shape.net_stride());
  extra_.resize(shape.hidden);
  previous_.resize(shape.hidden);
  state_.resize(2 * shape.hidden);
  state_.fill(Real(0));  // as at the border of a sweep
  turn_ = 0;
}

template <class Real>
void StreamLevel<Real>::step(const LevelShape& level, const LevelWeights<Real>& level_weights, const Real* input,
                             Real* output) {
  const SweepShape& shape = level.sweeps.front();
  const SweepWeights<Real>& weights = level_weights.sweeps.front();
  const Index h = shape.hidden;
  const Index stride = shape.net_stride();
  const bool first = !begun_;
  if (first) prepare(shape);
  begun_ = true;
  Real* net = net_.data();
  row_product<Real>(weights.input, &input, 1, 1, {weights.matrix, 0}, net, stride);
  if (!first && shape.recurrent_size() > 0) {
    const Real* before = previous_.data();
    row_product<Real>(weights.recurrent, &before, 1, 1, {net, stride}, net, stride);
  }
  const Real* before = state_.data() + turn_ * h;
  turn_ = 1 - turn_;
  const CellPoint<Real> point{
      h,     shape.num_dims, net, weights.peepholes, &before, gates_.data(), state_.data() + turn_ * h, extra_.data(),
      output};
  cell_.forward(point);
  std::copy_n(output, h, previous_.data());
}

template class StreamLevel<float>;
template class StreamLevel<double>;

}  // namespace rnnlib
