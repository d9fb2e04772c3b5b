// SPDX-License-Identifier: Apache-2.0
// exp, logistic, tanh and softsign without branches or library calls, so that compilers vectorise loops over them.
// Accurate to a few units in the last place over the whole range; what is too small to be a normal number may become 0.
// NaN stays NaN, and infinity gives the limit.
//
// exp(x) = 2^n exp(r), x = n ln 2 + r. Adding a large number rounds x / ln 2 to the integer n in the low bits, from
// where a shift makes 2^n (0 and infinity at the ends); exp(r) is a polynomial, close to the one of least relative
// error.
//
// Products are added one at a time, so that compilers which fuse them have one way to do so: an element has the same
// bits in a vector and in the rest of a loop.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

// Before a loop: its iterations touch different elements, so that no check for overlapping arrays is needed.
#if defined(__clang__)
#define RNNLIB_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define RNNLIB_INDEPENDENT _Pragma("GCC ivdep")
#elif defined(_MSC_VER)
#define RNNLIB_INDEPENDENT __pragma(loop(ivdep))
#else
#define RNNLIB_INDEPENDENT
#endif

// For what a loop must take in to be vectorised, however large the loop becomes.
#if defined(__GNUC__)
#define RNNLIB_INLINE inline __attribute__((always_inline))
#elif defined(_MSC_VER)
#define RNNLIB_INLINE __forceinline
#else
#define RNNLIB_INLINE inline
#endif

