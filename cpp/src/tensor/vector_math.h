// SPDX-License-Identifier: Apache-2.0
// exp, logistic, tanh and softsign without branches or library calls, so that compilers vectorise loops over them.
// Accurate to a few units in the last place over the whole range; NaN stays NaN.
//
// exp(x) = 2^n exp(r), n = round(x / ln 2), |r| <= ln(2)/2, exp(r) - 1 by its Taylor series.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <type_traits>

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

namespace rnnlib::vmath {

namespace detail {

template <class To, class From>
inline To bit_cast(From from) {
  static_assert(sizeof(To) == sizeof(From));
  To to;
  std::memcpy(&to, &from, sizeof(To));
  return to;
}

template <class Real>
struct Constants;

template <>
struct Constants<float> {
  using Bits = std::int32_t;
  static constexpr int kMantissaBits = 23;
  static constexpr float kRound = 12582912.0F;  // 1.5 * 2^23: adding it rounds to an integer in the low bits
  static constexpr float kLog2E = 1.44269504088896341F;
  static constexpr float kLn2High = 0.693359375F;
  static constexpr float kLn2Low = -2.12194440054690583e-4F;
  static constexpr float kMax = 88.0F;  // exp beyond the ends is clamped: finite, and normal
  static constexpr float kMin = -87.0F;
  // (exp(r) - 1 - r) / r^2
  static float tail(float r) {
    float p = 1.0F / 5040;
    p = p * r + 1.0F / 720;
    p = p * r + 1.0F / 120;
    p = p * r + 1.0F / 24;
    p = p * r + 1.0F / 6;
    return p * r + 0.5F;
  }
};

template <>
struct Constants<double> {
  using Bits = std::int64_t;
  static constexpr int kMantissaBits = 52;
  static constexpr double kRound = 6755399441055744.0;  // 1.5 * 2^52
  static constexpr double kLog2E = 1.44269504088896340736;
  static constexpr double kLn2High = 6.93145751953125e-1;
  static constexpr double kLn2Low = 1.42860682030941723212e-6;
  static constexpr double kMax = 708.0;
  static constexpr double kMin = -708.0;
  static double tail(double r) {
    double p = 1.0 / 6227020800;
    p = p * r + 1.0 / 479001600;
    p = p * r + 1.0 / 39916800;
    p = p * r + 1.0 / 3628800;
    p = p * r + 1.0 / 362880;
    p = p * r + 1.0 / 40320;
    p = p * r + 1.0 / 5040;
    p = p * r + 1.0 / 720;
    p = p * r + 1.0 / 120;
    p = p * r + 1.0 / 24;
    p = p * r + 1.0 / 6;
    return p * r + 0.5;
  }
};

// x = n ln 2 + r: returns 2^n and exp(r) - 1.
template <class Real>
inline void split_exp(Real x, Real& scale, Real& expm1_r) {
  using C = Constants<Real>;
  using Bits = typename C::Bits;
  x = x > C::kMax ? C::kMax : x;
  x = x < C::kMin ? C::kMin : x;
  const Real shifted = x * C::kLog2E + C::kRound;
  const Real n = shifted - C::kRound;
  const Real r = (x - n * C::kLn2High) - n * C::kLn2Low;
  expm1_r = r + r * r * C::tail(r);
  constexpr Bits kOne = Bits{(1 << (8 * sizeof(Real) == 32 ? 7 : 10)) - 1};  // the exponent's bias
  const Bits k = bit_cast<Bits>(shifted) - bit_cast<Bits>(C::kRound);
  scale = bit_cast<Real>(static_cast<Bits>(static_cast<std::make_unsigned_t<Bits>>(k + kOne) << C::kMantissaBits));
}

}  // namespace detail

template <class Real>
inline Real exp(Real x) {
  Real scale;
  Real expm1_r;
  detail::split_exp(x, scale, expm1_r);
  return scale + scale * expm1_r;
}

template <class Real>
inline Real logistic(Real x) {
  return Real(1) / (Real(1) + vmath::exp(-x));
}

// tanh |x| = -e / (2 + e) with e = exp(-2|x|) - 1, which loses nothing near 0.
template <class Real>
inline Real tanh(Real x) {
  Real scale;
  Real expm1_r;
  detail::split_exp(Real(-2) * std::abs(x), scale, expm1_r);
  const Real e = scale * expm1_r + (scale - Real(1));
  return std::copysign(-e / (Real(2) + e), x);
}

template <class Real>
inline Real softsign(Real x) {
  return x / (Real(1) + std::abs(x));
}

}  // namespace rnnlib::vmath
