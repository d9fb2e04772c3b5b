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

// Remembers how many of its states are in use.
class Counted final : public Scorer {
 public:
  std::unique_ptr<ScorerRun> begin() const override { return std::make_unique<Run>(*this); }
  mutable Index in_use = 0;

 private:
  struct Run final : ScorerRun {
    explicit Run(const Counted& counted) : scorer(counted) {}
    State start() override { return give(); }
    double extend(State, Index label, State& to) override {
      if (label == 9) return kNever;
      to = give();
      return -static_cast<double>(label);
    }
    double finish(State) override { return 0; }
    double most(State) override { return -1; }
    void forget(State) override { --scorer.in_use; }
    State give() { return scorer.in_use++; }
    const Counted& scorer;
  };
};

TEST(SumScorer, TellsItsPartsWhatIsGivenUp) {
  const auto one = std::make_shared<Counted>();
  const auto other = std::make_shared<Counted>();
  const SumScorer sum({{one, 2}, {words(), 1}, {other, 0.5}});
  const auto run = sum.begin();
  std::vector<ScorerRun::State> states = {run->start()};
  for (Index label : {0, 1, 9, 1, 0}) {
    ScorerRun::State to = 0;
    if (run->extend(states.back(), label, to) != kNever) states.push_back(to);
  }
  EXPECT_EQ(states.size(), 4U);  // nothing, A, AB, and A after it; there is no word "...1 1"
  EXPECT_EQ(one->in_use, 4);
  EXPECT_EQ(other->in_use, 4);
  for (ScorerRun::State state : states) run->forget(state);
  EXPECT_EQ(one->in_use, 0);
  EXPECT_EQ(other->in_use, 0);
}

TEST(SumScorer, KnowsWhatALabelAddsAtMost) {
  const auto counted = std::make_shared<Counted>();
  const auto most = [](const SumScorer& sum) {
    const auto run = sum.begin();
    return run->most(run->start());
  };
  EXPECT_EQ(most(SumScorer({{counted, 2}, {counted, 0.5}})), -2.5);
  EXPECT_EQ(most(SumScorer({{counted, 2}, {counted, -1}})), -kNever);
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
