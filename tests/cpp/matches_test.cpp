// SPDX-License-Identifier: Apache-2.0
// Which elements of one sequence are found in another at the same place.
#include "decode/matches.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace rnnlib {
namespace {

using Labels = std::vector<Index>;
using Matches = std::vector<bool>;

// Fewest edits; and most matches among the alignments that have so few.
struct Best {
  Index edits;
  Index matches;
};

Best best_of(const Labels& a, const Labels& b, std::size_t i = 0, std::size_t j = 0) {
  if (i == a.size() || j == b.size()) return {static_cast<Index>(a.size() - i + b.size() - j), 0};
  const auto better = [](Best x, Best y) {
    return x.edits < y.edits || (x.edits == y.edits && x.matches > y.matches) ? x : y;
  };
  Best both = best_of(a, b, i + 1, j + 1);
  both.edits += a[i] == b[j] ? 0 : 1;
  both.matches += a[i] == b[j] ? 1 : 0;
  Best deleted = best_of(a, b, i + 1, j);
  Best inserted = best_of(a, b, i, j + 1);
  ++deleted.edits;
  ++inserted.edits;
  return better(both, better(deleted, inserted));
}

TEST(Matches, AreThoseOfTheFewestEdits) {
  EXPECT_EQ(find_matches({1, 2, 3}, {1, 2, 3}), (Matches{true, true, true}));
  EXPECT_EQ(find_matches({1, 2, 3}, {9, 1, 2, 3, 9}), (Matches{true, true, true}));
  EXPECT_EQ(find_matches({1, 2, 3}, {1, 4, 3}), (Matches{true, false, true}));
  EXPECT_EQ(find_matches({1, 2, 3, 4}, {2, 3}), (Matches{false, true, true, false}));
  EXPECT_EQ(find_matches({1, 1}, {1}).size(), 2u);
  EXPECT_EQ(find_matches({}, {1}), Matches{});
  EXPECT_EQ(find_matches({1}, {}), Matches{false});
}

TEST(Matches, OfAnySequencesLeaveNoMoreEditsThanThereMustBe) {
  std::mt19937 random(1);
  std::uniform_int_distribution<Index> length(0, 6);
  std::uniform_int_distribution<Index> label(0, 2);
  for (int i = 0; i < 500; ++i) {
    Labels a(static_cast<std::size_t>(length(random)));
    Labels b(static_cast<std::size_t>(length(random)));
    for (Labels* labels : {&a, &b}) {
      for (Index& one : *labels) one = label(random);
    }
    const Matches found = find_matches(a, b);
    ASSERT_EQ(found.size(), a.size());
    const Index matches = std::count(found.begin(), found.end(), true);
    const Best best = best_of(a, b);
    // With m matches among n and k elements, no fewer than max(n, k) - m edits are needed.
    EXPECT_GE(best.edits, static_cast<Index>(std::max(a.size(), b.size())) - matches);
    EXPECT_LE(matches, best.matches);
  }
}

}  // namespace
}  // namespace rnnlib
