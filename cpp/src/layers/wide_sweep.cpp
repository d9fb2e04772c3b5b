// SPDX-License-Identifier: Apache-2.0
#include "layers/wide_sweep.h"

#include <algorithm>

#include "layers/unit_blocks.h"

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

// Where a point of wave w lies in a buffer that holds two waves, double-buffered.
Index of_two_waves(const WaveSchedule& schedule, Index w, Index position) {
  return (w & 1) * schedule.max_width() + position - schedule.wave_start(w);
}

// Between the rows of propagated errors.
Index propagated_stride(const SweepShape& shape) { return padded(shape.num_dims * shape.hidden); }

}  // namespace

template <class Real>
void WideSweep<Real>::size_buffers(const SweepShape& shape, const SweepExtent& extent, Keep keep, BufferSizer& size) {
  const Index kept = keep == Keep::kNothing ? extent.two_waves() : extent.points;
  if (shape.has_state) size(state_, kept * shape.hidden);
  if (shape.has_extra) size(extra_, kept * shape.hidden);
  if (keep != Keep::kNothing) size(gates_, extent.points * shape.net_stride());
  size(net_, extent.max_tile * shape.net_stride());
  size(row_, std::max(2 * shape.hidden, shape.net_stride()));
  products_.size_buffers(shape, extent.max_tile, size);
  if (keep == Keep::kForTrace) {
    size(traced_net_, extent.points * shape.net_size());
    size(traced_gates_, extent.points * shape.net_size());
  }
}

template <class Real>
void WideSweep<Real>::size_backward(const SweepShape& shape, const SweepExtent& extent, Keep keep, BufferSizer& size) {
  size(propagated_output_, extent.two_waves() * propagated_stride(shape));
  if (shape.has_state) size(propagated_state_, extent.two_waves() * shape.num_dims * shape.hidden);
  if (shape.peepholes > 0) size(blocked_peepholes_, shape.peepholes * blocked_elements<Real>(shape.hidden));
  if (keep == Keep::kForTrace) {
    size(cell_error_, extent.points * shape.hidden);
    size(output_error_, extent.points * shape.hidden);
  }
}

template <class Real>
void WideSweep<Real>::prepare(const SweepShape& shape, const WaveSchedule& schedule, Keep keep) {
  keep_ = keep;
  BufferSizer size = BufferSizer::resizing();
  size_buffers(shape, extent_of(schedule), keep, size);
  products_.prepare();
}

template <class Real>
void WideSweep<Real>::prepare_backward(const SweepShape& shape, const WaveSchedule& schedule) {
  BufferSizer size = BufferSizer::resizing();
  size_backward(shape, extent_of(schedule), keep_, size);
  if (shape.peepholes > 0) blocked_peepholes_.fill(Real(0));
}

// Where a point of wave w lies in a buffer that holds all points, or only two waves when nothing is kept.
template <class Real>
Index WideSweep<Real>::place(const WaveSchedule& schedule, Index w, Index position) const {
  return keep_ != Keep::kNothing ? position : of_two_waves(schedule, w, position);
}

// The part of wave w that lies in a tile.
template <class Real>
typename WideSweep<Real>::WavePart WideSweep<Real>::part(const WaveSchedule& schedule, const WaveSchedule::Tile& tile,
                                                         Index w) {
  const Index first = std::max(tile.begin, schedule.wave_start(w));
  return {w, first, std::min(tile.end, schedule.wave_start(w + 1)) - first};
}

template <class Real>
void WideSweep<Real>::forward(const SweepShape& shape, const SweepWeights<Real>& weights, const WaveSchedule& schedule,
                              Rows<const Real> input, Rows<Real> output, Keep keep) {
  prepare(shape, schedule, keep);
  const Index stride = shape.net_stride();
  const CellCode<Real> cell = cell_code<Real>(shape.type, shape.num_dims);
  for (const WaveSchedule::Tile& tile : schedule.tiles()) {
    products_.add_inputs(shape, weights, schedule, tile.begin, tile.end - tile.begin, input, net_.data());
    for (Index w = tile.first_wave; w < tile.end_wave; ++w) {
      const WavePart wave = part(schedule, tile, w);
      Real* net = net_.data() + (wave.first - tile.begin) * stride;
      if (w > 0 && shape.recurrent_size() > 0) {
        products_.add_recurrence(shape, weights, schedule, wave.first, wave.n, {output.data, output.stride}, net);
      }
      cells_forward(cell, shape, weights.peepholes, schedule, wave, net, output);
    }
  }
}

