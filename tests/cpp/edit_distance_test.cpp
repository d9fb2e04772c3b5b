// SPDX-License-Identifier: Apache-2.0
// Alignment by edit distance.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "loss/edit_distance.h"

namespace rnnlib {
namespace {

using Labels = std::vector<std::int32_t>;

EditAlignment align_labels(const Labels& target, const Labels& output) {
  std::vector<std::int32_t> cells;
  EditAlignment alignment;
  const std::vector<Index> read(output.begin(), output.end());
  align_edits(target.data(), static_cast<Index>(target.size()), read.data(), static_cast<Index>(read.size()), cells,
              alignment);
  return alignment;
}

// By trying every edit at the last labels.
Index slow_distance(const Labels& target, std::size_t i, const Labels& output, std::size_t j) {
  if (i == 0) return static_cast<Index>(j);
  if (j == 0) return static_cast<Index>(i);
  const Index diagonal = slow_distance(target, i - 1, output, j - 1) + (target[i - 1] == output[j - 1] ? 0 : 1);
  return std::min({diagonal, slow_distance(target, i - 1, output, j) + 1, slow_distance(target, i, output, j - 1) + 1});
}

TEST(EditDistance, CountsEqualTheDistanceOnRandomStrings) {
  std::mt19937 random(1);
  for (int trial = 0; trial < 300; ++trial) {
    Labels target(random() % 7);
    Labels output(random() % 7);
    for (auto& label : target) label = static_cast<std::int32_t>(random() % 3);
    for (auto& label : output) label = static_cast<std::int32_t>(random() % 3);
    const EditAlignment alignment = align_labels(target, output);
    EXPECT_EQ(alignment.distance(), slow_distance(target, target.size(), output, output.size()));
    EXPECT_EQ(alignment.insertions - alignment.deletions,
              static_cast<Index>(output.size()) - static_cast<Index>(target.size()));
    EXPECT_EQ(alignment.distance(), static_cast<Index>(alignment.edits.size()));
  }
}

TEST(EditDistance, ListsTheEdits) {
  const EditAlignment alignment = align_labels({1, 2, 3}, {1, 4, 3});
  ASSERT_EQ(alignment.edits.size(), 1U);
  EXPECT_EQ(alignment.edits[0].type, EditType::kSubstitution);
  EXPECT_EQ(alignment.edits[0].target, 2);
  EXPECT_EQ(alignment.edits[0].output, 4);
}

TEST(EditDistance, EmptySequences) {
  const EditAlignment insertions = align_labels({}, {5, 6});
  EXPECT_EQ(insertions.insertions, 2);
  EXPECT_EQ(insertions.edits[0].output, 5);
  EXPECT_EQ(insertions.edits[0].target, -1);
  const EditAlignment deletions = align_labels({5, 6}, {});
  EXPECT_EQ(deletions.deletions, 2);
  EXPECT_EQ(deletions.edits[1].target, 6);
  EXPECT_EQ(align_labels({}, {}).distance(), 0);
}

// Of the two ways to distance 2 (delete 1 and insert 4, or substitute) RNNLIB's way back finds the substitutions: the
// last labels differ, but the cell equals its diagonal neighbour.
TEST(EditDistance, PrefersDiagonalSteps) {
  const EditAlignment alignment = align_labels({1, 2, 3}, {2, 3, 4});
  EXPECT_EQ(alignment.substitutions, 2);
  EXPECT_EQ(alignment.insertions, 0);
  EXPECT_EQ(alignment.deletions, 0);
}

// All cells, and from the last one back by RNNLIB's preferences.
std::vector<Edit> slow_edits(const Labels& target, const Labels& output) {
  std::vector<std::vector<Index>> cells(target.size() + 1, std::vector<Index>(output.size() + 1));
  for (std::size_t i = 0; i <= target.size(); ++i) {
    for (std::size_t j = 0; j <= output.size(); ++j) {
      cells[i][j] = static_cast<Index>(i + j);
      if (i == 0 || j == 0) continue;
      const Index diagonal = cells[i - 1][j - 1] + (target[i - 1] == output[j - 1] ? 0 : 1);
      cells[i][j] = std::min({diagonal, cells[i - 1][j] + 1, cells[i][j - 1] + 1});
    }
  }
  std::vector<Edit> edits;
  std::size_t i = target.size();
  std::size_t j = output.size();
  while (i > 0 || j > 0) {
    if (i > 0 && j > 0 && cells[i][j] == cells[i - 1][j - 1]) {
      --i, --j;
    } else if (i > 0 && j > 0 && cells[i][j] == cells[i - 1][j - 1] + 1) {
      --i, --j;
      edits.push_back({EditType::kSubstitution, target[i], output[j]});
    } else if (i > 0 && cells[i][j] == cells[i - 1][j] + 1) {
      edits.push_back({EditType::kDeletion, target[--i], -1});
    } else {
      edits.push_back({EditType::kInsertion, -1, output[--j]});
    }
  }
  std::reverse(edits.begin(), edits.end());
  return edits;
}

TEST(EditDistance, EditsAreThoseOfTheWholeTable) {
  std::mt19937 random(2);
  for (int trial = 0; trial < 200; ++trial) {
    Labels target(random() % 40);
    Labels output(random() % 40);
    for (auto& label : target) label = static_cast<std::int32_t>(random() % 4);
    for (auto& label : output) label = static_cast<std::int32_t>(random() % 4);
    const std::vector<Edit> found = align_labels(target, output).edits;
    const std::vector<Edit> expected = slow_edits(target, output);
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      EXPECT_EQ(found[i].type, expected[i].type);
      EXPECT_EQ(found[i].target, expected[i].target);
      EXPECT_EQ(found[i].output, expected[i].output);
    }
  }
}

// A target that is far too long for its output is compared with it, too.
TEST(EditDistance, NeedsLittleMemoryForLongTargets) {
  EXPECT_LT(edit_cells(1000000, 100), 4000000);
  const Labels target(100000, 1);
  const EditAlignment alignment = align_labels(target, {1, 2, 1});
  EXPECT_EQ(alignment.substitutions, 1);
  EXPECT_EQ(alignment.deletions, 99997);
}

TEST(EditDistance, ReusesItsMemory) {
  std::vector<std::int32_t> cells;
  EditAlignment alignment;
  const Labels longer = {1, 2, 3, 4};
  const Labels shorter = {2};
  const std::vector<Index> read = {2};
  align_edits(longer.data(), 4, read.data(), 1, cells, alignment);
  EXPECT_EQ(alignment.distance(), 3);
  align_edits(shorter.data(), 1, read.data(), 1, cells, alignment);
  EXPECT_EQ(alignment.distance(), 0);
  EXPECT_TRUE(alignment.edits.empty());
}

}  // namespace
}  // namespace rnnlib
