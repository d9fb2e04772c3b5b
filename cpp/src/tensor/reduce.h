// SPDX-License-Identifier: Apache-2.0
// The largest and the sum of some numbers, in lanes: elements k, k + kLanes, ... apart from the others, so that
// compilers vectorise the loops; they must not change an order by themselves.
#pragma once

#include "rnnlib/types.h"

namespace rnnlib {

inline constexpr Index kLanes = 8;

// The largest of values [size], at least one; NaN if the first is, other NaNs are passed over.
template <class Real>
inline Real largest(const Real* values, Index size) {
  Real lanes[kLanes];
  for (Index j = 0; j < kLanes; ++j) lanes[j] = values[0];
  Index k = 0;
  for (; k + kLanes <= size; k += kLanes) {
    for (Index j = 0; j < kLanes; ++j) lanes[j] = lanes[j] < values[k + j] ? values[k + j] : lanes[j];
  }
  for (Index j = 0; j < size - k; ++j) lanes[j] = lanes[j] < values[k + j] ? values[k + j] : lanes[j];
  Real best = lanes[0];
  for (Index j = 1; j < kLanes; ++j) best = best < lanes[j] ? lanes[j] : best;
  return best;
}

template <class Real>
inline Real sum(const Real* values, Index size) {
  Real lanes[kLanes] = {};
  Index k = 0;
  for (; k + kLanes <= size; k += kLanes) {
    for (Index j = 0; j < kLanes; ++j) lanes[j] += values[k + j];
  }
  for (Index j = 0; j < size - k; ++j) lanes[j] += values[k + j];
  Real total = 0;
  for (Index j = 0; j < kLanes; ++j) total += lanes[j];
  return total;
}

// The first of the largest of values [size].
template <class Real>
inline Index argmax(const Real* values, Index size) {
  const Real best = largest(values, size);
  for (Index k = 0; k < size; ++k) {
    if (values[k] == best) return k;
  }
  return 0;  // NaN
}

}  // namespace rnnlib
