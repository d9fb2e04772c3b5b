// SPDX-License-Identifier: Apache-2.0
// One recurrent hidden layer running over a batch in one direction, wave by wave (spec sections 3 and 4).
#pragma once

#include "rnnlib/spec.h"
#include "tensor/buffer.h"
#include "tensor/product.h"
#include "tensor/wave_schedule.h"

namespace rnnlib {

struct SweepShape {
  HiddenType type;
  bool recurrent;      // has recurrent connections; an LSTM's cells recur in any case
  Index hidden;        // H
  Index gates;         // net inputs per hidden unit: D + 3 for LSTM, else 1
  unsigned direction;  // bit d set: +1 along dimension d

  Index net_size() const { return gates * hidden; }
};

template <class Real>
struct SweepWeights {
  const Real* recurrent;  // [gates * H, D * H]
  const Real* peepholes;  // [D + 2, H]
};

// What a sweep keeps between forward and backward. All per-wave arrays are unit-major and lie in the order of the
// waves.
template <class Real>
class Sweep {
 public:
  enum class Keep { kNothing, kForBackward, kForTrace };

  // net [points, stride], this layer's columns first; output likewise.
  void forward(const SweepShape& shape, const SweepWeights<Real>& weights, const WaveSchedule& schedule,
               const Real* net, Index net_stride, Real* output, Index output_stride, Keep keep);

  // d_output [points, stride]; deltas are written. d_peepholes [D + 2, H] is added to. `limit` clips LSTM deltas.
  void backward(const SweepShape& shape, const SweepWeights<Real>& weights, const WaveSchedule& schedule,
                const Real* d_output, Index output_stride, Real* deltas, Index net_stride, Real* d_peepholes,
                Real limit);

  // For traces: a kept variable as rows of the batch, [points, units].
  enum class Variable { kNet, kGates, kState, kCellError, kOutputError };
  void read(const SweepShape& shape, const WaveSchedule& schedule, Variable variable, Real* rows, Index stride) const;

  // Elements that forward (and backward) hold for so many points in waves of at most so many.
  static Index elements(const SweepShape& shape, int num_dims, Index points, Index max_width, bool training);

 private:
  void prepare(const SweepShape& shape, const WaveSchedule& schedule, Keep keep);
  const Real* predecessors(const WaveSchedule& schedule, Index w, const Real* before, Index hidden,
                           Real* gathered) const;
  const Real* expand_peepholes(const SweepShape& shape, const WaveSchedule& schedule, const Real* peepholes, Index n);
  void add_peephole_gradients(const SweepShape& shape, int num_dims, Index n, const Real* before, const Real* state,
                              Real* d_peepholes) const;
  Real* kept(Buffer<Real>& buffer, const WaveSchedule& schedule, Index w, Index units) const;

  Keep keep_ = Keep::kNothing;
  Buffer<Real> gates_;         // [gates * H, n] per wave
  Buffer<Real> state_;         // [H, n]
  Buffer<Real> squashed_;      // [H, n]
  Buffer<Real> output_;        // [H, n]
  Buffer<Real> net_;           // traces only
  Buffer<Real> cell_error_;    // traces only
  Buffer<Real> output_error_;  // traces only

  // One wave's scratch.
  Buffer<Real> before_output_;  // [D * H, n]
  Buffer<Real> before_state_;
  Buffer<Real> expanded_;  // [D + 2, H, n]
  Index expanded_width_ = 0;
  Buffer<Real> error_;   // [H, n]
  Buffer<Real> deltas_;  // [gates * H, n]
  Buffer<Real> d_state_;
  Buffer<Real> d_before_;          // [D * H, n]
  Buffer<Real> carried_error_[2];  // [H, n]: what later waves add to dE/dy, by turns
  Buffer<Real> carried_state_[2];  // and to dE/ds
};

}  // namespace rnnlib
