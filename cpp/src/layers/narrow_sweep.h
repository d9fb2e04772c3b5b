// SPDX-License-Identifier: Apache-2.0
// A sweep of a layer of cells with a state and few units for the vector unit's lanes: everything is computed over all
// points of a wave at once, in columns (tensor/column_product.h), wave after wave. Only what comes in and goes out are
// rows.
#pragma once

#include <vector>

#include "layers/buffer_sizer.h"
#include "layers/cells/code.h"
#include "layers/sweep_extent.h"
#include "layers/sweep_shape.h"
#include "tensor/buffer.h"
#include "tensor/column_product.h"
#include "tensor/wave_schedule.h"

namespace rnnlib {

template <class Real>
class NarrowSweep {
 public:
  // As those of Sweep (layers/sweep.h).
  void forward(const SweepShape& shape, const SweepWeights<Real>& weights, const WaveSchedule& schedule,
               Rows<const Real> input, Rows<Real> output, Keep keep);
  void backward(const SweepShape& shape, const SweepWeights<Real>& weights, const WaveSchedule& schedule,
                const BackwardPass<Real>& pass);
  const Real* deltas() const { return deltas_.data(); }
  void read(const SweepShape& shape, const WaveSchedule& schedule, SweepVariable variable, Real* rows) const;

  // `columns`: those of all waves, each padded to whole vectors.
  void size_buffers(const SweepShape& shape, const SweepExtent& extent, Index columns, Keep keep, BufferSizer& size);
  void size_backward(const SweepShape& shape, const SweepExtent& extent, bool keep_deltas, BufferSizer& size);
  // Columns of all waves, about.
  static Index estimate_columns(const SweepExtent& extent);

 private:
  void prepare(const SweepShape& shape, const WaveSchedule& schedule, Keep keep);
  void prepare_backward(const SweepShape& shape, const WaveSchedule& schedule, bool keep_deltas);
  Real* of_wave(Buffer<Real>& buffer, Index w, Index units) const;
  const Real* expand_peepholes(const SweepShape& shape, const Real* peepholes, Index stride);
  // What a wave's errors come from: the states one step back, and what the wave done before adds.
  void gather_errors(const SweepShape& shape, const WaveSchedule& schedule, Index w, Rows<const Real> d_output);
  Real* propagated_state(const SweepShape& shape, Index w) {
    return propagated_state_.data() + (w & 1) * max_stride_ * shape.num_dims * shape.hidden;
  }
  void write_deltas(const SweepShape& shape, const WaveSchedule& schedule, Index w, const Real* deltas);
  void fill_x(const SweepShape& shape, const WaveSchedule& schedule, Index w, Rows<const Real> input,
              const Real* outputs_before, Real* x);
  const Real* outputs_of(const CellCode<Real>& cell, const SweepShape& shape, Index w);
  void add_peephole_gradients(const CellCode<Real>& cell, const SweepShape& shape, Index stride, const Real* deltas,
                              const Real* state);
  void add_gradients(const SweepShape& shape);

  Keep keep_ = Keep::kNothing;
  Index max_stride_ = 0;
  Index expanded_stride_ = 0;
  std::vector<Index> strides_;  // per wave
  std::vector<Index> starts_;   // the sums of the strides before

  // Per wave, two waves when nothing is kept.
  Buffer<Real> gates_;   // [net, stride]
  Buffer<Real> state_;   // [H, stride]
  Buffer<Real> extra_;   // [H, stride]
  Buffer<Real> deltas_;  // [points, net_stride] by position, if asked for

  // One wave's scratch.
  Buffer<const Real*> read_;  // rows
  Buffer<Real*> written_;
  Buffer<Real> x_;         // [1 + I + D * H, stride]: ones, inputs, outputs one step back; in backward of several waves
  Buffer<Real> net_;       // [net, stride]; in backward the deltas of several waves
  Buffer<Real> output_;    // [H, stride] of two waves, double-buffered
  Buffer<Real> before_;    // [D, H, stride] states
  Buffer<Real> expanded_;  // [peepholes, H, stride]
  Buffer<Real> d_output_;  // [H, stride]
  Buffer<Real> error_;
  Buffer<Real> state_error_;
  Buffer<Real> output_after_;       // [D, H, stride]
  Buffer<Real> state_after_;        // [D, H, stride]
  Buffer<Real> propagated_output_;  // [D, H, stride] of the wave done last
  Buffer<Real> propagated_state_;   // [two waves][D, H, stride]

  // Gradients by lanes.
  std::vector<ColumnPair<Real>> pairs_;  // waves whose gradients are still to be added
  Buffer<Real> matrix_lanes_;            // [1 + I + D * H, net, lanes]
  Buffer<Real> peephole_lanes_;          // [peepholes, H, lanes]

  // Traces only.
  Buffer<Real> traced_net_;
  Buffer<Real> cell_error_;
  Buffer<Real> output_error_;
};

}  // namespace rnnlib
