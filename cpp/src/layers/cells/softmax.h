// SPDX-License-Identifier: Apache-2.0
// Gates that share one: the softmax of n numbers and a zero, which stands for what gets the rest.
#pragma once

#include "tensor/vector_math.h"

namespace rnnlib {

// shares[k * stride] = exp(net[k * stride]) / (1 + the sum of exp(net[. * stride])) for k in [0, n); of a single number
// this is its logistic function. N: n, or 0 where it is known at run time only.
template <int N, class Real>
RNNLIB_INLINE void softmax_beside_zero(const Real* net, int n, Index stride, Real* shares) {
  if constexpr (N == 1) {
    shares[0] = vmath::logistic(net[0]);
  } else {
    const int count = N > 0 ? N : n;
    Real largest = 0;
    for (int k = 0; k < count; ++k) largest = net[k * stride] > largest ? net[k * stride] : largest;
    Real sum = vmath::exp(-largest);
    for (int k = 0; k < count; ++k) {
      const Real power = vmath::exp(net[k * stride] - largest);
      shares[k * stride] = power;
      sum += power;
    }
    const Real factor = Real(1) / sum;
    for (int k = 0; k < count; ++k) shares[k * stride] *= factor;
  }
}

}  // namespace rnnlib
