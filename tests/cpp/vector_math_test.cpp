// SPDX-License-Identifier: Apache-2.0
// The vectorised functions against the C library's in long double, in units in the last place, over all numbers.
#include "tensor/vector_math.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "rnnlib/random.h"

namespace rnnlib {
namespace {

// |got - exact| in units in the last place of exact. Where exact is smaller than all normal numbers or larger than all
// finite ones, 0 if got is so too.
template <class Real>
double ulps(Real got, long double exact) {
  using Limits = std::numeric_limits<Real>;
  const long double size = std::abs(exact);
  if (size < Limits::min()) return std::abs(got) <= Limits::min() ? 0 : Limits::infinity();
  if (size > Limits::max()) return std::abs(got) >= Limits::max() ? 0 : Limits::infinity();
  const Real rounded = static_cast<Real>(size);
  const Real unit = rounded - std::nextafter(rounded, Real(0));
  return static_cast<double>(std::abs(static_cast<long double>(got) - exact) / static_cast<long double>(unit));
}

// Both signs of all magnitudes, infinity included: bit patterns at equal distances.
template <class Real>
std::vector<Real> all_magnitudes() {
  using Bits = typename vmath::detail::Constants<Real>::Bits;
  constexpr Bits kSteps = 100000;
  const Bits end = vmath::detail::bit_cast<Bits>(std::numeric_limits<Real>::infinity());
  std::vector<Real> points;
  for (Bits i = 0; i <= kSteps; ++i) {
    const Real x = vmath::detail::bit_cast<Real>(i == kSteps ? end : end / kSteps * i + i * 7);
    if (std::isnan(x)) continue;
    points.push_back(x);
    points.push_back(-x);
  }
  return points;
}

// Random, where the functions are neither linear nor constant; all floats have few of these.
template <class Real>
void add_uniform(Real size, std::vector<Real>& points) {
  Random random(3);
  for (int i = 0; i < 100000; ++i) {
    points.push_back(static_cast<Real>(random.uniform(-static_cast<double>(size), static_cast<double>(size))));
  }
}

template <class Real>
const std::vector<Real>& points() {
  static const std::vector<Real> all = [] {
    std::vector<Real> points = all_magnitudes<Real>();
    for (const double size : {0.5, 4.0, 40.0, 100.0, 720.0}) add_uniform(static_cast<Real>(size), points);
    for (int n = -1080; n <= 1080; ++n) {  // where exp(r) passes from one power of 2 to the next
      const Real edge = static_cast<Real>(n * 0.34657359027997264);
      points.insert(points.end(), {std::nextafter(edge, Real(-1e4)), edge, std::nextafter(edge, Real(1e4))});
    }
    return points;
  }();
  return all;
}

// A function's largest error.
template <class Real, class Ours, class Exact>
double worst(const Ours& ours, const Exact& exact) {
  double largest = 0;
  for (const Real x : points<Real>()) {
    const double error = ulps(ours(x), exact(static_cast<long double>(x)));
    if (!(error <= largest)) largest = error;
  }
  return largest;
}

template <class Real>
class VectorMath : public ::testing::Test {
 protected:
  using Limits = std::numeric_limits<Real>;
  static constexpr Real kInfinity = Limits::infinity();
};
using Reals = ::testing::Types<float, double>;
TYPED_TEST_SUITE(VectorMath, Reals, );  // the empty argument: clang asks for one

TYPED_TEST(VectorMath, ExpIsExactToAFewUnits) {
  using Real = TypeParam;
  EXPECT_LE(worst<Real>([](Real x) { return vmath::exp(x); }, [](long double x) { return std::exp(x); }), 3);
}

TYPED_TEST(VectorMath, LogisticIsExactToAFewUnits) {
  using Real = TypeParam;
  EXPECT_LE(
      worst<Real>([](Real x) { return vmath::logistic(x); }, [](long double x) { return 1 / (1 + std::exp(-x)); }), 3);
}

TYPED_TEST(VectorMath, TanhIsExactToAFewUnits) {
  using Real = TypeParam;
  EXPECT_LE(worst<Real>([](Real x) { return vmath::tanh(x); }, [](long double x) { return std::tanh(x); }), 3);
}

TYPED_TEST(VectorMath, SoftsignIsExactToAFewUnits) {
  using Real = TypeParam;
  const auto exact = [](long double x) { return std::isinf(x) ? std::copysign(1.0L, x) : x / (1 + std::abs(x)); };
  EXPECT_LE(worst<Real>([](Real x) { return vmath::softsign(x); }, exact), 2);
}

// mantissa * 2^exponent, compared in logarithms: the range has no end.
TYPED_TEST(VectorMath, SplitExpIsExactBeyondTheRangeOfExp) {
  using Real = TypeParam;
  for (const Real x : points<Real>()) {
    if (!(std::abs(x) <= Real(sizeof(Real) == 4 ? 5e3 : 1e7))) continue;
    Real mantissa;
    Real exponent;
    vmath::split_exp(x, mantissa, exponent);
    ASSERT_EQ(exponent, std::round(exponent));
    const Real slack = std::numeric_limits<Real>::epsilon() * (4 + std::abs(x));  // of the rounding of exponent
    ASSERT_GE(mantissa, 1 - slack) << x;
    ASSERT_LE(mantissa, 2 * (1 + slack)) << x;
    const long double exact = static_cast<long double>(x) - static_cast<long double>(exponent) * std::log(2.0L);
    const long double bound =
        4 * std::numeric_limits<Real>::epsilon() * (1 + 1e-4L * std::abs(static_cast<long double>(x)));
    ASSERT_NEAR(static_cast<double>(std::log(static_cast<long double>(mantissa)) - exact), 0,
                static_cast<double>(bound))
        << x;
  }
}

TYPED_TEST(VectorMath, FarEndsAreTheLimits) {
  using Real = TypeParam;
  for (Real x : {Real(1000), std::numeric_limits<Real>::max(), this->kInfinity}) {
    EXPECT_EQ(vmath::exp(x), this->kInfinity) << x;
    EXPECT_EQ(vmath::exp(-x), Real(0)) << x;
    EXPECT_EQ(vmath::tanh(x), Real(1)) << x;
    EXPECT_EQ(vmath::tanh(-x), Real(-1)) << x;
    EXPECT_EQ(vmath::logistic(x), Real(1)) << x;
    EXPECT_EQ(vmath::logistic(-x), Real(0)) << x;
  }
  for (Real x : {std::numeric_limits<Real>::max(), this->kInfinity}) {
    EXPECT_EQ(vmath::softsign(x), Real(1)) << x;
    EXPECT_EQ(vmath::softsign(-x), Real(-1)) << x;
  }
}

TYPED_TEST(VectorMath, StaysBetweenItsLimits) {
  using Real = TypeParam;
  for (const Real x : points<Real>()) {
    ASSERT_TRUE(vmath::exp(x) >= 0) << x;
    ASSERT_TRUE(vmath::logistic(x) >= 0 && vmath::logistic(x) <= 1) << x;
    ASSERT_TRUE(std::abs(vmath::tanh(x)) <= 1) << x;
    ASSERT_TRUE(std::abs(vmath::softsign(x)) <= 1) << x;
  }
}

TYPED_TEST(VectorMath, ZeroKeepsItsSign) {
  using Real = TypeParam;
  for (Real zero : {Real(0), Real(-0.0)}) {
    EXPECT_EQ(vmath::exp(zero), Real(1));
    EXPECT_EQ(vmath::logistic(zero), Real(0.5));
    EXPECT_EQ(vmath::tanh(zero), Real(0));
    EXPECT_EQ(vmath::softsign(zero), Real(0));
    EXPECT_EQ(std::signbit(vmath::tanh(zero)), std::signbit(zero));
    EXPECT_EQ(std::signbit(vmath::softsign(zero)), std::signbit(zero));
  }
}

TYPED_TEST(VectorMath, SubnormalNumbersAreKept) {
  using Real = TypeParam;
  for (Real x = std::numeric_limits<Real>::denorm_min(); x < std::numeric_limits<Real>::min(); x *= Real(2)) {
    EXPECT_EQ(vmath::tanh(x), x);
    EXPECT_EQ(vmath::tanh(-x), -x);
    EXPECT_EQ(vmath::softsign(x), x);
    EXPECT_EQ(vmath::softsign(-x), -x);
  }
}

TYPED_TEST(VectorMath, NanStaysNan) {
  using Real = TypeParam;
  using Bits = typename vmath::detail::Constants<Real>::Bits;
  const Real plain = std::numeric_limits<Real>::quiet_NaN();
  const Real with_payload = vmath::detail::bit_cast<Real>(vmath::detail::bit_cast<Bits>(plain) + Bits{12345});
  for (Real nan : {plain, -plain, with_payload, -with_payload}) {
    EXPECT_TRUE(std::isnan(vmath::exp(nan)));
    EXPECT_TRUE(std::isnan(vmath::logistic(nan)));
    EXPECT_TRUE(std::isnan(vmath::tanh(nan)));
    EXPECT_TRUE(std::isnan(vmath::softsign(nan)));
  }
}

// Loops as the library has them; this file is compiled with its options, and at -O3.
template <class Real, class Function>
void apply(const Function& function, const Real* x, Index n, Real* y) {
  RNNLIB_INDEPENDENT
  for (Index i = 0; i < n; ++i) y[i] = function(x[i]);
}

template <class Real, class Function>
void expect_same_bits_in_a_loop(const Function& function) {
  constexpr Index kLongest = 40;
  const std::vector<Real>& all = points<Real>();
  for (std::size_t first = 0; first + kLongest <= all.size(); first += 997) {
    std::vector<Real> alone(kLongest);
    std::vector<Real> together(kLongest);
    for (Index i = 0; i < kLongest; ++i) apply(function, all.data() + first + i, 1, alone.data() + i);
    for (Index n = 1; n <= kLongest; ++n) {
      apply(function, all.data() + first, n, together.data());
      for (Index i = 0; i < n; ++i) {
        const auto k = static_cast<std::size_t>(i);
        ASSERT_EQ(together[k], alone[k]) << "element " << i << " of " << n << ", " << all[first + k];
      }
    }
  }
}

TYPED_TEST(VectorMath, SameBitsAloneAndInALoop) {
  using Real = TypeParam;
  expect_same_bits_in_a_loop<Real>([](Real x) { return vmath::exp(x); });
  expect_same_bits_in_a_loop<Real>([](Real x) { return vmath::logistic(x); });
  expect_same_bits_in_a_loop<Real>([](Real x) { return vmath::tanh(x); });
  expect_same_bits_in_a_loop<Real>([](Real x) { return vmath::softsign(x); });
  expect_same_bits_in_a_loop<Real>([](Real x) { return vmath::logistic(x) * vmath::tanh(x); });
}

}  // namespace
}  // namespace rnnlib
