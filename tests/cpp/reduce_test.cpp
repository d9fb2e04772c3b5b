// SPDX-License-Identifier: Apache-2.0
// The largest and the sum of some numbers.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "tensor/reduce.h"

namespace rnnlib {
namespace {

TEST(Reduce, IsTheSameForEverySize) {
  std::mt19937 random(1);
  std::uniform_int_distribution<int> whole(-9, 9);  // many ties, and sums without rounding
  for (Index size = 1; size < 70; ++size) {
    std::vector<float> values(static_cast<std::size_t>(size));
    for (float& value : values) value = static_cast<float>(whole(random));
    const auto first_largest = std::max_element(values.begin(), values.end());
    EXPECT_EQ(largest(values.data(), size), *first_largest);
    EXPECT_EQ(argmax(values.data(), size), first_largest - values.begin());
    float total = 0;
    for (const float value : values) total += value;
    EXPECT_EQ(sum(values.data(), size), total);
    values[0] = std::numeric_limits<float>::quiet_NaN();
    EXPECT_TRUE(std::isnan(largest(values.data(), size)));
    EXPECT_TRUE(std::isnan(sum(values.data(), size)));
    EXPECT_EQ(argmax(values.data(), size), 0);
  }
}

}  // namespace
}  // namespace rnnlib
