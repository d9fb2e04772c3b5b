// SPDX-License-Identifier: Apache-2.0
// Softmax and its logarithm, by subtraction of the largest net input.
#pragma once

#include <cmath>

#include "rnnlib/types.h"
#include "tensor/vector_math.h"

namespace rnnlib {

template <class Real>
inline Real largest(const Real* values, Index size) {
  Real best = values[0];
  for (Index k = 1; k < size; ++k) best = values[k] > best ? values[k] : best;
  return best;
}

// output [size] = softmax of net [size]
template <class Real>
inline void softmax(const Real* net, Index size, Real* output) {
  const Real shift = largest(net, size);
  for (Index k = 0; k < size; ++k) output[k] = vmath::exp(net[k] - shift);
  Real sum = 0;
  for (Index k = 0; k < size; ++k) sum += output[k];
  const Real scale = 1 / sum;
  for (Index k = 0; k < size; ++k) output[k] *= scale;
}

// log sum exp(net): net[k] less this is the log of the softmax. NaN when any of net is NaN or infinite.
template <class Real>
inline double log_sum_exp(const Real* net, Index size) {
  const double shift = static_cast<double>(largest(net, size));
  double sum = 0;
  for (Index k = 0; k < size; ++k) sum += vmath::exp(static_cast<double>(net[k]) - shift) + 0 * net[k];
  return shift + std::log(sum);
}

}  // namespace rnnlib
