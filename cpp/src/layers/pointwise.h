// SPDX-License-Identifier: Apache-2.0
// y = F(a) over whole arrays, and back: hidden layers without recurrence, subsample layers.
#pragma once

#include "layers/cells/registry.h"
#include "rnnlib/types.h"

namespace rnnlib {

template <class Real>
void pointwise_forward(HiddenType type, const Real* net, Index n, Real* output) {
  with_activation(type, [=](auto f) {
    RNNLIB_INDEPENDENT
    for (Index i = 0; i < n; ++i) output[i] = decltype(f)::value(net[i]);
  });
}

// deltas = F'(output) * d_output; may be in place
template <class Real>
void pointwise_backward(HiddenType type, const Real* output, const Real* d_output, Index n, Real* deltas) {
  with_activation(type, [=](auto f) {
    RNNLIB_INDEPENDENT
    for (Index i = 0; i < n; ++i) deltas[i] = decltype(f)::derivative(output[i]) * d_output[i];
  });
}

}  // namespace rnnlib
