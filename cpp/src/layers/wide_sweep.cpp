// SPDX-License-Identifier: Apache-2.0
#include "layers/wide_sweep.h"

#include <algorithm>

#include "layers/lstm_cell.h"

namespace rnnlib {

namespace {

// Per dimension the row of a neighbour, or zeros beyond the border.
template <class Real>
struct Neighbours {
  const Real* rows[kMaxDims];

  template <class RowOf>
  void find(const WaveSchedule& schedule, bool after, Index position, const Real* zeros, const RowOf& row_of) {
    for (int d = 0; d < schedule.num_dims(); ++d) {
      const Index neighbour = after ? schedule.after(d)[position] : schedule.before(d)[position];
      rows[d] = neighbour < 0 ? zeros : row_of(neighbour, d);
    }
  }
};

// Points of a buffer that holds two waves by turns.
Index two_waves(const WaveSchedule& schedule) {
  return std::min<Index>(schedule.num_waves(), 2) * schedule.max_width();
}

// Calls use(wave, first position, number of points) for the parts of a piece's waves.
template <class Use>
void for_waves(const WaveSchedule& schedule, const WaveSchedule::Piece& piece, const Use& use) {
  for (Index w = piece.first_wave; w < piece.end_wave; ++w) {
    const Index first = std::max(piece.begin, schedule.wave_start(w));
    use(w, first, std::min(piece.end, schedule.wave_start(w + 1)) - first);
  }
}

}  // namespace

template <class Real>
void WideSweep<Real>::prepare(const SweepShape& shape, const WaveSchedule& schedule, Keep keep) {
  keep_ = keep;
  const Index h = shape.hidden;
  const Index points = schedule.num_points();
  if (is_lstm(shape.type)) {
    const Index kept = keep == Keep::kNothing ? two_waves(schedule) : points;
    state_.resize(kept * h);
    squashed_.resize(kept * h);
  }
  if (keep != Keep::kNothing) gates_.resize(points * shape.net_stride());
  net_.resize(schedule.max_piece() * shape.net_stride());
  row_.resize(std::max(2 * h, shape.net_stride()));
  products_.prepare(shape, schedule.max_piece());
  if (keep == Keep::kForTrace) {
    traced_net_.resize(points * shape.net_size());
    traced_gates_.resize(points * shape.net_size());
  }
}

template <class Real>
void WideSweep<Real>::prepare_backward(const SweepShape& shape, const WaveSchedule& schedule) {
  const Index h = shape.hidden;
  const Index columns = shape.num_dims * h;
  carried_output_.resize(two_waves(schedule) * padded(columns));
  if (is_lstm(shape.type)) {
    carried_state_.resize(two_waves(schedule) * columns);
    blocked_peepholes_.resize(shape.num_peepholes() * blocked_elements<Real>(h));
    blocked_peepholes_.fill(Real(0));
  }
  if (keep_ == Keep::kForTrace) {
    cell_error_.resize(schedule.num_points() * h);
    output_error_.resize(schedule.num_points() * h);
  }
}

template <class Real>
Index WideSweep<Real>::elements(const SweepShape& shape, Index points, Index max_width, bool training) {
  const Index h = shape.hidden;
  const Index two_waves = std::min(points, 2 * max_width);
  const Index piece = std::min<Index>(points, 64);
  const bool lstm = is_lstm(shape.type);
  Index total = piece * shape.net_stride() + shape.net_stride() + SweepProducts<Real>::elements(shape, piece);
  if (lstm) total += 2 * h * (training ? points : two_waves);
  if (training) total += points * shape.net_stride() + two_waves * shape.num_dims * h * (lstm ? 2 : 1);
  return total;
}

// Where a point of wave w lies in a buffer that holds all points, or two waves by turns.
template <class Real>
Index WideSweep<Real>::place(const WaveSchedule& schedule, Index w, Index position) const {
  if (keep_ != Keep::kNothing) return position;
  return (w & 1) * schedule.max_width() + position - schedule.wave_start(w);
}

template <class Real>
void WideSweep<Real>::forward(const SweepShape& shape, const SweepWeights<Real>& weights, const WaveSchedule& schedule,
                              Rows<const Real> input, Rows<Real> output, Keep keep) {
  prepare(shape, schedule, keep);
  const Index stride = shape.net_stride();
  const std::int32_t* rows = schedule.rows(shape.direction);
  for (const WaveSchedule::Piece& piece : schedule.pieces()) {
    products_.add_inputs(shape, weights, schedule, piece.begin, piece.end - piece.begin, input, net_.data());
    for_waves(schedule, piece, [&](Index w, Index first, Index n) {
      Real* net = net_.data() + (first - piece.begin) * stride;
      if (w > 0 && shape.recurrent_size() > 0) {
        products_.add_recurrence(shape, weights, schedule, first, n, {output.data, output.stride}, net);
      }
      cells_forward(shape, weights, schedule, w, first, n, rows, net, output);
    });
  }
}

template <class Real>
void WideSweep<Real>::cells_forward(const SweepShape& shape, const SweepWeights<Real>& weights,
                                    const WaveSchedule& schedule, Index w, Index first, Index n,
                                    const std::int32_t* rows, const Real* net, Rows<Real> output) {
  const Index h = shape.hidden;
  const bool kept = keep_ != Keep::kNothing;
  if (!is_lstm(shape.type)) {
    with_activation(shape.type, [&](auto f) {
      for (Index j = 0; j < n; ++j) {
        const Real* a = net + j * shape.net_stride();
        Real* y = output[rows[first + j]];
        RNNLIB_INDEPENDENT
        for (Index i = 0; i < h; ++i) y[i] = decltype(f)::value(a[i]);
        if (keep_ == Keep::kForTrace) std::copy_n(a, h, traced_net_.data() + (first + j) * h);
      }
    });
    return;
  }
  with_lstm(shape.type, shape.num_dims, [&](auto cell_input, auto cell_output, auto dims) {
    Neighbours<Real> before;
    for (Index j = 0; j < n; ++j) {
      const Index position = first + j;
      before.find(schedule, false, position, products_.zeros(),
                  [&](Index p, int) { return state_.data() + place(schedule, w - 1, p) * h; });
      const Index own = place(schedule, w, position) * h;
      const Real* a = net + j * shape.net_stride();
      Real* activations = kept ? gates_.data() + position * shape.net_stride() : row_.data();
      const LstmPoint<Real> point{h,
                                  shape.num_dims,
                                  a,
                                  weights.peepholes,
                                  before.rows,
                                  activations,
                                  state_.data() + own,
                                  squashed_.data() + own,
                                  output[rows[position]]};
      lstm_forward<decltype(cell_input), decltype(cell_output), dims()>(point);
      if (keep_ == Keep::kForTrace) {
        Real* traced = traced_net_.data() + position * shape.net_size();
        std::copy_n(a, shape.net_size(), traced);
        add_peepholes(point, traced);
        std::copy_n(activations, shape.net_size(), traced_gates_.data() + position * shape.net_size());
      }
    }
  });
}

template <class Real>
void WideSweep<Real>::backward(const SweepShape& shape, const SweepWeights<Real>& weights, const WaveSchedule& schedule,
                               Rows<const Real> input, Rows<const Real> output, Rows<const Real> d_output, Real limit,
                               Real* d_matrix, Real* d_peepholes) {
  prepare_backward(shape, schedule);
  const std::int32_t* rows = schedule.rows(shape.direction);
  const std::vector<WaveSchedule::Piece>& pieces = schedule.pieces();
  for (std::size_t i = pieces.size(); i-- > 0;) {
    const WaveSchedule::Piece& piece = pieces[i];
    for (Index w = piece.end_wave; w-- > piece.first_wave;) {
      const Index first = std::max(piece.begin, schedule.wave_start(w));
      const Index n = std::min(piece.end, schedule.wave_start(w + 1)) - first;
      cells_backward(shape, weights, schedule, w, first, n, rows, output, d_output, limit);
      if (w > 0 && shape.recurrent_size() > 0) {
        const Index place = (w & 1) * schedule.max_width() + first - schedule.wave_start(w);
        products_.carry_errors(shape, weights, n, gates_.data() + first * shape.net_stride(),
                               carried_output_.data() + place * padded(shape.num_dims * shape.hidden));
      }
    }
    products_.add_gradients(shape, schedule, piece.begin, piece.end - piece.begin, input, output,
                            gates_.data() + piece.begin * shape.net_stride(), d_matrix);
  }
  if (is_lstm(shape.type)) add_blocked(blocked_peepholes_.data(), shape.num_peepholes(), shape.hidden, d_peepholes);
}

template <class Real>
void WideSweep<Real>::cells_backward(const SweepShape& shape, const SweepWeights<Real>& weights,
                                     const WaveSchedule& schedule, Index w, Index first, Index n,
                                     const std::int32_t* rows, Rows<const Real> output, Rows<const Real> d_output,
                                     Real limit) {
  const Index h = shape.hidden;
  const Index columns = shape.num_dims * h;
  const Index width = schedule.max_width();
  const bool traced = keep_ == Keep::kForTrace;
  const auto carried = [&](Index wave, Index position) {
    return (wave & 1) * width + position - schedule.wave_start(wave);
  };
  Neighbours<Real> output_after;
  const auto find_output_after = [&](Index position) {
    if (shape.recurrent_size() == 0) {
      std::fill_n(output_after.rows, shape.num_dims, products_.zeros());
      return;
    }
    output_after.find(schedule, true, position, products_.zeros(), [&](Index p, int d) {
      return carried_output_.data() + carried(w + 1, p) * padded(columns) + d * h;
    });
  };
  if (!is_lstm(shape.type)) {
    with_activation(shape.type, [&](auto f) {
      for (Index j = 0; j < n; ++j) {
        const Index position = first + j;
        const Index row = rows[position];
        find_output_after(position);
        const Real* y = output[row];
        Real* error = traced ? output_error_.data() + position * h : row_.data();
        std::copy_n(d_output[row], h, error);
        for (int d = 0; d < shape.num_dims; ++d) {
          for (Index i = 0; i < h; ++i) error[i] += output_after.rows[d][i];
        }
        Real* deltas = gates_.data() + position * shape.net_stride();
        RNNLIB_INDEPENDENT
        for (Index i = 0; i < h; ++i) deltas[i] = decltype(f)::derivative(y[i]) * error[i];
        std::fill(deltas + h, deltas + shape.net_stride(), Real(0));
      }
    });
    return;
  }
  with_lstm(shape.type, shape.num_dims, [&](auto cell_input, auto cell_output, auto dims) {
    Neighbours<Real> before;
    Neighbours<Real> state_after;
    Real* deltas = net_.data();
    Real* error = row_.data();
    Real* state_error = row_.data() + h;
    std::fill(deltas + shape.net_size(), deltas + shape.net_stride(), Real(0));
    for (Index j = 0; j < n; ++j) {
      const Index position = first + j;
      const Index row = rows[position];
      before.find(schedule, false, position, products_.zeros(), [&](Index p, int) { return state_.data() + p * h; });
      find_output_after(position);
      state_after.find(schedule, true, position, products_.zeros(),
                       [&](Index p, int d) { return carried_state_.data() + carried(w + 1, p) * columns + d * h; });
      if (traced) {
        error = output_error_.data() + position * h;
        state_error = cell_error_.data() + position * h;
      }
      Real* gates = gates_.data() + position * shape.net_stride();
      lstm_backward<decltype(cell_input), decltype(cell_output), dims()>(LstmPointErrors<Real>{
          h, shape.num_dims, gates, weights.peepholes, before.rows, state_.data() + position * h,
          squashed_.data() + position * h, d_output[row], output_after.rows, state_after.rows, limit, deltas,
          carried_state_.data() + carried(w, position) * columns, blocked_peepholes_.data(), error, state_error});
      std::copy_n(deltas, shape.net_stride(), gates);
    }
  });
}

template <class Real>
void WideSweep<Real>::read(const SweepShape& shape, const WaveSchedule& schedule, SweepVariable variable,
                           Real* rows) const {
  const Traced<Real> traced =
      choose_traced(variable, shape, traced_net_, traced_gates_, state_, cell_error_, output_error_);
  const std::int32_t* row = schedule.rows(shape.direction);
  for (Index p = 0; p < schedule.num_points(); ++p) {
    std::copy_n(traced.values + p * traced.units, traced.units, rows + row[p] * traced.units);
  }
}

template class WideSweep<float>;
template class WideSweep<double>;

}  // namespace rnnlib
