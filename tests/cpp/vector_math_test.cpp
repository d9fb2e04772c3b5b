// SPDX-License-Identifier: Apache-2.0
// The vectorised functions against the C library's in long double, in units in the last place.
#include "tensor/vector_math.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "rnnlib/random.h"

namespace rnnlib {
namespace {

// |got - exact| in units in the last place of exact; denormals have the smallest one.
template <class Real>
double ulps(Real got, long double exact) {
  const Real rounded = std::abs(static_cast<Real>(exact));
  const Real unit = std::nextafter(rounded, std::numeric_limits<Real>::infinity()) - rounded;
  return static_cast<double>(std::abs(static_cast<long double>(got) - exact) / static_cast<long double>(unit));
}

// A fine grid, random points, and magnitudes from denormal to the end, of both signs, inside [low, high].
template <class Real>
std::vector<Real> points_between(Real low, Real high) {
  std::vector<Real> points{low, high, Real(0)};
  constexpr int kSteps = 20000;
  for (int i = 1; i < kSteps; ++i) points.push_back(low + (high - low) * static_cast<Real>(i) / Real(kSteps));
  Random random(3);
  for (int i = 0; i < kSteps; ++i) {
    points.push_back(static_cast<Real>(random.uniform(static_cast<double>(low), static_cast<double>(high))));
  }
  for (Real x = std::numeric_limits<Real>::denorm_min(); x < std::numeric_limits<Real>::min(); x *= Real(2))
    points.push_back(x);
  for (Real x = std::numeric_limits<Real>::min(); x < high; x *= Real(1.37)) points.push_back(x);
  for (Real x = -std::numeric_limits<Real>::min(); x > low; x *= Real(1.37)) points.push_back(x);
  return points;
}

// Each function's largest error over [low, high].
template <class Real, class Ours, class Exact>
double worst(Real low, Real high, const Ours& ours, const Exact& exact) {
  double largest = 0;
  for (Real x : points_between<Real>(low, high)) {
    const double error = ulps(ours(x), exact(static_cast<long double>(x)));
    if (!(error <= largest)) largest = error;
  }
  return largest;
}

template <class Real>
class VectorMath : public ::testing::Test {
 protected:
  using Limits = std::numeric_limits<Real>;
  static constexpr Real kMin = vmath::detail::Constants<Real>::kMin;  // where exp is clamped
  static constexpr Real kMax = vmath::detail::Constants<Real>::kMax;
  static constexpr Real kInfinity = Limits::infinity();
};
using Reals = ::testing::Types<float, double>;
TYPED_TEST_SUITE(VectorMath, Reals, );  // the empty argument: clang asks for one

TYPED_TEST(VectorMath, ExpIsExactToAFewUnits) {
  using Real = TypeParam;
  EXPECT_LE(
      worst<Real>(
          this->kMin, this->kMax, [](Real x) { return vmath::exp(x); }, [](long double x) { return std::exp(x); }),
      3);
}

TYPED_TEST(VectorMath, LogisticIsExactToAFewUnits) {
  using Real = TypeParam;
  EXPECT_LE(worst<Real>(
                -this->kMax, -this->kMin, [](Real x) { return vmath::logistic(x); },
                [](long double x) { return 1 / (1 + std::exp(-x)); }),
            4);
}

TYPED_TEST(VectorMath, TanhIsExactToAFewUnits) {
  using Real = TypeParam;
  const auto ours = [](Real x) { return vmath::tanh(x); };
  const auto exact = [](long double x) { return std::tanh(x); };
  EXPECT_LE(worst<Real>(this->kMin, this->kMax, ours, exact), 4);
  EXPECT_LE(worst<Real>(Real(-1), Real(1), ours, exact), 4);  // where exp(-2|x|) - 1 would lose digits
}

TYPED_TEST(VectorMath, SoftsignIsExactToAFewUnits) {
  using Real = TypeParam;
  const Real large = std::numeric_limits<Real>::max() / 8;
  const auto ours = [](Real x) { return vmath::softsign(x); };
  const auto exact = [](long double x) { return x / (1 + std::abs(x)); };
  EXPECT_LE(worst<Real>(Real(-30), Real(30), ours, exact), 2);
  EXPECT_LE(worst<Real>(-large, large, ours, exact), 2);
}

TYPED_TEST(VectorMath, ExpIsClampedAtItsEnds) {
  using Real = TypeParam;
  const Real largest = vmath::exp(this->kMax);
  const Real smallest = vmath::exp(this->kMin);
  EXPECT_TRUE(std::isnormal(largest));
  EXPECT_TRUE(std::isnormal(smallest));
  for (Real x : {this->kMax * 2, std::numeric_limits<Real>::max(), this->kInfinity}) {
    EXPECT_EQ(vmath::exp(x), largest) << x;
    EXPECT_EQ(vmath::exp(-x), smallest) << x;
  }
}

TYPED_TEST(VectorMath, FarEndsAreTheLimits) {
  using Real = TypeParam;
  for (Real x : {Real(1000), std::numeric_limits<Real>::max(), this->kInfinity}) {
    EXPECT_EQ(vmath::tanh(x), Real(1)) << x;
    EXPECT_EQ(vmath::tanh(-x), Real(-1)) << x;
    EXPECT_EQ(vmath::logistic(x), Real(1)) << x;
    EXPECT_GE(vmath::logistic(-x), Real(0)) << x;
    EXPECT_LT(vmath::logistic(-x), 2 * std::numeric_limits<Real>::min()) << x;
  }
  EXPECT_EQ(vmath::softsign(std::numeric_limits<Real>::max()), Real(1));
  EXPECT_EQ(vmath::softsign(std::numeric_limits<Real>::lowest()), Real(-1));
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

TYPED_TEST(VectorMath, NanStaysNan) {
  using Real = TypeParam;
  for (Real nan : {std::numeric_limits<Real>::quiet_NaN(), -std::numeric_limits<Real>::quiet_NaN()}) {
    EXPECT_TRUE(std::isnan(vmath::exp(nan)));
    EXPECT_TRUE(std::isnan(vmath::logistic(nan)));
    EXPECT_TRUE(std::isnan(vmath::tanh(nan)));
    EXPECT_TRUE(std::isnan(vmath::softsign(nan)));
  }
}

}  // namespace
}  // namespace rnnlib
