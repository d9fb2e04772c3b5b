// SPDX-License-Identifier: Apache-2.0
#include "layers/sweep.h"

#include <algorithm>

#include "layers/lstm_cell.h"
#include "layers/pointwise.h"
#include "tensor/transpose.h"

namespace rnnlib {

namespace {

template <class Real>
void cell_forward(HiddenType type, const LstmWave<Real>& wave, Real* output) {
  switch (type) {
    case HiddenType::kLinearLstm:
      return lstm_forward<Tanh, Identity>(wave, output);
    case HiddenType::kSoftsignLstm:
      return lstm_forward<Softsign, Softsign>(wave, output);
    default:
      return lstm_forward<Tanh, Tanh>(wave, output);
  }
}

template <class Real>
void cell_backward(HiddenType type, const LstmWave<Real>& wave, const LstmWaveErrors<Real>& errors, Real limit) {
  switch (type) {
    case HiddenType::kLinearLstm:
      return lstm_backward<Tanh, Identity>(wave, errors, limit);
    case HiddenType::kSoftsignLstm:
      return lstm_backward<Softsign, Softsign>(wave, errors, limit);
    default:
      return lstm_backward<Tanh, Tanh>(wave, errors, limit);
  }
}

// What the gates see beside the connections, for traces: net inputs there include the peepholes. net [D + 3, m]
template <class Real>
void add_peepholes(const LstmWave<Real>& wave, Real* net) {
  const Index m = wave.m;
  const Index dims = wave.num_dims;
  for (Index i = 0; i < m; ++i) {
    for (Index d = 0; d < dims; ++d) {
      net[i] += wave.peepholes[i] * wave.before[d * m + i];
      net[(1 + d) * m + i] += wave.peepholes[(1 + d) * m + i] * wave.before[d * m + i];
    }
    net[(2 + dims) * m + i] += wave.peepholes[(1 + dims) * m + i] * wave.state[i];
  }
}

}  // namespace

template <class Real>
void Sweep<Real>::prepare(const SweepShape& shape, const WaveSchedule& schedule, Keep keep) {
  keep_ = keep;
  expanded_width_ = 0;
  const Index h = shape.hidden;
  const Index dims = schedule.num_dims();
  const Index width = schedule.max_width();
  const bool lstm = is_lstm(shape.type);
  const Index points = keep == Keep::kNothing ? 2 * width : schedule.num_points();
  gates_.resize(points * shape.net_size());
  output_.resize(points * h);
  before_output_.resize(dims * h * width);
  if (lstm) {
    state_.resize(points * h);
    squashed_.resize(points * h);
    before_state_.resize(dims * h * width);
    expanded_.resize((dims + 2) * h * width);
  }
  if (keep != Keep::kNothing) {
    error_.resize(h * width);
    deltas_.resize(shape.net_size() * width);
    d_before_.resize(dims * h * width);
    for (Buffer<Real>& carried : carried_error_) carried.resize(h * width);
    if (lstm) {
      d_state_.resize(h * width);
      for (Buffer<Real>& carried : carried_state_) carried.resize(h * width);
    }
  }
  if (keep == Keep::kForTrace) {
    net_.resize(points * shape.net_size());
    cell_error_.resize(points * h);
    output_error_.resize(points * h);
  }
}

template <class Real>
Index Sweep<Real>::elements(const SweepShape& shape, int num_dims, Index points, Index max_width, bool training) {
  const Index h = shape.hidden;
  const Index dims = num_dims;
  const bool lstm = is_lstm(shape.type);
  const Index kept_points = training ? points : 2 * max_width;
  Index per_point = shape.net_size() + h;
  Index per_column = dims * h;
  if (lstm) {
    per_point += 2 * h;
    per_column += dims * h + (dims + 2) * h;
  }
  if (training) {
    per_column += h + shape.net_size() + dims * h + 2 * h;
    if (lstm) per_column += 3 * h;
  }
  return kept_points * per_point + max_width * per_column;
}

// Wave w's part of a buffer: everything is kept for backward, else two waves by turns.
template <class Real>
Real* Sweep<Real>::kept(Buffer<Real>& buffer, const WaveSchedule& schedule, Index w, Index units) const {
  const Index first = keep_ == Keep::kNothing ? (w & 1) * schedule.max_width() : schedule.wave_start(w);
  return buffer.data() + first * units;
}

// In 1D the columns mostly stay the same from wave to wave: then nothing is copied.
template <class Real>
const Real* Sweep<Real>::predecessors(const WaveSchedule& schedule, Index w, const Real* before, Index hidden,
                                      Real* gathered) const {
  if (w > 0 && schedule.num_dims() == 1) {
    const WaveSchedule::Runs runs = schedule.runs(w, 0);
    const Index n = schedule.width(w);
    if (n == schedule.width(w - 1) && runs.last - runs.first == 1 && runs.first->length == n) return before;
  }
  gather_predecessors(schedule, w, before, hidden, gathered);
  return gathered;
}

template <class Real>
const Real* Sweep<Real>::expand_peepholes(const SweepShape& shape, const WaveSchedule& schedule, const Real* peepholes,
                                          Index n) {
  if (n == 1) return peepholes;
  if (n != expanded_width_) {
    Real* to = expanded_.data();
    for (Index i = 0; i < (schedule.num_dims() + 2) * shape.hidden; ++i, to += n) std::fill_n(to, n, peepholes[i]);
    expanded_width_ = n;
  }
  return expanded_.data();
}

template <class Real>
void Sweep<Real>::forward(const SweepShape& shape, const SweepWeights<Real>& weights, const WaveSchedule& schedule,
                          const Real* net, Index net_stride, Real* output, Index output_stride, Keep keep) {
  prepare(shape, schedule, keep);
  const Index h = shape.hidden;
  const Index dims = schedule.num_dims();
  const bool lstm = is_lstm(shape.type);
  const Index* rows = schedule.rows(shape.direction);
  for (Index w = 0; w < schedule.num_waves(); ++w) {
    const Index n = schedule.width(w);
    Real* gates = kept(gates_, schedule, w, shape.net_size());
    Real* out = kept(output_, schedule, w, h);
    gather_wave(net, net_stride, rows + schedule.wave_start(w), n, shape.net_size(), gates);
    if (shape.recurrent && w > 0 && dims > 0) {
      const Real* before = predecessors(schedule, w, kept(output_, schedule, w - 1, h), h, before_output_.data());
      add_product<Real>({weights.recurrent, shape.net_size(), dims * h}, {before, dims * h, n},
                        {gates, shape.net_size(), n});
    }
    Real* traced_net = keep == Keep::kForTrace ? kept(net_, schedule, w, shape.net_size()) : nullptr;
    if (traced_net != nullptr) std::copy_n(gates, shape.net_size() * n, traced_net);
    if (lstm) {
      const Real* before_state =
          predecessors(schedule, w, w > 0 ? kept(state_, schedule, w - 1, h) : nullptr, h, before_state_.data());
      const LstmWave<Real> wave{h * n,
                                schedule.num_dims(),
                                expand_peepholes(shape, schedule, weights.peepholes, n),
                                before_state,
                                gates,
                                kept(state_, schedule, w, h),
                                kept(squashed_, schedule, w, h)};
      cell_forward(shape.type, wave, out);
      if (traced_net != nullptr) add_peepholes(wave, traced_net);
    } else {
      pointwise_forward(shape.type, gates, h * n, out);
    }
    scatter_wave(out, rows + schedule.wave_start(w), n, h, output, output_stride);
  }
}

template <class Real>
void Sweep<Real>::backward(const SweepShape& shape, const SweepWeights<Real>& weights, const WaveSchedule& schedule,
                           const Real* d_output, Index output_stride, Real* deltas, Index net_stride, Real* d_peepholes,
                           Real limit) {
  const Index h = shape.hidden;
  const Index dims = schedule.num_dims();
  const bool lstm = is_lstm(shape.type);
  const Index* rows = schedule.rows(shape.direction);
  const Index last = schedule.num_waves() - 1;
  std::fill_n(carried_error_[last & 1].data(), h * schedule.width(last), Real(0));
  if (lstm) std::fill_n(carried_state_[last & 1].data(), h * schedule.width(last), Real(0));

  for (Index w = last; w >= 0; --w) {
    const Index n = schedule.width(w);
    const Index m = h * n;
    const Real* carried = carried_error_[w & 1].data();
    Real* error = keep_ == Keep::kForTrace ? kept(output_error_, schedule, w, h) : error_.data();
    gather_wave(d_output, output_stride, rows + schedule.wave_start(w), n, h, error);
    for (Index i = 0; i < m; ++i) error[i] += carried[i];

    if (lstm) {
      const Real* before_state =
          predecessors(schedule, w, w > 0 ? kept(state_, schedule, w - 1, h) : nullptr, h, before_state_.data());
      const LstmWave<Real> wave{m,
                                schedule.num_dims(),
                                expand_peepholes(shape, schedule, weights.peepholes, n),
                                before_state,
                                kept(gates_, schedule, w, shape.net_size()),
                                kept(state_, schedule, w, h),
                                kept(squashed_, schedule, w, h)};
      Real* d_state = keep_ == Keep::kForTrace ? kept(cell_error_, schedule, w, h) : d_state_.data();
      cell_backward(
          shape.type, wave,
          LstmWaveErrors<Real>{error, carried_state_[w & 1].data(), deltas_.data(), d_state, d_before_.data()}, limit);
      add_peephole_gradients(shape, schedule.num_dims(), n, before_state, wave.state, d_peepholes);
    } else {
      pointwise_backward(shape.type, kept(output_, schedule, w, h), error, m, deltas_.data());
    }
    scatter_wave(deltas_.data(), rows + schedule.wave_start(w), n, shape.net_size(), deltas, net_stride);
    if (w == 0) break;

    const Index m_before = h * schedule.width(w - 1);
    if (lstm) {
      Real* carry = carried_state_[(w - 1) & 1].data();
      std::fill_n(carry, m_before, Real(0));
      scatter_predecessors(schedule, w, d_before_.data(), h, carry);
    }
    Real* carry = carried_error_[(w - 1) & 1].data();
    std::fill_n(carry, m_before, Real(0));
    if (shape.recurrent && dims > 0) {
      set_product_tn<Real>({weights.recurrent, shape.net_size(), dims * h}, {deltas_.data(), shape.net_size(), n},
                           {d_before_.data(), dims * h, n});
      scatter_predecessors(schedule, w, d_before_.data(), h, carry);
    }
  }
}

template <class Real>
void Sweep<Real>::add_peephole_gradients(const SweepShape& shape, int num_dims, Index n, const Real* before,
                                         const Real* state, Real* d_peepholes) const {
  const Index h = shape.hidden;
  const Index dims = num_dims;
  const auto gate = [&](Index g) { return ConstMatrix<Real>(deltas_.data() + g * h * n, h, n); };
  for (Index d = 0; d < dims; ++d) {
    const ConstMatrix<Real> states(before + d * h * n, h, n);
    add_row_dots<Real>(gate(0), states, d_peepholes);
    add_row_dots<Real>(gate(1 + d), states, d_peepholes + (1 + d) * h);
  }
  add_row_dots<Real>(gate(dims + 2), ConstMatrix<Real>(state, h, n), d_peepholes + (1 + dims) * h);
}

template <class Real>
void Sweep<Real>::read(const SweepShape& shape, const WaveSchedule& schedule, Variable variable, Real* rows,
                       Index stride) const {
  const Buffer<Real>* buffer = nullptr;
  switch (variable) {
    case Variable::kNet:
      buffer = &net_;
      break;
    case Variable::kGates:
      buffer = &gates_;
      break;
    case Variable::kState:
      buffer = &state_;
      break;
    case Variable::kCellError:
      buffer = &cell_error_;
      break;
    case Variable::kOutputError:
      buffer = &output_error_;
      break;
  }
  const bool wide = variable == Variable::kNet || variable == Variable::kGates;
  const Index units = wide ? shape.net_size() : shape.hidden;
  for (Index w = 0; w < schedule.num_waves(); ++w) {
    scatter_wave(buffer->data() + schedule.wave_start(w) * units,
                 schedule.rows(shape.direction) + schedule.wave_start(w), schedule.width(w), units, rows, stride);
  }
}

template class Sweep<float>;
template class Sweep<double>;

}  // namespace rnnlib
