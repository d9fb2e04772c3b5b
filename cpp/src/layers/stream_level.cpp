// SPDX-License-Identifier: Apache-2.0
#include "layers/stream_level.h"

#include <algorithm>

#include "layers/lstm_cell.h"
#include "layers/pointwise.h"

namespace rnnlib {

template <class Real>
void StreamLevel<Real>::prepare(const SweepShape& shape) {
  net_.resize(shape.net_stride());
  gates_.resize(shape.net_stride());
  squashed_.resize(shape.hidden);
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
  if (is_lstm(shape.type)) {
    const Real* before = state_.data() + turn_ * h;
    turn_ = 1 - turn_;
    const LstmPoint<Real> point{h,
                                shape.num_dims,
                                net,
                                weights.peepholes,
                                &before,
                                gates_.data(),
                                state_.data() + turn_ * h,
                                squashed_.data(),
                                output};
    with_lstm(shape.type, shape.num_dims, [&](auto cell_input, auto cell_output, auto dims) {
      lstm_forward<decltype(cell_input), decltype(cell_output), dims()>(point);
    });
  } else {
    pointwise_forward(shape.type, net, h, output);
  }
  std::copy_n(output, h, previous_.data());
}

template class StreamLevel<float>;
template class StreamLevel<double>;

}  // namespace rnnlib
