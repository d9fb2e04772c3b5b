// SPDX-License-Identifier: Apache-2.0
// Softmax and its logarithm, by subtraction of the largest net input.
#pragma once

#include <cmath>

#include "rnnlib/types.h"
#include "tensor/reduce.h"
#include "tensor/vector_math.h"

namespace rnnlib {

// output [size] = softmax of net [size]
template <class Real>
inline void softmax(const Real* net, Index size, Real* output) {
  const Real shift = largest(net, size);
  RNNLIB_INDEPENDENT
  for (Index k = 0; k < size; ++k) output[k] = vmath::exp(net[k] - shift);
  const Real scale = 1 / sum(output, size);
  for (Index k = 0; k < size; ++k) output[k] *= scale;
}

// d_net [size] of a softmax's output [size] and d_output [size]: y_k (e_k - sum_j y_j e_j)
template <class Real>
inline void softmax_backward(const Real* output, const Real* d_output, Index size, Real* d_net) {
  Real mean = 0;
  for (Index k = 0; k < size; ++k) mean += output[k] * d_output[k];
  for (Index k = 0; k < size; ++k) d_net[k] = output[k] * (d_output[k] - mean);
}

// log sum exp(net): net[k] less this is the log of the softmax. NaN when any of net is NaN or infinite.
template <class Real>
inline double log_sum_exp(const Real* net, Index size) {
  const double shift = static_cast<double>(largest(net, size));
  double total = 0;
  for (Index k = 0; k < size; ++k) total += vmath::exp(static_cast<double>(net[k]) - shift) + 0 * net[k];
  return shift + std::log(total);
}

}  // namespace rnnlib
