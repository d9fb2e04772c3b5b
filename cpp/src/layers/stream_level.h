// SPDX-License-Identifier: Apache-2.0
// A level with one layer that runs forwards over one sequence, a point at a time: it keeps the output and the cells'
// states of the last point. The numbers are those of a sweep over the whole sequence, bit for bit: the products of
// single rows and the cells are the same.
#pragma once

#include "layers/cells/code.h"
#include "layers/level.h"

namespace rnnlib {

template <class Real>
class StreamLevel {
 public:
  // input [I] of the next point, output [H]; `shape` in 1D, with one direction.
  void step(const LevelShape& shape, const LevelWeights<Real>& weights, const Real* input, Real* output);

  // A new sequence begins.
  void reset() { begun_ = false; }

 private:
  void prepare(const SweepShape& shape);

  bool begun_ = false;
  CellCode<Real> cell_{};
  Buffer<Real> net_;       // [net_stride]
  Buffer<Real> gates_;     // [net_stride]
  Buffer<Real> previous_;  // [H] outputs of the last point
  Buffer<Real> state_;     // [2, H] of the last point and of this one, double-buffered
  Buffer<Real> extra_;     // [H]
  Index turn_ = 0;
};

}  // namespace rnnlib
