// SPDX-License-Identifier: Apache-2.0
// Sums of errors.
#include "rnnlib/metrics.h"

#include <gtest/gtest.h>

#include <limits>

namespace rnnlib {
namespace {

TEST(Metrics, AddsValuesAndNormsByName) {
  Metrics metrics;
  metrics.add("ctcError", 3, 1);
  metrics.add("labelError", 2, 5);
  metrics.add("labelError", 1, 1);
  ASSERT_EQ(metrics.errors().size(), 2u);
  EXPECT_EQ(metrics.errors()[0].name, "ctcError");
  EXPECT_DOUBLE_EQ(metrics.find("labelError")->figure(), 3.0 / 6);
  EXPECT_EQ(metrics.find("seqError"), nullptr);
}

TEST(Metrics, AddsOthersWhateverTheirOrder) {
  Metrics a;
  a.add("x", 1, 1);
  a.add("y", 2, 1);
  a.num_sequences = 2;
  Metrics b;
  b.add("y", 10, 3);
  b.add("z", 5, 1);
  b.add("x", 4, 1);
  b.num_sequences = 3;
  a.add(b);
  ASSERT_EQ(a.errors().size(), 3u);
  EXPECT_EQ(a.find("x")->value, 5);
  EXPECT_EQ(a.find("y")->value, 12);
  EXPECT_EQ(a.find("y")->norm, 4);
  EXPECT_EQ(a.find("z")->value, 5);
  EXPECT_EQ(a.num_sequences, 5);
}

// Targets without a single label: right when nothing was read, and no finite rate when something was.
TEST(Metrics, WithoutNormAreZeroOrInfinite) {
  Metrics metrics;
  metrics.add("deletions", 0, 0);
  metrics.add("labelError", 2, 0);
  EXPECT_EQ(metrics.find("deletions")->figure(), 0);
  EXPECT_EQ(metrics.find("labelError")->figure(), std::numeric_limits<double>::infinity());
}

TEST(Metrics, PrintAsPercentByName) {
  for (const char* name : {"labelError", "seqError", "sequenceError", "substitutions", "insertions", "deletions",
                           "classificationError", "_a->_b", "_x"}) {
    EXPECT_TRUE(prints_as_percent(name)) << name;
  }
  for (const char* name : {"ctcError", "crossEntropyError", "sumSquaresError", "l1ErrorBits", "weightBits"}) {
    EXPECT_FALSE(prints_as_percent(name)) << name;
  }
}

}  // namespace
}  // namespace rnnlib
