// SPDX-License-Identifier: Apache-2.0
// One hidden layer running over a batch in one direction, wave by wave (docs/behaviour.md, "Layers").
#pragma once

#include <algorithm>

#include "layers/narrow_sweep.h"
#include "layers/wide_sweep.h"

namespace rnnlib {

template <class Real>
class Sweep {
 public:
  using Keep = rnnlib::Keep;

  // input [points, I], output [points, H]
  void forward(const SweepShape& shape, const SweepWeights<Real>& weights, const WaveSchedule& schedule,
               Rows<const Real> input, Rows<Real> output, Keep keep) {
    if (narrow(shape)) return narrow_.forward(shape, weights, schedule, input, output, keep);
    wide_.forward(shape, weights, schedule, input, output, keep);
  }

  // After forward of the same batch.
  void backward(const SweepShape& shape, const SweepWeights<Real>& weights, const WaveSchedule& schedule,
                const BackwardPass<Real>& pass) {
    if (narrow(shape)) {
      narrow_.backward(shape, weights, schedule, pass);
    } else {
      wide_.backward(shape, weights, schedule, pass);
    }
    clear_absent(shape, pass.d_matrix);
  }

  // After backward: [points, net_stride] by position in the schedule, zeros in the padding.
  const Real* deltas(const SweepShape& shape) const { return narrow(shape) ? narrow_.deltas() : wide_.deltas(); }

  // For traces: a kept variable as rows of the batch, [points, units].
  void read(const SweepShape& shape, const WaveSchedule& schedule, SweepVariable variable, Real* rows) const {
    if (variable == SweepVariable::kDeltas) {
      const std::int32_t* row = schedule.rows(shape.direction);
      for (Index p = 0; p < schedule.num_points(); ++p) {
        std::copy_n(deltas(shape) + p * shape.net_stride(), shape.net_size(), rows + row[p] * shape.net_size());
      }
    } else if (narrow(shape)) {
      narrow_.read(shape, schedule, variable, rows);
    } else {
      wide_.read(shape, schedule, variable, rows);
    }
  }

  // What forward, and backward unless nothing is kept, hold. A pass gives its buffers their sizes itself: this is for
  // measuring.
  void size_buffers(const SweepShape& shape, const SweepExtent& extent, Keep keep, BufferSizer& size) {
    if (narrow(shape)) {
      narrow_.size_buffers(shape, extent, NarrowSweep<Real>::estimate_columns(extent), keep, size);
      if (keep != Keep::kNothing) narrow_.size_backward(shape, extent, true, size);
    } else {
      wide_.size_buffers(shape, extent, keep, size);
      if (keep != Keep::kNothing) wide_.size_backward(shape, extent, keep, size);
    }
  }

  // By the network alone, so that a point's numbers do not depend on what else is in the batch. In 1D waves have only
  // as many points as there are sequences. From half a vector of units on, computing points one by one was faster.
  static bool narrow(const SweepShape& shape) {
    return shape.has_state && shape.num_dims > 1 && 2 * shape.hidden < kVectorLanes<Real>;
  }

 private:
  WideSweep<Real> wide_;
  NarrowSweep<Real> narrow_;
};

}  // namespace rnnlib
