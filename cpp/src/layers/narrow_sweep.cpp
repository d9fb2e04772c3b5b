// SPDX-License-Identifier: Apache-2.0
#include "layers/narrow_sweep.h"

#include <algorithm>

#include "tensor/transpose.h"

namespace rnnlib {

namespace {

// Columns whose gradients are added together, where waves are narrow.
constexpr Index kGradientColumns = 256;

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
void NarrowSweep<Real>::size_buffers(const SweepShape& shape, const SweepExtent& extent, Index columns, Keep keep,
                                     BufferSizer& size) {
  const Index h = shape.hidden;
  const Index stride = column_stride<Real>(extent.max_width);
  const bool training = keep != Keep::kNothing;
  const Index kept = training ? columns : 2 * stride;
  const Index together = training ? std::max(stride, kGradientColumns) : stride;
  size(gates_, kept * shape.net_size());
  size(state_, kept * h);
  if (shape.has_extra) size(extra_, kept * h);
  size(read_, extent.max_width);
  size(written_, extent.max_width);
  size(x_, together * shape.matrix_rows() + kSlack<Real>);
  size(net_, together * shape.net_size());
  size(output_, 2 * stride * h);
  size(before_, stride * shape.num_dims * h + kSlack<Real>);
  size(expanded_, stride * shape.peephole_elements());
  if (keep == Keep::kForTrace) {
    size(traced_net_, kept * shape.net_size());
    size(cell_error_, kept * h);
    size(output_error_, kept * h);
  }
}

template <class Real>
void NarrowSweep<Real>::size_backward(const SweepShape& shape, const SweepExtent& extent, bool keep_deltas,
                                      BufferSizer& size) {
  const Index stride = column_stride<Real>(extent.max_width);
  const Index columns = stride * shape.num_dims * shape.hidden;
  size(d_output_, stride * shape.hidden);
  size(error_, stride * shape.hidden);
  size(state_error_, stride * shape.hidden);
  size(output_after_, columns + kSlack<Real>);
  size(state_after_, columns + kSlack<Real>);
  size(propagated_output_, columns);
  size(propagated_state_, 2 * columns);
  size(matrix_lanes_, shape.matrix_rows() * shape.net_size() * kVectorLanes<Real>);
  size(peephole_lanes_, shape.peephole_elements() * kVectorLanes<Real>);
  if (keep_deltas) size(deltas_, extent.points * shape.net_stride());
}

// Most of a vector of a narrow wave is padding, half of a wide one's last.
template <class Real>
Index NarrowSweep<Real>::estimate_columns(const SweepExtent& extent) {
  return extent.points + extent.waves * kVectorLanes<Real> * 3 / 4;
}

template <class Real>
void NarrowSweep<Real>::prepare(const SweepShape& shape, const WaveSchedule& schedule, Keep keep) {
  keep_ = keep;
  expanded_stride_ = 0;
  max_stride_ = column_stride<Real>(schedule.max_width());
  strides_.clear();
  strides_.reserve(static_cast<std::size_t>(schedule.num_waves()));
  starts_.reserve(static_cast<std::size_t>(schedule.num_waves()) + 1);
  starts_.assign(1, 0);
  for (Index w = 0; w < schedule.num_waves(); ++w) {
    strides_.push_back(column_stride<Real>(schedule.width(w)));
    starts_.push_back(starts_.back() + strides_.back());
  }
  BufferSizer size = BufferSizer::resizing();
  size_buffers(shape, extent_of(schedule), starts_.back(), keep, size);
}

template <class Real>
void NarrowSweep<Real>::prepare_backward(const SweepShape& shape, const WaveSchedule& schedule, bool keep_deltas) {
  BufferSizer size = BufferSizer::resizing();
  size_backward(shape, extent_of(schedule), keep_deltas, size);
  output_after_.fill(Real(0));  // and so it stays without recurrent connections
  matrix_lanes_.fill(Real(0));
  peephole_lanes_.fill(Real(0));
}

template <class Real>
Real* NarrowSweep<Real>::of_wave(Buffer<Real>& buffer, Index w, Index units) const {
  const Index first = keep_ == Keep::kNothing ? (w & 1) * max_stride_ : starts_[static_cast<std::size_t>(w)];
  return buffer.data() + first * units;
}

template <class Real>
const Real* NarrowSweep<Real>::expand_peepholes(const SweepShape& shape, const Real* peepholes, Index stride) {
  if (stride != expanded_stride_) {
    Real* to = expanded_.data();
    for (Index i = 0; i < shape.peephole_elements(); ++i, to += stride) std::fill_n(to, stride, peepholes[i]);
    expanded_stride_ = stride;
  }
  return expanded_.data();
}

// outputs_before [H, stride of wave w - 1]
template <class Real>
void NarrowSweep<Real>::fill_x(const SweepShape& shape, const WaveSchedule& schedule, Index w, Rows<const Real> input,
                               const Real* outputs_before, Real* x) {
  const Index stride = strides_[static_cast<std::size_t>(w)];
  const Index n = schedule.width(w);
  const std::int32_t* rows = schedule.rows(shape.direction) + schedule.wave_start(w);
  std::fill_n(x, stride, Real(1));
  for (Index j = 0; j < n; ++j) read_[j] = input[rows[j]];
  rows_to_columns<Real>(read_.data(), n, shape.input_size, x + stride, stride);
  if (shape.recurrent_size() == 0) return;
  columns_before<Real>(schedule, w, outputs_before, w > 0 ? strides_[static_cast<std::size_t>(w - 1)] : 0, shape.hidden,
                       x + (1 + shape.input_size) * stride, stride);
}

template <class Real>
void NarrowSweep<Real>::forward(const SweepShape& shape, const SweepWeights<Real>& weights,
                                const WaveSchedule& schedule, Rows<const Real> input, Rows<Real> output, Keep keep) {
  prepare(shape, schedule, keep);
  const Index h = shape.hidden;
  const int dims = shape.num_dims;
  const auto outputs = [&](Index w) { return output_.data() + (w & 1) * max_stride_ * h; };
  const CellCode<Real> cell = cell_code<Real>(shape.type, shape.num_dims);
  for (Index w = 0; w < schedule.num_waves(); ++w) {
    const Index n = schedule.width(w);
    const Index stride = strides_[static_cast<std::size_t>(w)];
    const Index m = h * stride;
    fill_x(shape, schedule, w, input, outputs(w + 1), x_.data());
    column_product<Real>(weights.matrix + shape.net_stride(), shape.net_stride(), weights.matrix, x_.data() + stride,
                         shape.matrix_rows() - 1, shape.net_size(), stride, net_.data());

    columns_before<Real>(schedule, w, w > 0 ? of_wave(state_, w - 1, h) : nullptr,
                         w > 0 ? strides_[static_cast<std::size_t>(w - 1)] : 0, h, before_.data(), stride);
    const Parts<Real> before(before_.data(), m, dims);
    CellPoint<Real> wave{};
    wave.hidden = m;
    wave.num_dims = dims;
    wave.net = net_.data();
    wave.peepholes = expand_peepholes(shape, weights.peepholes, stride);
    wave.before = before.of;
    wave.gates = of_wave(gates_, w, shape.net_size());
    wave.state = of_wave(state_, w, h);
    if (shape.has_extra) wave.extra = of_wave(extra_, w, h);
    wave.output = outputs(w);
    cell.forward(wave);

    const std::int32_t* rows = schedule.rows(shape.direction) + schedule.wave_start(w);
    for (Index j = 0; j < n; ++j) written_[j] = output[rows[j]];
    columns_to_rows<Real>(outputs(w), stride, n, h, written_.data());
    if (keep == Keep::kForTrace) {
      Real* traced = of_wave(traced_net_, w, shape.net_size());
      std::copy_n(net_.data(), shape.net_size() * stride, traced);
      cell.add_peepholes(wave, traced);
    }
  }
}

// The outputs of wave w again, [H, stride].
template <class Real>
const Real* NarrowSweep<Real>::outputs_of(const CellCode<Real>& cell, const SweepShape& shape, Index w) {
  const Index m = shape.hidden * strides_[static_cast<std::size_t>(w)];
  const Real* extra = shape.has_extra ? of_wave(extra_, w, shape.hidden) : nullptr;
  return cell.outputs(shape.num_dims, m, of_wave(gates_, w, shape.net_size()), of_wave(state_, w, shape.hidden), extra,
                      output_.data());
}

template <class Real>
void NarrowSweep<Real>::gather_errors(const SweepShape& shape, const WaveSchedule& schedule, Index w,
                                      Rows<const Real> d_output) {
  const Index h = shape.hidden;
  const Index n = schedule.width(w);
  const Index stride = strides_[static_cast<std::size_t>(w)];
  const Index stride_after = w + 1 < schedule.num_waves() ? strides_[static_cast<std::size_t>(w + 1)] : 0;
  const std::int32_t* rows = schedule.rows(shape.direction) + schedule.wave_start(w);
  for (Index j = 0; j < n; ++j) read_[j] = d_output[rows[j]];
  rows_to_columns<Real>(read_.data(), n, h, d_output_.data(), stride);
  columns_before<Real>(schedule, w, w > 0 ? of_wave(state_, w - 1, h) : nullptr,
                       w > 0 ? strides_[static_cast<std::size_t>(w - 1)] : 0, h, before_.data(), stride);
  if (shape.recurrent_size() > 0) {
    columns_after<Real>(schedule, w, propagated_output_.data(), stride_after, h, output_after_.data(), stride);
  }
  columns_after<Real>(schedule, w, propagated_state(shape, w + 1), stride_after, h, state_after_.data(), stride);
}

// deltas [net, stride] of wave w
template <class Real>
void NarrowSweep<Real>::write_deltas(const SweepShape& shape, const WaveSchedule& schedule, Index w,
                                     const Real* deltas) {
  const Index n = schedule.width(w);
  for (Index j = 0; j < n; ++j) {
    written_[j] = deltas_.data() + (schedule.wave_start(w) + j) * shape.net_stride();
    std::fill(written_[j] + shape.net_size(), written_[j] + shape.net_stride(), Real(0));
  }
  columns_to_rows<Real>(deltas, strides_[static_cast<std::size_t>(w)], n, shape.net_size(), written_.data());
}

template <class Real>
void NarrowSweep<Real>::backward(const SweepShape& shape, const SweepWeights<Real>& weights,
                                 const WaveSchedule& schedule, const BackwardPass<Real>& pass) {
  prepare_backward(shape, schedule, pass.keep_deltas);
  const Index h = shape.hidden;
  const int dims = shape.num_dims;
  const bool traced = keep_ == Keep::kForTrace;
  const bool recurrent = shape.recurrent_size() > 0;
  Index gathered = 0;  // columns in pairs_
  const CellCode<Real> cell = cell_code<Real>(shape.type, shape.num_dims);
  for (Index w = schedule.num_waves(); w-- > 0;) {
    const Index stride = strides_[static_cast<std::size_t>(w)];
    const Index m = h * stride;
    if (gathered > 0 && gathered + stride > kGradientColumns) {
      add_gradients(shape);
      gathered = 0;
    }
    Real* x = x_.data() + gathered * shape.matrix_rows();
    Real* deltas = net_.data() + gathered * shape.net_size();

    gather_errors(shape, schedule, w, pass.d_output);
    const Parts<Real> before(before_.data(), m, dims);
    const Parts<Real> output_after(output_after_.data(), m, dims);
    const Parts<Real> state_after(state_after_.data(), m, dims);
    CellErrors<Real> wave{};
    wave.hidden = m;
    wave.num_dims = dims;
    wave.gates = of_wave(gates_, w, shape.net_size());
    wave.peepholes = expand_peepholes(shape, weights.peepholes, stride);
    wave.before = before.of;
    wave.state = of_wave(state_, w, h);
    if (shape.has_extra) wave.extra = of_wave(extra_, w, h);
    wave.d_output = d_output_.data();
    wave.output_after = output_after.of;
    wave.state_after = state_after.of;
    wave.limit = pass.limit;
    wave.deltas = deltas;
    wave.state_error = propagated_state(shape, w);
    wave.output_error = traced ? of_wave(output_error_, w, h) : error_.data();
    wave.own_state_error = traced ? of_wave(cell_error_, w, h) : state_error_.data();
    cell.backward(wave);

    add_peephole_gradients(cell, shape, stride, deltas, wave.state);
    fill_x(shape, schedule, w, pass.input, recurrent && w > 0 ? outputs_of(cell, shape, w - 1) : nullptr, x);
    pairs_.push_back({x, deltas, stride});
    gathered += stride;
    if (w > 0 && recurrent) {
      column_product_transposed<Real>(weights.matrix + (1 + shape.input_size) * shape.net_stride(), shape.net_stride(),
                                      deltas, shape.net_size(), shape.recurrent_size(), stride,
                                      propagated_output_.data());
    }
    if (pass.keep_deltas) write_deltas(shape, schedule, w, deltas);
  }
  add_gradients(shape);
  add_lanes<Real>(matrix_lanes_.data(), shape.matrix_rows(), shape.net_size(), pass.d_matrix, shape.net_stride());
  add_lanes<Real>(peephole_lanes_.data(), shape.peepholes, h, pass.d_peepholes, h);
}

template <class Real>
void NarrowSweep<Real>::add_gradients(const SweepShape& shape) {
  add_lane_products<Real>(pairs_, shape.matrix_rows(), shape.net_size(), matrix_lanes_.data());
  pairs_.clear();
}

template <class Real>
void NarrowSweep<Real>::add_peephole_gradients(const CellCode<Real>& cell, const SweepShape& shape, Index stride,
                                               const Real* deltas, const Real* state) {
  const Index h = shape.hidden;
  cell.peepholes(shape.num_dims, [&](Index peephole, Index gate, int dim) {
    const Real* states = dim < 0 ? state : before_.data() + dim * h * stride;
    add_lane_dots<Real>(deltas + gate * h * stride, states, h, stride,
                        peephole_lanes_.data() + peephole * h * kVectorLanes<Real>);
  });
}

template <class Real>
void NarrowSweep<Real>::read(const SweepShape& shape, const WaveSchedule& schedule, SweepVariable variable,
                             Real* rows) const {
  const Traced<Real> traced = choose_traced(variable, shape, traced_net_, gates_, state_, cell_error_, output_error_);
  for (Index w = 0; w < schedule.num_waves(); ++w) {
    const std::size_t i = static_cast<std::size_t>(w);
    const std::int32_t* row = schedule.rows(shape.direction) + schedule.wave_start(w);
    std::vector<Real*> to;
    for (Index j = 0; j < schedule.width(w); ++j) to.push_back(rows + row[j] * traced.units);
    columns_to_rows<Real>(traced.values + starts_[i] * traced.units, strides_[i], schedule.width(w), traced.units,
                          to.data());
  }
}

template class NarrowSweep<float>;
template class NarrowSweep<double>;

}  // namespace rnnlib
