// SPDX-License-Identifier: Apache-2.0
// The random generator: published sequences, distributions, state.
#include "rnnlib/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "expect_error.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

TEST(Random, GivesThePublishedSequence) {
  // First outputs of xoshiro256** from the state 1, 2, 3, 4.
  Random random;
  random.set_state("1:2:3:4");
  for (std::uint64_t expected : {11520ULL, 0ULL, 1509978240ULL, 1215971899390074240ULL, 1216172134540287360ULL}) {
    EXPECT_EQ(random.next(), expected);
  }
}

TEST(Random, SeedsWithThePublishedSequence) {
  // First outputs of splitmix64 from 1234567: 6457827717110365317, 3203168211198807973, ...
  EXPECT_EQ(Random(1234567).state(), "599ed017fb08fc85:2c73f08458540fa5:883ebce5a3f27c77:3fbef740e9177b3f");
}

TEST(Random, UniformStaysInItsRangeAndIsUniform) {
  Random random(7);
  const int n = 100000;
  double sum = 0;
  double sum_squares = 0;
  for (int i = 0; i < n; ++i) {
    const double value = random.uniform(-2, 4);
    ASSERT_GE(value, -2);
    ASSERT_LT(value, 4);
    sum += value;
    sum_squares += value * value;
  }
  EXPECT_NEAR(sum / n, 1, 0.03);
  EXPECT_NEAR(sum_squares / n - 1, 3, 0.05);  // 6^2 / 12
}

TEST(Random, UniformNeverRoundsUpToHigh) {
  Random random(1);
  const double next_to_one = std::nextafter(1.0, 2.0);
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(random.uniform(1, next_to_one), 1);
  EXPECT_EQ(random.uniform(3, 3), 3);
}

TEST(Random, BelowHitsAllEquallyOften) {
  Random random(3);
  std::vector<int> counts(6);
  for (int i = 0; i < 60000; ++i) ++counts.at(random.below(6));
  for (int count : counts) EXPECT_NEAR(count, 10000, 400);
  EXPECT_EQ(random.below(1), 0u);
  const std::uint64_t large = (std::uint64_t{1} << 63) + 1;
  for (int i = 0; i < 100; ++i) EXPECT_LT(random.below(large), large);
}

TEST(Random, NormalHasMomentsOfTheStandardNormal) {
  Random random(11);
  const int n = 100000;
  double sums[5] = {};
  for (int i = 0; i < n; ++i) {
    const double value = random.normal();
    for (int power = 1; power <= 4; ++power) sums[power] += std::pow(value, power) / n;
  }
  EXPECT_NEAR(sums[1], 0, 0.02);
  EXPECT_NEAR(sums[2], 1, 0.03);
  EXPECT_NEAR(sums[3], 0, 0.06);
  EXPECT_NEAR(sums[4], 3, 0.2);
}

// The distribution function, also far out, where the ziggurat's layers end and its tail begins (3.654).
TEST(Random, NormalIsDistributedNormally) {
  constexpr int kDraws = 4000000;
  const std::vector<double> bounds = {-4.5, -3.7, -3.65, -3, -2, -1, -0.3, 0, 0.2, 0.7, 1.5, 2.5, 3.6, 3.66, 4};
  Random random(23);
  std::vector<double> below(bounds.size());
  for (int i = 0; i < kDraws; ++i) {
    const double value = random.normal();
    for (std::size_t b = 0; b < bounds.size(); ++b) below[b] += value < bounds[b] ? 1 : 0;
  }
  for (std::size_t b = 0; b < bounds.size(); ++b) {
    const double p = std::erfc(-bounds[b] / std::sqrt(2.0)) / 2;
    EXPECT_NEAR(below[b], kDraws * p, 5 * std::sqrt(kDraws * p * (1 - p)) + 1) << bounds[b];
  }
}

TEST(Random, PermutationHoldsEveryIndexOnceAndAllOrdersOccur) {
  Random random(5);
  std::vector<Index> order = random.permutation(100);
  std::sort(order.begin(), order.end());
  for (Index i = 0; i < 100; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
  std::set<std::vector<Index>> orders;
  for (int i = 0; i < 500; ++i) orders.insert(random.permutation(4));
  EXPECT_EQ(orders.size(), 24u);
  EXPECT_TRUE(random.permutation(0).empty());
}

TEST(Random, GoesOnFromItsState) {
  Random random(42);
  for (int i = 0; i < 10; ++i) (void)random.normal();
  Random other;
  other.set_state(random.state());
  for (int i = 0; i < 10; ++i) EXPECT_EQ(other.normal(), random.normal());
}

TEST(Random, RefusesBadStates) {
  Random random(42);
  const std::string before = random.state();
  for (const char* state :
       {"", "1:2:3", "1:2:3:4:5", "1:2:3:x", "1:2:3:", "0:0:0:0", "1:2:3:11111111111111111", "1:2:3:-4"}) {
    expect_error<FormatError>([&] { random.set_state(state); }, {"random state", "four hexadecimal words"});
    EXPECT_EQ(random.state(), before);
  }
}

}  // namespace
}  // namespace rnnlib
