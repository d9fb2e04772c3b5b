// SPDX-License-Identifier: Apache-2.0
// Best path decoding.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <utility>

#include "decode/best_path.h"

namespace rnnlib {
namespace {

std::vector<std::int32_t> decode(const std::vector<Index>& units, Index size) {
  std::vector<float> output(units.size() * static_cast<std::size_t>(size), 0.1F);
  for (std::size_t t = 0; t < units.size(); ++t) {
    output[t * static_cast<std::size_t>(size) + static_cast<std::size_t>(units[t])] = 0.5F;
  }
  std::vector<std::int32_t> labels = {9, 9};
  best_path(output.data(), static_cast<Index>(units.size()), size, labels);
  return labels;
}

TEST(BestPath, MergesRepeatsAndDropsBlanks) {
  EXPECT_EQ(decode({0, 0, 1, 1, 1}, 3), (std::vector<std::int32_t>{0, 1}));
  EXPECT_EQ(decode({2, 0, 2, 0, 0, 2}, 3), (std::vector<std::int32_t>{0, 0}));
  EXPECT_EQ(decode({2, 2, 2}, 3), std::vector<std::int32_t>{});
  EXPECT_EQ(decode({0, 1, 0}, 3), (std::vector<std::int32_t>{0, 1, 0}));
}

TEST(BestPath, TiesGoToTheFirstUnit) {
  const std::vector<double> output = {0.2, 0.4, 0.4, 0.4, 0.2, 0.4};
  std::vector<std::int32_t> labels;
  best_path(output.data(), 2, 3, labels);
  EXPECT_EQ(labels, (std::vector<std::int32_t>{1, 0}));
}

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

TEST(BestPath, PositionsAreThePointsOfEachLabel) {
  const std::vector<int> units{2, 0, 0, 2, 0, 1, 1, 1, 0};  // 2 is the blank
  std::vector<float> output;
  for (int unit : units) {
    for (int k = 0; k < 3; ++k) output.push_back(k == unit ? 0.5F : 0.25F);
  }
  std::vector<Index> labels{7};
  std::vector<LabelPosition> positions{{9, 9}};
  best_path(output.data(), static_cast<Index>(units.size()), 3, labels, positions);
  EXPECT_EQ(labels, (std::vector<Index>{0, 0, 1, 0}));
  const std::vector<std::pair<Index, Index>> expected{{1, 2}, {4, 4}, {5, 7}, {8, 8}};
  ASSERT_EQ(positions.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(positions[i].first, expected[i].first);
    EXPECT_EQ(positions[i].last, expected[i].second);
  }
  best_path(output.data(), 0, 3, labels, positions);
  EXPECT_TRUE(labels.empty() && positions.empty());
}

}  // namespace
}  // namespace rnnlib
