// SPDX-License-Identifier: Apache-2.0
// A sweep that computes its points one by one, each where its row of the batch lies: cells are vectorised over units.
#pragma once

#include "layers/cells/code.h"
#include "layers/sweep_extent.h"
#include "layers/sweep_products.h"

namespace rnnlib {

template <class Real>
class WideSweep {
 public:
  // As those of Sweep (layers/sweep.h).
  void forward(const SweepShape& shape, const SweepWeights<Real>& weights, const WaveSchedule& schedule,
               Rows<const Real> input, Rows<Real> output, Keep keep);

  void backward(const SweepShape& shape, const SweepWeights<Real>& weights, const WaveSchedule& schedule,
                const BackwardPass<Real>& pass);
  const Real* deltas() const { return gates_.data(); }
  void read(const SweepShape& shape, const WaveSchedule& schedule, SweepVariable variable, Real* rows) const;
  void size_buffers(const SweepShape& shape, const SweepExtent& extent, Keep keep, BufferSizer& size);
  void size_backward(const SweepShape& shape, const SweepExtent& extent, Keep keep, BufferSizer& size);

 private:
  void prepare(const SweepShape& shape, const WaveSchedule& schedule, Keep keep);
  void prepare_backward(const SweepShape& shape, const WaveSchedule& schedule);
  Index place(const WaveSchedule& schedule, Index w, Index position) const;
  // The points at positions [first, first + n) of wave w.
  struct WavePart {
    Index w;
    Index first;
    Index n;
  };
  static WavePart part(const WaveSchedule& schedule, const WaveSchedule::Tile& tile, Index w);
  void cells_forward(const CellCode<Real>& cell, const SweepShape& shape, const Real* peepholes,
                     const WaveSchedule& schedule, const WavePart& wave, const Real* net, Rows<Real> output);
  void cells_backward(const CellCode<Real>& cell, const SweepShape& shape, const Real* peepholes,
                      const WaveSchedule& schedule, const WavePart& wave, const BackwardPass<Real>& pass);

  Keep keep_ = Keep::kNothing;
  Buffer<Real> gates_;  // [points, net_stride] by position; after backward the deltas
  Buffer<Real> state_;  // [points, H] by position; only two waves when nothing is kept
  Buffer<Real> extra_;  // likewise
  Buffer<Real> net_;    // [points of a tile, net_stride]
  Buffer<Real> row_;    // [net_stride] what is computed at one point and not kept
  SweepProducts<Real> products_;

  // Backward.
  Buffer<Real> propagated_output_;  // [two waves, padded(D * H)]: what points add to dE/dy one step back
  Buffer<Real> propagated_state_;   // [two waves, D * H]: to dE/ds
  Buffer<Real> blocked_peepholes_;  // gradients by blocks of units

  // Traces only, by position.
  Buffer<Real> traced_net_;
  Buffer<Real> traced_gates_;
  Buffer<Real> cell_error_;
  Buffer<Real> output_error_;
};

}  // namespace rnnlib
