// SPDX-License-Identifier: Apache-2.0
// One hidden layer running over a batch in one direction, wave by wave (spec sections 3 and 4).
#pragma once

#include "layers/narrow_sweep.h"
#include "layers/wide_sweep.h"

namespace rnnlib {

template <class Real>
class Sweep {
 public:
  using Keep = rnnlib::Keep;

  // input [points, I], output [points, H]; gates [points, net_stride] may be written unless nothing is kept.
  void forward(const SweepShape& shape, const SweepWeights<Real>& weights, const WaveSchedule& schedule,
               Rows<const Real> input, Rows<Real> gates, Rows<Real> output, Keep keep) {
    if (narrow(shape)) return narrow_.forward(shape, weights, schedule, input, output, keep);
    wide_.forward(shape, weights, schedule, input, gates, output, keep);
  }

  // d_output [points, H]; the gates become the deltas. d_matrix [matrix_rows, net_stride] and d_peepholes [D + 2, H] are
  // added to. `limit` clips LSTM deltas.
  void backward(const SweepShape& shape, const SweepWeights<Real>& weights, const WaveSchedule& schedule,
                Rows<const Real> input, Rows<const Real> output, Rows<const Real> d_output, Rows<Real> gates, Real limit,
                Real* d_matrix, Real* d_peepholes) {
    if (narrow(shape)) {
      narrow_.backward(shape, weights, schedule, input, output, d_output, gates, limit, d_matrix, d_peepholes);
    } else {
      wide_.backward(shape, weights, schedule, input, output, d_output, gates, limit, d_matrix, d_peepholes);
    }
  }

  // For traces: a kept variable as rows of the batch, [points, units].
  void read(const SweepShape& shape, const WaveSchedule& schedule, SweepVariable variable, Real* rows) const {
    if (narrow(shape)) return narrow_.read(shape, schedule, variable, rows);
    wide_.read(shape, schedule, variable, rows);
  }

  // Elements that forward (and backward) hold for so many points in waves of at most so many.
  static Index elements(const SweepShape& shape, Index points, Index max_width, bool training) {
    return narrow(shape) ? NarrowSweep<Real>::elements(shape, points, max_width, training)
                         : WideSweep<Real>::elements(shape, points, max_width, training);
  }

 private:
  // By the network alone, so that a point's numbers do not depend on what else is in the batch. In 1D waves have only as
  // many points as there are sequences.
  static bool narrow(const SweepShape& shape) {
    return is_lstm(shape.type) && shape.num_dims > 1 && shape.hidden < kVectorLanes<Real>;
  }

  WideSweep<Real> wide_;
  NarrowSweep<Real> narrow_;
};

}  // namespace rnnlib
