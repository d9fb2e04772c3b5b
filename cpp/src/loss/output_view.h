// SPDX-License-Identifier: Apache-2.0
// One sequence's part of the output layer.
#pragma once

#include "rnnlib/types.h"

namespace rnnlib {

// All matrices are [points, size], row-major.
template <class Real>
struct OutputView {
  const Real* net = nullptr;  // pre-activations, bias included
  Real* output = nullptr;     // activations, written by activate()
  Real* d_net = nullptr;      // dE/dnet, written (not added) by evaluate(); null = not wanted
  Real* d_output = nullptr;   // dE/doutput, written by evaluate() for traces; null = not wanted
  Index points = 0;
  Index size = 0;
  Shape shape;  // of the points
};

}  // namespace rnnlib
