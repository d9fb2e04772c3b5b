// SPDX-License-Identifier: Apache-2.0
// The products of a sweep: rows of the batch, wherever they lie, with the weights of one direction.
#pragma once

#include "layers/buffer_sizer.h"
#include "layers/sweep_shape.h"
#include "tensor/buffer.h"
#include "tensor/wave_schedule.h"

namespace rnnlib {

template <class Real>
class SweepProducts {
 public:
  // For at most so many points at a time; prepare() comes after that.
  void size_buffers(const SweepShape& shape, Index most_points, BufferSizer& size);
  void prepare() { zeros_.fill(Real(0)); }

  // net [n, net_stride] = bias + input * weights, for the points at positions [first, first + n).
  void add_inputs(const SweepShape& shape, const SweepWeights<Real>& weights, const WaveSchedule& schedule, Index first,
                  Index n, Rows<const Real> input, Real* net);

  // Adds what the outputs one step back contribute; all of the points in one wave.
  void add_recurrence(const SweepShape& shape, const SweepWeights<Real>& weights, const WaveSchedule& schedule,
                      Index first, Index n, Rows<const Real> output, Real* net);

  // propagated [n, padded(D * H)] = deltas [n, net_stride] * weights: what the points add to dE/dy one step back.
  void propagate_errors(const SweepShape& shape, const SweepWeights<Real>& weights, Index n, const Real* deltas,
                        Real* propagated);

  // Adds the gradients of [matrix_rows, net_stride] for the points at positions [first, first + n), whose deltas are
  // [n, net_stride].
  void add_gradients(const SweepShape& shape, const WaveSchedule& schedule, Index first, Index n,
                     Rows<const Real> input, Rows<const Real> output, const Real* deltas, Real* d_matrix);

  const Real* zeros() const { return zeros_.data(); }  // a row beyond the border, [max(H, net_stride)]

 private:
  Buffer<const Real*> x_;  // [max(D, 1), points] rows
  Buffer<const Real*> y_;
  Buffer<Real> zeros_;
  bool last_first_ = false;  // the order in which the last product read its weights
};

}  // namespace rnnlib
