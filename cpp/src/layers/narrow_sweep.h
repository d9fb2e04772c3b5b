// SPDX-License-Identifier: Apache-2.0
// A sweep of an LSTM layer with fewer units than the vector unit has lanes: cells are computed over all points of a wave
// at once. Between products everything is kept in columns, [units, points of the wave], wave after wave.
#pragma once

#include "layers/sweep_products.h"

namespace rnnlib {

template <class Real>
class NarrowSweep {
 public:
  // As those of Sweep (layers/sweep.h).
  void forward(const SweepShape& shape, const SweepWeights<Real>& weights, const WaveSchedule& schedule,
               Rows<const Real> input, Rows<Real> output, Keep keep);
  void backward(const SweepShape& shape, const SweepWeights<Real>& weights, const WaveSchedule& schedule,
                Rows<const Real> input, Rows<const Real> output, Rows<const Real> d_output, Real limit,
                bool keep_deltas, Real* d_matrix, Real* d_peepholes);
  const Real* deltas() const { return deltas_.data(); }
  void read(const SweepShape& shape, const WaveSchedule& schedule, SweepVariable variable, Real* rows) const;
  static Index elements(const SweepShape& shape, Index points, Index max_width, bool training);

 private:
  void prepare(const SweepShape& shape, const WaveSchedule& schedule, Keep keep);
  Real* of_wave(Buffer<Real>& buffer, const WaveSchedule& schedule, Index w, Index units) const;
  const Real* expand_peepholes(const SweepShape& shape, const Real* peepholes, Index n);
  void add_peephole_gradients(const SweepShape& shape, Index n, const Real* state, Real* d_peepholes) const;

  Keep keep_ = Keep::kNothing;
  Index expanded_width_ = 0;
  Buffer<Real> gates_;     // [net, n] per wave; two waves when nothing is kept
  Buffer<Real> state_;     // [H, n]
  Buffer<Real> squashed_;  // [H, n]
  Buffer<Real> deltas_;    // [points, net_stride], of all points or of some waves

  SweepProducts<Real> products_;

  // One wave's scratch.
  Buffer<const Real*> read_;  // [n] rows
  Buffer<Real*> written_;
  Buffer<Real> net_rows_;  // [n, net_stride]
  Buffer<Real> net_;       // [net, n]; deltas in backward
  Buffer<Real> output_;    // [H, n]
  Buffer<Real> before_;    // [D, H, n] states
  Buffer<Real> expanded_;  // [D + 2, H, n] peepholes
  Buffer<Real> error_;         // [H, n]
  Buffer<Real> state_error_;   // [H, n]
  Buffer<Real> output_after_;  // [D, H, n]
  Buffer<Real> state_after_;   // [D, H, n]
  Buffer<Real> carried_rows_;  // [n, padded(D * H)]
  Buffer<Real> carried_output_;  // [D, H, n] of the wave done last
  Buffer<Real> carried_state_;   // [two waves][D, H, n]

  // Traces only.
  Buffer<Real> traced_net_;
  Buffer<Real> cell_error_;
  Buffer<Real> output_error_;
};

}  // namespace rnnlib
