// SPDX-License-Identifier: Apache-2.0
// Probabilities far smaller than a double can be: mantissa * 2^exponent, the exponent a whole number in a double. Sums
// and products need no exponential function or logarithm, and compilers vectorise loops over them.
//
// A mantissa is 0 or at least 1, and may grow: sums and products leave it as it comes. Whoever multiplies many times
// calls normalised() before it exceeds 2^900; numbers that a sum then neglects are still below its last bit.
#pragma once

#include <cmath>

#include "tensor/vector_math.h"

namespace rnnlib {

struct Scaled {
  double mantissa;
  double exponent;
};

inline constexpr double kLogZero = -1e100;  // the log of zero: finite, so that differences of such stay defined

// Smaller than all others, however many of which have been multiplied. A forbidden transition multiplies by 2^ its
// exponent: what comes of that is zero too, by its exponent alone.
inline constexpr Scaled kScaledZero = {0, -281474976710656.0};  // exponent -2^48

inline Scaled operator*(Scaled a, Scaled b) { return {a.mantissa * b.mantissa, a.exponent + b.exponent}; }

inline Scaled operator+(Scaled a, Scaled b) {
  const double top = a.exponent > b.exponent ? a.exponent : b.exponent;
  return {a.mantissa * vmath::power_of_2(a.exponent - top) + b.mantissa * vmath::power_of_2(b.exponent - top), top};
}

inline Scaled sum(Scaled a, Scaled b, Scaled c) {
  const double higher = a.exponent > b.exponent ? a.exponent : b.exponent;
  const double top = c.exponent > higher ? c.exponent : higher;
  return {(a.mantissa * vmath::power_of_2(a.exponent - top) + b.mantissa * vmath::power_of_2(b.exponent - top)) +
              c.mantissa * vmath::power_of_2(c.exponent - top),
          top};
}

// With a mantissa in [1, 2). Zero and NaN stay.
inline Scaled normalised(Scaled x) {
  if (!(x.mantissa > 0)) return x;
  int exponent;
  const double half = std::frexp(x.mantissa, &exponent);
  return {2 * half, x.exponent + (exponent - 1)};
}

inline double log(Scaled x) {
  constexpr double kLn2 = 0.693147180559945309417;
  const bool zero = x.mantissa == 0 || (x.mantissa > 0 && x.exponent < kScaledZero.exponent / 2);  // NaN stays
  return zero ? kLogZero : std::log(x.mantissa) + x.exponent * kLn2;
}

}  // namespace rnnlib
