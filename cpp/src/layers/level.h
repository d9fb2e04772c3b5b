// SPDX-License-Identifier: Apache-2.0
// A level: the parallel hidden layers of all directions over one input. Their outputs lie side by side.
#pragma once

#include <vector>

#include "layers/layer.h"
#include "layers/sweep.h"

namespace rnnlib {

// Sizes, and where the level's weights lie in the packed vector (see network/layout.h).
struct LevelShape {
  Index input_size = 0;
  std::vector<SweepShape> sweeps;  // one per direction
  std::vector<Index> matrices;     // per direction: packed offset of [matrix_rows, net_stride]
  std::vector<Index> peepholes;    // per direction: packed offset of [peepholes, H]

  Index directions() const { return static_cast<Index>(sweeps.size()); }
  Index hidden() const { return sweeps.front().hidden; }
  Index output_size() const { return directions() * hidden(); }
  HiddenType type() const { return sweeps.front().type; }
  // Without any recurrence all points are computed at once.
  bool pointwise() const { return sweeps.front().num_dims == 0; }
};

template <class Real>
struct LevelWeights {
  std::vector<SweepWeights<Real>> sweeps;  // one per direction
  RowWeights<Real> input_back;             // [directions * net, I]

  // Makes room; then assign() each direction, in any order or at the same time.
  void prepare(const LevelShape& shape);
  void assign(const LevelShape& shape, std::size_t direction, const Real* packed);
  static Index elements(const LevelShape& shape);
};

// The hidden layers of a level, all directions at once. Its rows are the caller's.
template <class Real>
class Level {
 public:
  // input [points, input_size] -> output [points, output_size]
  void forward(const LevelShape& shape, const LevelWeights<Real>& weights, const WaveSchedule& schedule,
               const Real* input, Real* output, Keep keep);

  // `limit` bounds the deltas of cells with a state. Adds to d_weights (the packed vector), writes d_input [points,
  // input_size] unless null.
  void backward(const LevelShape& shape, const LevelWeights<Real>& weights, const WaveSchedule& schedule,
                const LayerRows<Real>& rows, Real limit, Real* d_weights);

  const Sweep<Real>& sweep(std::size_t direction) const { return sweeps_[direction]; }

  // As Sweep::size_buffers, for all of its sweeps.
  void size_buffers(const LevelShape& shape, const SweepExtent& extent, Keep keep, BufferSizer& size);

 private:
  void input_errors(const LevelShape& shape, const LevelWeights<Real>& weights, const WaveSchedule& schedule,
                    Real* d_input) const;

  std::vector<Sweep<Real>> sweeps_;
};

}  // namespace rnnlib