template <class Real>
void WideSweep<Real>::cells_forward(const CellCode<Real>& cell, const SweepShape& shape, const Real* peepholes,
                                    const WaveSchedule& schedule, const WavePart& wave, const Real* net,
                                    Rows<Real> output) {
  const Index h = shape.hidden;
  const std::int32_t* rows = schedule.rows(shape.direction);
  Neighbours<Real> before;
  CellPoint<Real> point{};
  point.hidden = h;
  point.num_dims = shape.num_dims;
  point.peepholes = peepholes;
  point.before = before.rows;
  for (Index j = 0; j < wave.n; ++j) {
    const Index position = wave.first + j;
    point.net = net + j * shape.net_stride();
    point.output = output[rows[position]];
    if (shape.has_state) {
      before.find(schedule, false, position, products_.zeros(),
                  [&](Index p, int) { return state_.data() + place(schedule, wave.w - 1, p) * h; });
      const Index own = place(schedule, wave.w, position) * h;
      point.gates = keep_ == Keep::kNothing ? row_.data() : gates_.data() + position * shape.net_stride();
      point.state = state_.data() + own;
      if (shape.has_extra) point.extra = extra_.data() + own;
    }
    cell.forward(point);
    if (keep_ == Keep::kForTrace) {
      Real* traced = traced_net_.data() + position * shape.net_size();
      std::copy_n(point.net, shape.net_size(), traced);
      cell.add_peepholes(point, traced);
      if (shape.has_state) {
        std::copy_n(point.gates, shape.net_size(), traced_gates_.data() + position * shape.net_size());
      }
    }
  }
}

template <class Real>
void WideSweep<Real>::backward(const SweepShape& shape, const SweepWeights<Real>& weights, const WaveSchedule& schedule,
                               const BackwardPass<Real>& pass) {
  prepare_backward(shape, schedule);
  const Index stride = shape.net_stride();
  const std::vector<WaveSchedule::Tile>& tiles = schedule.tiles();
  const CellCode<Real> cell = cell_code<Real>(shape.type, shape.num_dims);
  for (std::size_t i = tiles.size(); i-- > 0;) {
    const WaveSchedule::Tile& tile = tiles[i];
    for (Index w = tile.end_wave; w-- > tile.first_wave;) {
      const WavePart wave = part(schedule, tile, w);
      cells_backward(cell, shape, weights.peepholes, schedule, wave, pass);
      if (w == 0 || shape.recurrent_size() == 0) continue;
      products_.propagate_errors(
          shape, weights, wave.n, gates_.data() + wave.first * stride,
          propagated_output_.data() + of_two_waves(schedule, w, wave.first) * propagated_stride(shape));
    }
    products_.add_gradients(shape, schedule, tile.begin, tile.end - tile.begin, pass.input, pass.output,
                            gates_.data() + tile.begin * stride, pass.d_matrix);
  }
  if (shape.peepholes > 0) add_blocked(blocked_peepholes_.data(), shape.peepholes, shape.hidden, pass.d_peepholes);
}

template <class Real>
void WideSweep<Real>::cells_backward(const CellCode<Real>& cell, const SweepShape& shape, const Real* peepholes,
                                     const WaveSchedule& schedule, const WavePart& wave,
                                     const BackwardPass<Real>& pass) {
  const Index h = shape.hidden;
  const Index columns = shape.num_dims * h;
  const bool traced = keep_ == Keep::kForTrace;
  const std::int32_t* rows = schedule.rows(shape.direction);
  const Real* zeros = products_.zeros();
  Neighbours<Real> before;
  Neighbours<Real> output_after;
  Neighbours<Real> state_after;
  CellErrors<Real> point{};
  point.hidden = h;
  point.num_dims = shape.num_dims;
  point.peepholes = peepholes;
  point.before = before.rows;
  point.output_after = output_after.rows;
  point.state_after = state_after.rows;
  point.limit = pass.limit;
  point.d_peepholes = shape.peepholes > 0 ? blocked_peepholes_.data() : nullptr;
  point.output_error = row_.data();
  point.own_state_error = row_.data() + h;
  std::fill_n(output_after.rows, shape.num_dims, zeros);  // and so they stay without recurrent connections
  if (shape.has_state) std::fill(net_.data() + shape.net_size(), net_.data() + shape.net_stride(), Real(0));
  for (Index j = 0; j < wave.n; ++j) {
    const Index position = wave.first + j;
    Real* gates = gates_.data() + position * shape.net_stride();
    if (shape.recurrent_size() > 0) {
      output_after.find(schedule, true, position, zeros, [&](Index p, int d) {
        return propagated_output_.data() + of_two_waves(schedule, wave.w + 1, p) * propagated_stride(shape) + d * h;
      });
    }
    if (traced) point.output_error = output_error_.data() + position * h;
    point.d_output = pass.d_output[rows[position]];
    point.output = pass.output[rows[position]];
    point.gates = gates;
    point.deltas = shape.has_state ? net_.data() : gates;
    if (shape.has_state) {
      before.find(schedule, false, position, zeros, [&](Index p, int) { return state_.data() + p * h; });
      state_after.find(schedule, true, position, zeros, [&](Index p, int d) {
        return propagated_state_.data() + of_two_waves(schedule, wave.w + 1, p) * columns + d * h;
      });
      point.state = state_.data() + position * h;
      if (shape.has_extra) point.extra = extra_.data() + position * h;
      point.state_error = propagated_state_.data() + of_two_waves(schedule, wave.w, position) * columns;
      if (traced) point.own_state_error = cell_error_.data() + position * h;
    }
    cell.backward(point);
    if (shape.has_state) {
      std::copy_n(point.deltas, shape.net_stride(), gates);
    } else {
      std::fill(gates + shape.net_size(), gates + shape.net_stride(), Real(0));
    }
  }
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
