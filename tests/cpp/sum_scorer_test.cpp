// SPDX-License-Identifier: Apache-2.0
// Sums of scorers.
#include "rnnlib/sum_scorer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "expect_error.h"
#include "rnnlib/error.h"
#include "rnnlib/language_scorer.h"

namespace rnnlib {
namespace {

constexpr double kNever = -std::numeric_limits<double>::infinity();

std::shared_ptr<const Scorer> words() {
  LanguageOptions options;
  options.word_bonus = 2;
  const std::vector<Lexicon::Spelling> spellings = {{"A", {0}}, {"AB", {0, 1}}};
  return LanguageScorer::of_words(std::make_shared<Lexicon>(spellings), nullptr, options);
}

std::shared_ptr<const Scorer> labels() {
  const NgramModel model = NgramModel::parse(
      "\\data\\\nngram 1=3\nngram 2=1\n\\1-grams:\n-1 a -0.5\n-0.5 b\n-0.2 </s>\n\\2-grams:\n-0.1 a b\n\\end\\\n", "x");
  return LanguageScorer::of_labels(model, {"a", "b", "c"});
}

TEST(SumScorer, AddsUpItsParts) {
  const SumScorer sum({{words(), 0.5}, {labels(), -3}});
  for (const std::vector<Index>& text : {std::vector<Index>{}, {0}, {0, 1}, {0, 0, 1}, {0, 1, 0}}) {
    EXPECT_NEAR(score_labels(sum, text), 0.5 * score_labels(*words(), text) - 3 * score_labels(*labels(), text), 1e-9);
  }
}

TEST(SumScorer, AllowsWhatAllAllow) {
  const SumScorer sum({{labels(), 1}, {words(), 0}});
  EXPECT_EQ(score_labels(sum, {1}), kNever);  // no word
  EXPECT_EQ(score_labels(sum, {0, 2}), kNever);
  const SumScorer negative({{words(), -1}});
  EXPECT_EQ(score_labels(negative, {1}), kNever);
}

TEST(SumScorer, EqualStatesAreOne) {
  const SumScorer sum({{words(), 1}, {words(), 1}});
  const auto run = sum.begin();
  ScorerRun::State one = 0;
  ScorerRun::State other = 0;
  run->extend(run->start(), 0, one);
  run->extend(run->start(), 0, other);
  EXPECT_EQ(one, other);
  EXPECT_NE(one, run->start());
}

TEST(SumScorer, WordsAreThoseOfThePartWithADictionary) {
  const SumScorer sum({{labels(), 1}, {words(), 1}});
  ASSERT_NE(sum.lexicon(), nullptr);
  EXPECT_EQ(sum.words({0, 1, 0}), (std::vector<Index>{1, 0}));
  const SumScorer none({{labels(), 1}});
  EXPECT_EQ(none.lexicon(), nullptr);
  EXPECT_TRUE(none.words({0}).empty());
}

TEST(SumScorer, RefusesWhatIsNoSum) {
  expect_error<ConfigError>([] { SumScorer({}); }, {"at least one"});
  expect_error<ConfigError>([] { SumScorer({{nullptr, 1}}); }, {"no scorer"});
  expect_error<ConfigError>([] { SumScorer({{words(), std::nan("")}}); }, {"weight", "nan"});
}

}  // namespace
}  // namespace rnnlib
