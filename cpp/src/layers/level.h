// SPDX-License-Identifier: Apache-2.0
// A level: the parallel hidden layers of all directions over one input. Their net inputs are the columns of one matrix,
// their outputs those of another, so that input products and gradients are one product each.
#pragma once

#include <vector>

#include "layers/sweep.h"
#include "tensor/batch_shape.h"

namespace rnnlib {

// Sizes, and where the level's weights lie in the packed vector (see network/layout.h).
struct LevelShape {
  Index input_size = 0;
  std::vector<SweepShape> sweeps;  // one per direction
  Index input_weights = 0;         // [directions * net, input]
  Index bias = 0;                  // [directions * net]
  std::vector<Index> recurrent;    // per direction [net, D * H]
  std::vector<Index> peepholes;    // per direction [D + 2, H]; LSTM only

  Index directions() const { return static_cast<Index>(sweeps.size()); }
  Index hidden() const { return sweeps.front().hidden; }
  Index net_size() const { return directions() * sweeps.front().net_size(); }
  Index output_size() const { return directions() * hidden(); }
  HiddenType type() const { return sweeps.front().type; }
  // Without any recurrence all points are computed at once.
  bool pointwise() const { return !is_lstm(type()) && !sweeps.front().recurrent; }
};

template <class Real>
class Level {
 public:
  using Keep = typename Sweep<Real>::Keep;

  // input [points, input_size]; schedule may be null for pointwise levels.
  void forward(const LevelShape& shape, const Real* weights, const WaveSchedule* schedule, const BatchShape& batch,
               const Real* input, Keep keep, int threads);

  // After d_output() was written: adds to d_weights (packed like weights), writes d_input unless null.
  void backward(const LevelShape& shape, const Real* weights, const WaveSchedule* schedule, const BatchShape& batch,
                const Real* input, Real limit, Real* d_weights, Real* d_input, int threads);

  const Real* output() const { return output_.data(); }  // [points, output_size]
  Real* d_output() { return d_output_.data(); }
  const Real* deltas() const { return net_.data(); }  // [points, net_size] after backward
  const Sweep<Real>& sweep(std::size_t direction) const { return sweeps_[direction]; }
  const Real* net() const { return traced_net_.data(); }  // pointwise levels, traces only

  static Index elements(const LevelShape& shape, int num_dims, Index points, Index max_width, bool training);

 private:
  Buffer<Real> net_;     // [points, net_size]: net inputs without recurrence; after backward the deltas
  Buffer<Real> output_;  // [points, output_size]
  Buffer<Real> d_output_;
  Buffer<Real> traced_net_;
  std::vector<Sweep<Real>> sweeps_;
  std::vector<Buffer<Real>> shifted_;  // per direction [points, D * H]: outputs one step back along each dimension
};

}  // namespace rnnlib