namespace rnnlib::vmath {

namespace detail {

template <class To, class From>
RNNLIB_INLINE To bit_cast(From from) {
  static_assert(sizeof(To) == sizeof(From));
  To to;
  std::memcpy(&to, &from, sizeof(To));
  return to;
}

// kMax, kMin: there 2^n is infinity or 0. kZeroPower: the sum of kRound and the largest n whose 2^n is 0. Their values
// are hidden in another file: from known ones GCC would make comparisons and selections instead of minimum and maximum,
// which costs a quarter of the time.
template <class Real>
struct Constants;

template <>
struct Constants<float> {
  using Bits = std::uint32_t;
  static constexpr int kMantissaBits = 23;
  static constexpr float kRound = 12582912.0F + 127.0F;  // 1.5 * 2^23 and the exponent's bias
  static constexpr float kAlmostHalf = 0.49999997F;
  static constexpr float kLog2E = 1.44269504088896341F;
  static constexpr float kLn2 = 0.693147180559945309F;
  static constexpr float kLn2High = 0.693359375F;
  static constexpr float kLn2Low = -2.12194440054690583e-4F;
  static const float kMax;
  static const float kMin;
  static const float kZeroPower;
  static const float kFar;
  // (exp(r) - 1 - r) / r^2 for |r| <= ln(2)/2: error of exp(r) - 1 2^-26
  static RNNLIB_INLINE float tail(float r) {
    float p = 1.385601354e-3F;
    p = p * r + 8.36924091e-3F;
    p = p * r + 4.166760668e-2F;
    p = p * r + 0.1666652262F;
    return p * r + 0.4999999702F;
  }
  // The same for 0 <= r <= ln 2: error of exp(r) 2^-28
  static RNNLIB_INLINE float upper_tail(float r) {
    float p = 1.875291695e-3F;
    p = p * r + 7.939831354e-3F;
    p = p * r + 4.180573672e-2F;
    p = p * r + 0.1666462123F;
    return p * r + 0.5000008345F;
  }
};

template <>
struct Constants<double> {
  using Bits = std::uint64_t;
  static constexpr int kMantissaBits = 52;
  static constexpr double kRound = 6755399441055744.0 + 1023.0;  // 1.5 * 2^52 and the exponent's bias
  static constexpr double kAlmostHalf = 0.49999999999999994;
  static constexpr double kLog2E = 1.44269504088896340736;
  static constexpr double kLn2 = 0.693147180559945309417;
  static constexpr double kLn2High = 6.93145751953125e-1;
  static constexpr double kLn2Low = 1.42860682030941723212e-6;
  static const double kMax;
  static const double kMin;
  static const double kZeroPower;
  static const double kFar;
  // Error of exp(r) - 1 2^-54
  static RNNLIB_INLINE double tail(double r) {
    double p = 2.510038549551032e-08;
    p = p * r + 2.7620088445409746e-07;
    p = p * r + 2.7557268459997064e-06;
    p = p * r + 2.4801521295954376e-05;
    p = p * r + 1.9841269863053618e-04;
    p = p * r + 1.3888888917213717e-03;
    p = p * r + 8.333333333330062e-03;
    p = p * r + 4.166666666662413e-02;
    p = p * r + 0.16666666666666669;
    return p * r + 0.5000000000000001;
  }
  // Error of exp(r) 2^-54
  static RNNLIB_INLINE double upper_tail(double r) {
    double p = 3.352677632859329e-08;
    p = p * r + 2.624554565461605e-07;
    p = p * r + 2.766691143450491e-06;
    p = p * r + 2.4796110087142057e-05;
    p = p * r + 0.00019841438393870117;
    p = p * r + 0.0013888885740778244;
    p = p * r + 0.008333333367037342;
    p = p * r + 0.041666666664836954;
    p = p * r + 0.16666666666670515;
    return p * r + 0.4999999999999999;
  }
};

// NaN stays in both.
template <class Real>
RNNLIB_INLINE Real at_least(Real x, Real low) {
  return x < low ? low : x;
}

template <class Real>
RNNLIB_INLINE Real at_most(Real x, Real high) {
  return x > high ? high : x;
}

// 2^n from n + kRound
template <class Real>
RNNLIB_INLINE Real shift_to_power(Real shifted) {
  using C = Constants<Real>;
  return bit_cast<Real>(bit_cast<typename C::Bits>(shifted) << C::kMantissaBits);
}

// x - n ln 2
template <class Real>
RNNLIB_INLINE Real remainder(Real x, Real n) {
  using C = Constants<Real>;
  return (x - n * C::kLn2High) - n * C::kLn2Low;
}

}  // namespace detail

// 2^n for whole n up to 1023 (float: 127); 0 for those below the smallest normal number.
template <class Real>
RNNLIB_INLINE Real power_of_2(Real n) {
  using C = detail::Constants<Real>;
  return detail::shift_to_power(detail::at_least(n + C::kRound, C::kZeroPower));
}

// exp(x) = mantissa * 2^exponent, exponent = floor(x / ln 2): a range far beyond that of exp. x less than -1e7 (float:
// -5000) counts as that, so that the exponent is exact; so must x be small enough.
template <class Real>
RNNLIB_INLINE void split_exp(Real x, Real& mantissa, Real& exponent) {
  using C = detail::Constants<Real>;
  x = detail::at_least(x, C::kFar);
  exponent = ((x * C::kLog2E - C::kAlmostHalf) + C::kRound) - C::kRound;
  const Real r = detail::remainder(x, exponent);
  mantissa = (C::upper_tail(r) * r + Real(1)) * r + Real(1);
}

template <class Real>
RNNLIB_INLINE Real exp(Real x) {
  using C = detail::Constants<Real>;
  x = detail::at_least(detail::at_most(x, C::kMax), C::kMin);
  const Real shifted = (x * C::kLog2E - C::kAlmostHalf) + C::kRound;
  const Real r = detail::remainder(x, shifted - C::kRound);
  const Real mantissa = (C::upper_tail(r) * r + Real(1)) * r + Real(1);
  return detail::shift_to_power(shifted) * mantissa;
}

// 1 / (1 + exp(-x)). The nearest n will do: what overflows early gives 0 for a result that is not normal.
template <class Real>
RNNLIB_INLINE Real logistic(Real x) {
  using C = detail::Constants<Real>;
  x = detail::at_least(detail::at_most(x, -C::kMin), -C::kMax);
  const Real shifted = C::kRound - x * C::kLog2E;
  const Real r = -detail::remainder(x, C::kRound - shifted);
  const Real mantissa = (C::tail(r) * r + Real(1)) * r + Real(1);
  return Real(1) / (detail::shift_to_power(shifted) * mantissa + Real(1));
}

// tanh |x| = -e / (2 + e) with e = exp(-2|x|) - 1, which loses nothing near 0. For large n, where n ln 2 is rounded,
// exp is small.
template <class Real>
RNNLIB_INLINE Real tanh(Real x) {
  using C = detail::Constants<Real>;
  const Real y = detail::at_least(Real(-2) * std::abs(x), C::kMin);
  const Real shifted = y * C::kLog2E + C::kRound;
  const Real r = y - (shifted - C::kRound) * C::kLn2;
  const Real expm1_r = r * (r * C::tail(r)) + r;
  const Real scale = detail::shift_to_power(shifted);
  const Real e = scale * expm1_r + (scale - Real(1));
  return std::copysign(e / (Real(2) + e), x);
}

template <class Real>
RNNLIB_INLINE Real softsign(Real x) {
  const Real size = detail::at_most(std::abs(x), std::numeric_limits<Real>::max());
  return std::copysign(size / (Real(1) + size), x);
}

}  // namespace rnnlib::vmath
