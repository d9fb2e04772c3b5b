// SPDX-License-Identifier: Apache-2.0
// Units without a state: y = F(a), one net input each (docs/behaviour.md, "Units").
#pragma once

#include "layers/activation.h"
#include "layers/cells/cell.h"

namespace rnnlib {

template <class F>
struct PlainCell : ReadsAll, NoPeepholes {
  using Activation = F;
  static constexpr bool kHasState = false;
  static constexpr bool kHasExtra = false;
  static constexpr bool kPerDims = true;

  static CellInfo info(Index) {
    CellInfo info;
    info.gates = {{""}};
    return info;
  }

  template <int, class Real>
  static void forward(const CellPoint<Real>& p) {
    const Index h = p.hidden;
    const Real* net = p.net;
    Real* output = p.output;
    RNNLIB_INDEPENDENT
    for (Index i = 0; i < h; ++i) output[i] = F::value(net[i]);
  }

  template <int Dims, class Real>
  static void backward(const CellErrors<Real>& p) {
    const int dims = Dims > 0 ? Dims : p.num_dims;
    const Index h = p.hidden;
    const Real* output = p.output;
    const Real* d_output = p.d_output;
    const PointerPerDim<Dims, Real> output_after(p.output_after, 0);
    Real* output_error = p.output_error;
    Real* deltas = p.deltas;
    RNNLIB_INDEPENDENT
    for (Index i = 0; i < h; ++i) {
      Real error = d_output[i];
      for (int d = 0; d < dims; ++d) error += output_after(d)[i];
      output_error[i] = error;
      deltas[i] = F::derivative(output[i]) * error;
    }
  }
};

}  // namespace rnnlib
