// SPDX-License-Identifier: Apache-2.0
#include "layers/narrow_sweep.h"

#include <algorithm>
#include <vector>

#include "layers/lstm_cell.h"
#include "tensor/product.h"
#include "tensor/transpose.h"

namespace rnnlib {

namespace {

// Points whose gradients are added together, where waves are narrow.
constexpr Index kGradientPoints = 64;

// The first of the waves up to w whose gradients are added together.
Index first_of_group(const WaveSchedule& schedule, Index w) {
  Index first = w;
  while (first > 0 && schedule.wave_start(w + 1) - schedule.wave_start(first - 1) <= kGradientPoints) --first;
  return first;
}

// Pointers to the D parts of an array [D, m].
template <class Real>
struct Parts {
  const Real* of[kMaxDims];
  Parts(const Real* all, Index m, int num_dims) {
    for (int d = 0; d < num_dims; ++d) of[d] = all + d * m;
  }
};

}  // namespace

template <class Real>
void NarrowSweep<Real>::prepare(const SweepShape& shape, const WaveSchedule& schedule, Keep keep) {
  keep_ = keep;
  expanded_width_ = 0;
  const Index h = shape.hidden;
  const Index dims = shape.num_dims;
  const Index width = schedule.max_width();
  const Index points = keep == Keep::kNothing ? 2 * width : schedule.num_points();
  gates_.resize(points * shape.net_size());
  state_.resize(points * h);
  squashed_.resize(points * h);
  read_.resize(width);
  written_.resize(width);
  net_rows_.resize(width * shape.net_stride());
  net_.resize(width * shape.net_size());
  output_.resize(width * h);
  before_.resize(width * dims * h);
  expanded_.resize(width * (dims + 2) * h);
  products_.prepare(shape, std::max(width, kGradientPoints));
  if (keep != Keep::kNothing) {
    error_.resize(width * h);
    state_error_.resize(width * h);
    output_after_.resize(width * dims * h);
    state_after_.resize(width * dims * h);
    carried_rows_.resize(width * padded(dims * h));
    carried_output_.resize(width * dims * h);
    carried_state_.resize(2 * width * dims * h);
  }
  if (keep == Keep::kForTrace) {
    traced_net_.resize(points * shape.net_size());
    cell_error_.resize(points * h);
    output_error_.resize(points * h);
  }
}

template <class Real>
Index NarrowSweep<Real>::elements(const SweepShape& shape, Index points, Index max_width, bool training) {
  const Index h = shape.hidden;
  const Index dims = shape.num_dims;
  const Index kept = training ? points : 2 * max_width;
  Index columns = shape.net_stride() + shape.net_size() + h + dims * h + (dims + 2) * h;
  if (training) columns += 2 * h + 2 * dims * h + padded(dims * h) + 3 * dims * h;
  return (training ? points * shape.net_stride() : 0) + kept * (shape.net_size() + 2 * h) + max_width * columns +
         SweepProducts<Real>::elements(shape, max_width);
}

// Wave w's part of a buffer: everything is kept for backward, else two waves by turns.
template <class Real>
Real* NarrowSweep<Real>::of_wave(Buffer<Real>& buffer, const WaveSchedule& schedule, Index w, Index units) const {
  const Index first = keep_ == Keep::kNothing ? (w & 1) * schedule.max_width() : schedule.wave_start(w);
  return buffer.data() + first * units;
}

template <class Real>
const Real* NarrowSweep<Real>::expand_peepholes(const SweepShape& shape, const Real* peepholes, Index n) {
  if (n != expanded_width_) {
    Real* to = expanded_.data();
    for (Index i = 0; i < shape.num_peepholes() * shape.hidden; ++i, to += n) std::fill_n(to, n, peepholes[i]);
    expanded_width_ = n;
  }
  return expanded_.data();
}

template <class Real>
void NarrowSweep<Real>::forward(const SweepShape& shape, const SweepWeights<Real>& weights,
                                const WaveSchedule& schedule, Rows<const Real> input, Rows<Real> output, Keep keep) {
  prepare(shape, schedule, keep);
  const Index h = shape.hidden;
  const int dims = shape.num_dims;
  const Index stride = shape.net_stride();
  with_lstm(shape.type, dims, [&](auto cell_input, auto cell_output, auto constant_dims) {
    for (Index w = 0; w < schedule.num_waves(); ++w) {
      const Index first = schedule.wave_start(w);
      const Index n = schedule.width(w);
      const Index m = h * n;
      const std::int32_t* rows = schedule.rows(shape.direction) + first;
      products_.add_inputs(shape, weights, schedule, first, n, input, net_rows_.data());
      if (w > 0 && shape.recurrent_size() > 0) {
        products_.add_recurrence(shape, weights, schedule, first, n, {output.data, output.stride}, net_rows_.data());
      }
      Real* net = net_.data();
      for (Index j = 0; j < n; ++j) read_[j] = net_rows_.data() + j * stride;
      rows_to_columns<Real>(read_.data(), n, shape.net_size(), net);
      columns_before(schedule, w, w > 0 ? of_wave(state_, schedule, w - 1, h) : nullptr, h, before_.data());
      const Parts<Real> before(before_.data(), m, dims);
      const LstmPoint<Real> wave{m,
                                 dims,
                                 net,
                                 expand_peepholes(shape, weights.peepholes, n),
                                 before.of,
                                 of_wave(gates_, schedule, w, shape.net_size()),
                                 of_wave(state_, schedule, w, h),
                                 of_wave(squashed_, schedule, w, h),
                                 output_.data()};
      lstm_forward<decltype(cell_input), decltype(cell_output), constant_dims()>(wave);
      for (Index j = 0; j < n; ++j) written_[j] = output[rows[j]];
      columns_to_rows<Real>(output_.data(), n, h, written_.data());
      if (keep == Keep::kForTrace) {
        Real* traced = of_wave(traced_net_, schedule, w, shape.net_size());
        std::copy_n(net, shape.net_size() * n, traced);
        add_peepholes(wave, traced);
      }
    }
  });
}

template <class Real>
void NarrowSweep<Real>::backward(const SweepShape& shape, const SweepWeights<Real>& weights,
                                 const WaveSchedule& schedule, Rows<const Real> input, Rows<const Real> output,
                                 Rows<const Real> d_output, Real limit, bool keep_deltas, Real* d_matrix,
                                 Real* d_peepholes) {
  const Index h = shape.hidden;
  const int dims = shape.num_dims;
  const Index columns = dims * h;
  const bool traced = keep_ == Keep::kForTrace;
  const bool recurrent = shape.recurrent_size() > 0;
  const auto carried_state = [&](Index w) {
    return carried_state_.data() + (w & 1) * schedule.max_width() * columns;
  };
  if (!recurrent) output_after_.fill(Real(0));
  const Index stride = shape.net_stride();
  deltas_.resize((keep_deltas ? schedule.num_points() : std::max(schedule.max_width(), kGradientPoints)) * stride);
  Index group = schedule.num_waves();  // first wave of those whose gradients are added together
  Index group_end = group;
  with_lstm(shape.type, dims, [&](auto cell_input, auto cell_output, auto constant_dims) {
    for (Index w = schedule.num_waves(); w-- > 0;) {
      const Index first = schedule.wave_start(w);
      const Index n = schedule.width(w);
      const Index m = h * n;
      const std::int32_t* rows = schedule.rows(shape.direction) + first;

      if (w + 1 == group) {
        group_end = group;
        group = first_of_group(schedule, w);
      }
      const Index base = keep_deltas ? 0 : schedule.wave_start(group);  // the position of the first row of deltas_
      Real* deltas = deltas_.data() + (first - base) * stride;
      Real* error = traced ? of_wave(output_error_, schedule, w, h) : error_.data();
      Real* state_error = traced ? of_wave(cell_error_, schedule, w, h) : state_error_.data();
      for (Index j = 0; j < n; ++j) {
        read_[j] = d_output[rows[j]];
        written_[j] = deltas + j * stride;
      }
      rows_to_columns<Real>(read_.data(), n, h, output_.data());
      columns_before(schedule, w, w > 0 ? of_wave(state_, schedule, w - 1, h) : nullptr, h, before_.data());
      if (recurrent) columns_after(schedule, w, carried_output_.data(), h, output_after_.data());
      columns_after(schedule, w, carried_state(w + 1), h, state_after_.data());
      const Parts<Real> before(before_.data(), m, dims);
      const Parts<Real> output_after(output_after_.data(), m, dims);
      const Parts<Real> state_after(state_after_.data(), m, dims);
      const Real* state = of_wave(state_, schedule, w, h);
      lstm_backward<decltype(cell_input), decltype(cell_output), constant_dims()>(
          LstmPointErrors<Real>{m,
                                dims,
                                of_wave(gates_, schedule, w, shape.net_size()),
                                expand_peepholes(shape, weights.peepholes, n),
                                before.of,
                                state,
                                of_wave(squashed_, schedule, w, h),
                                output_.data(),
                                output_after.of,
                                state_after.of,
                                limit,
                                net_.data(),
                                carried_state(w),
                                nullptr,
                                error,
                                state_error});
      add_peephole_gradients(shape, n, state, d_peepholes);
      columns_to_rows<Real>(net_.data(), n, shape.net_size(), written_.data());
      for (Index j = 0; j < n; ++j) {
        for (Index c = shape.net_size(); c < stride; ++c) written_[j][c] = Real(0);
      }
      if (w > 0 && recurrent) {
        products_.carry_errors(shape, weights, n, deltas, carried_rows_.data());
        for (Index j = 0; j < n; ++j) read_[j] = carried_rows_.data() + j * padded(columns);
        rows_to_columns<Real>(read_.data(), n, columns, carried_output_.data());
      }
      if (w > group) continue;
      const Index end = schedule.wave_start(group_end);
      for (Index p = first; p < end; p += kGradientPoints) {
        products_.add_gradients(shape, schedule, p, std::min(kGradientPoints, end - p), input, output,
                                deltas + (p - first) * stride, d_matrix);
      }
    }
  });
}

template <class Real>
void NarrowSweep<Real>::add_peephole_gradients(const SweepShape& shape, Index n, const Real* state,
                                               Real* d_peepholes) const {
  const Index h = shape.hidden;
  const Index dims = shape.num_dims;
  const auto gate = [&](Index g) { return ConstMatrix<Real>(net_.data() + g * h * n, h, n); };
  for (Index d = 0; d < dims; ++d) {
    const ConstMatrix<Real> before(before_.data() + d * h * n, h, n);
    add_row_dots<Real>(gate(0), before, d_peepholes);
    add_row_dots<Real>(gate(1 + d), before, d_peepholes + (1 + d) * h);
  }
  add_row_dots<Real>(gate(dims + 2), ConstMatrix<Real>(state, h, n), d_peepholes + (1 + dims) * h);
}

template <class Real>
void NarrowSweep<Real>::read(const SweepShape& shape, const WaveSchedule& schedule, SweepVariable variable,
                             Real* rows) const {
  const Buffer<Real>* buffer = nullptr;
  switch (variable) {
    case SweepVariable::kNet:
      buffer = &traced_net_;
      break;
    case SweepVariable::kGates:
      buffer = &gates_;
      break;
    case SweepVariable::kState:
      buffer = &state_;
      break;
    case SweepVariable::kDeltas:
      break;
    case SweepVariable::kCellError:
      buffer = &cell_error_;
      break;
    case SweepVariable::kOutputError:
      buffer = &output_error_;
      break;
  }
  const bool wide = variable == SweepVariable::kNet || variable == SweepVariable::kGates;
  const Index units = wide ? shape.net_size() : shape.hidden;
  for (Index w = 0; w < schedule.num_waves(); ++w) {
    const std::int32_t* row = schedule.rows(shape.direction) + schedule.wave_start(w);
    std::vector<Real*> to;
    for (Index j = 0; j < schedule.width(w); ++j) to.push_back(rows + row[j] * units);
    columns_to_rows<Real>(buffer->data() + schedule.wave_start(w) * units, schedule.width(w), units, to.data());
  }
}

template class NarrowSweep<float>;
template class NarrowSweep<double>;

}  // namespace rnnlib
