// SPDX-License-Identifier: Apache-2.0
// Sums of probabilities given and wanted as logarithms, without branches or library calls, so that compilers vectorise
// loops over them. The log of zero is a large finite number: differences of such stay defined.
#pragma once

#include "tensor/vector_math.h"

namespace rnnlib {

inline constexpr double kLogZero = -1e100;

// log(1 + x) for 0 <= x <= 2, exact at 0. With c = 1 or 2, whichever is nearer to 1 + x, and s = (1 + x - c) / (1 + x +
// c): log(1 + x) = log c + 2 atanh s, |s| < 0.24, by the Taylor series of atanh.
inline double log1p_up_to_2(double x) {
  constexpr double kLog2 = 0.693147180559945309417;
  const double upper = x > 0.6 ? 1.0 : 0.0;
  const double s = (x - upper) / (x + upper + 2);
  const double z = s * s;
  double p = 1.0 / 23;
  p = p * z + 1.0 / 21;
  p = p * z + 1.0 / 19;
  p = p * z + 1.0 / 17;
  p = p * z + 1.0 / 15;
  p = p * z + 1.0 / 13;
  p = p * z + 1.0 / 11;
  p = p * z + 1.0 / 9;
  p = p * z + 1.0 / 7;
  p = p * z + 1.0 / 5;
  p = p * z + 1.0 / 3;
  return upper * kLog2 + 2 * (s + s * z * p);
}

// log(exp a + exp b + exp c)
inline double log_add(double a, double b, double c) {
  const double high = a > b ? a : b;
  const double low = a > b ? b : a;
  const double top = high > c ? high : c;
  const double middle = high > c ? c : high;
  return top + log1p_up_to_2(vmath::exp(low - top) + vmath::exp(middle - top));
}

}  // namespace rnnlib
