// SPDX-License-Identifier: Apache-2.0
// Scorers of language models against sums over all ways in which a labelling can be read.
#include "rnnlib/language_scorer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "expect_error.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

using Labels = std::vector<Index>;
using Names = std::vector<std::string>;

constexpr double kNever = -std::numeric_limits<double>::infinity();
constexpr Index kSeparator = 2;

// Spellings share beginnings, one is that of two words, and "aa" can be read as two words.
const std::vector<Lexicon::Spelling> kSpellings = {{"A", {0}}, {"AA", {0, 0}},     {"AB", {0, 1}},     {"ab", {0, 1}},
                                                   {"B", {1}}, {"BAB", {1, 0, 1}}, {"unheard", {1, 1}}};

NgramModel model() {
  return NgramModel::parse(
      "\\data\\\nngram 1=8\nngram 2=5\n\\1-grams:\n-99 <s> -0.4\n-1 </s>\n-0.9 A -0.3\n-1.1 AA -0.1\n-0.8 AB -0.5\n"
      "-0.85 ab -0.2\n-1.5 B 0.1\n-0.7 BAB -0.6\n"
      "\\2-grams:\n-0.2 <s> A\n-0.3 ab B\n-0.1 AB </s>\n-0.6 B AB\n-0.05 A A\n\\end\\\n",
      "x.arpa");
}

LanguageOptions options() {
  LanguageOptions options;
  options.weight = 0.7;
  options.word_bonus = 0.3;
  options.unknown_score = -5;
  return options;
}

std::shared_ptr<const LanguageScorer> word_scorer(Index separator, const LanguageOptions& options) {
  return LanguageScorer::of_words(std::make_shared<Lexicon>(kSpellings, separator),
                                  std::make_shared<NgramModel>(model()), options);
}

// What of a labelling has been read.
struct Read {
  std::size_t labels = 0;
  Names words;
  Index free = 0;  // labels of no word
  enum { kStart, kWord, kSeparator, kFree } last = kStart;
};

// The score of a reading that ends here.
double score_of(const Read& read, const LanguageOptions& options) {
  const bool is_open = options.mode == WordMode::kOpen;
  if (read.last == Read::kSeparator && !is_open) return kNever;
  if (options.num_words >= 0 && static_cast<Index>(read.words.size()) != options.num_words) return kNever;
  const NgramModel ngrams = model();
  std::vector<double> scores = ngrams.score(read.words);
  if (!options.sentence_ends) {
    scores.clear();
    NgramModel::State state = ngrams.empty();
    for (const std::string& word : read.words) scores.push_back(ngrams.extend(state, ngrams.find(word), state));
  }
  double sum = options.word_bonus * static_cast<double>(read.words.size());
  for (double score : scores) sum += options.weight * (score == kNever ? options.unknown_score : score);
  return sum + options.free_score * static_cast<double>(read.free);
}

// The best score of all readings of the rest of a labelling.
double best_reading(const Labels& labels, const Read& read, Index separator, const LanguageOptions& options) {
  if (read.labels == labels.size()) return score_of(read, options);
  const bool is_open = options.mode == WordMode::kOpen;
  const Index label = labels[read.labels];
  double best = kNever;
  if (label == separator) {
    if (read.last != Read::kWord && read.last != Read::kFree) return kNever;
    Read next = read;
    ++next.labels;
    next.last = Read::kSeparator;
    return best_reading(labels, next, separator, options);
  }
  if (is_open) {
    Read next = read;
    ++next.labels;
    ++next.free;
    next.last = Read::kFree;
    best = best_reading(labels, next, separator, options);
  }
  if (read.last == Read::kWord && separator != Lexicon::kNone) return best;  // words need something between them
  for (const Lexicon::Spelling& spelling : kSpellings) {
    const std::size_t size = spelling.labels.size();
    const auto begin = labels.begin() + static_cast<std::ptrdiff_t>(read.labels);
    if (read.labels + size > labels.size() || !std::equal(spelling.labels.begin(), spelling.labels.end(), begin)) {
      continue;
    }
    Read next = read;
    next.labels += size;
    next.words.push_back(spelling.word);
    next.last = Read::kWord;
    best = std::max(best, best_reading(labels, next, separator, options));
  }
  return best;
}

// That the words found score as much as the best reading does; without free text the words are all of it.
void expect_words(const LanguageScorer& scorer, const Labels& labels, double score, const LanguageOptions& options) {
  const std::vector<Index> found = scorer.words(labels);
  if (score == kNever) {
    EXPECT_TRUE(found.empty());
    return;
  }
  if (options.mode == WordMode::kOpen) return;
  Read read;
  for (Index word : found) read.words.push_back(scorer.lexicon()->word(word));
  EXPECT_NEAR(score_of(read, options), score, 1e-5);
}

void expect_all_labellings(Index separator, const LanguageOptions& options) {
  const auto scorer = word_scorer(separator, options);
  const Index units = 3;
  int allowed = 0;
  for (Index length = 0; length <= 6; ++length) {
    for (Index code = 0; code < static_cast<Index>(std::pow(units, length)); ++code) {
      Labels labels;
      for (Index i = 0, rest = code; i < length; ++i, rest /= units) labels.push_back(rest % units);
      const double expected = best_reading(labels, {}, separator, options);
      const double found = score_labels(*scorer, labels);
      expect_words(*scorer, labels, expected, options);
      if (expected == kNever) {
        EXPECT_EQ(found, kNever);
        continue;
      }
      ++allowed;
      EXPECT_NEAR(found, expected, 1e-5) << "code " << code << " of length " << length;
    }
  }
  EXPECT_GT(allowed, 20);
}

TEST(LanguageScorer, WordsWithASeparatorEqualTheBestReading) { expect_all_labellings(kSeparator, options()); }

TEST(LanguageScorer, WordsWithoutASeparatorEqualTheBestReading) { expect_all_labellings(Lexicon::kNone, options()); }

TEST(LanguageScorer, PartsOfSentences) {
  LanguageOptions parts = options();
  parts.sentence_ends = false;
  expect_all_labellings(kSeparator, parts);
  expect_all_labellings(Lexicon::kNone, parts);
}

TEST(LanguageScorer, FreeTextBetweenWords) {
  LanguageOptions open = options();
  open.mode = WordMode::kOpen;
  open.free_score = -0.9;  // so small that free text is often the best reading
  expect_all_labellings(kSeparator, open);
  expect_all_labellings(Lexicon::kNone, open);
}

TEST(LanguageScorer, FixedNumbersOfWords) {
  LanguageOptions fixed = options();
  for (WordMode mode : {WordMode::kClosed, WordMode::kOpen}) {
    fixed.mode = mode;
    fixed.num_words = 2;
    expect_all_labellings(kSeparator, fixed);
    expect_all_labellings(Lexicon::kNone, fixed);
  }
  fixed.mode = WordMode::kClosed;
  fixed.num_words = 0;
  const auto none = word_scorer(kSeparator, fixed);
  EXPECT_GT(score_labels(*none, {}), kNever);
  EXPECT_EQ(score_labels(*none, {0}), kNever);
}

TEST(LanguageScorer, LooksAheadInTheTree) {
  const auto scorer = word_scorer(kSeparator, options());
  const auto run = scorer->begin();
  ScorerRun::State state = run->start();
  // "AB" is the best word that begins with label 0, and goes on with label 1: -0.8 is its unigram.
  EXPECT_NEAR(run->extend(state, 0, state), 0.7 * -0.8 * std::log(10) + 0.3, 1e-5);
  EXPECT_NEAR(run->extend(state, 1, state), 0, 1e-6);
  EXPECT_EQ(run->extend(state, 1, state), kNever);
}

// Walks through all labellings of so many labels that are allowed; gives the least distance of the bound.
double check_most(ScorerRun& run, ScorerRun::State state, int length) {
  const double most = run.most(state);
  EXPECT_LT(most, std::numeric_limits<double>::infinity());
  double least = most - kNever;
  for (Index label = 0; length > 0 && label < 4; ++label) {
    ScorerRun::State to = 0;
    const double added = run.extend(state, label, to);
    if (added == kNever) continue;
    EXPECT_LE(added, most + 1e-6);
    least = std::min({least, most - added, check_most(run, to, length - 1)});
    run.forget(to);
  }
  return least;
}

TEST(LanguageScorer, KnowsWhatALabelAddsAtMost) {
  LanguageOptions open = options();
  open.mode = WordMode::kOpen;
  open.word_bonus = 2;
  for (const Index separator : {kSeparator, Lexicon::kNone}) {
    for (const LanguageOptions& used : {options(), open}) {
      const auto scorer = word_scorer(separator, used);
      const auto run = scorer->begin();
      EXPECT_LT(check_most(*run, run->start(), 6), 0.5);
    }
  }
  const auto letters = LanguageScorer::of_labels(model(), {"A", "B", "AB"}, options());
  const auto run = letters->begin();
  EXPECT_LT(check_most(*run, run->start(), 4), 0.5);
}

TEST(LanguageScorer, ReadsWords) {
  const auto words_of = [](const LanguageScorer& scorer, const Labels& labels) {
    Names words;
    for (Index word : scorer.words(labels)) words.push_back(scorer.lexicon()->word(word));
    return words;
  };
  LanguageOptions open = options();
  open.mode = WordMode::kOpen;
  open.free_score = -3;
  EXPECT_EQ(words_of(*word_scorer(kSeparator, options()), {0, 1, kSeparator, 1}), (Names{"ab", "B"}));  // by its bigram
  EXPECT_EQ(words_of(*word_scorer(kSeparator, options()), {0, 1}), (Names{"AB"}));
  EXPECT_EQ(words_of(*word_scorer(kSeparator, open), {0, kSeparator, 5, 6, kSeparator, 1}), (Names{"A", "B"}));
  EXPECT_EQ(words_of(*word_scorer(kSeparator, open), {0, kSeparator}), Names{"A"});
  EXPECT_EQ(words_of(*word_scorer(kSeparator, options()), {}), Names{});
  const auto letters = LanguageScorer::of_labels(model(), {"A"});
  EXPECT_EQ(letters->lexicon(), nullptr);
  EXPECT_TRUE(letters->words({0}).empty());
}

TEST(LanguageScorer, WordsWithoutAModel) {
  LanguageOptions bonus;
  bonus.word_bonus = 2;
  const auto scorer = LanguageScorer::of_words(std::make_shared<Lexicon>(kSpellings, kSeparator), nullptr, bonus);
  EXPECT_NEAR(score_labels(*scorer, {0, kSeparator, 1, 1}), 4, 1e-6);
  EXPECT_EQ(score_labels(*scorer, {0, kSeparator}), kNever);
  EXPECT_EQ(score_labels(*scorer, {kSeparator}), kNever);
  EXPECT_EQ(score_labels(*scorer, {7}), kNever);
  EXPECT_EQ(score_labels(*scorer, {}), 0);
  EXPECT_TRUE(scorer->unknown().empty());
}

TEST(LanguageScorer, ModelsOverLabels) {
  const auto scorer = LanguageScorer::of_labels(model(), {"A", "B", "Z"}, options());
  EXPECT_EQ(scorer->unknown(), Names{"Z"});
  const double log10_sum = -0.2 - 0.05 + (-0.3 - 1.5) + (0.1 - 1);  // A A B </s>
  EXPECT_NEAR(score_labels(*scorer, {0, 0, 1}), 0.7 * log10_sum * std::log(10) + 3 * 0.3, 1e-5);
  EXPECT_NEAR(score_labels(*scorer, {2}), 0.7 * (-5 - 1 * std::log(10)) + 0.3, 1e-5);
  EXPECT_EQ(score_labels(*scorer, {3}), kNever);
  EXPECT_EQ(score_labels(*scorer, {-1}), kNever);
}

TEST(LanguageScorer, BadOptionsAndModels) {
  const auto make = [](auto change) {
    LanguageOptions bad;
    change(bad);
    return LanguageScorer::of_labels(model(), {"A"}, bad);
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  expect_error<ConfigError>([&] { make([&](LanguageOptions& o) { o.weight = nan; }); }, {"weight", "nan"});
  expect_error<ConfigError>([&] { make([&](LanguageOptions& o) { o.weight = -1; }); }, {"weight", "-1"});
  expect_error<ConfigError>([&] { make([&](LanguageOptions& o) { o.word_bonus = nan; }); }, {"bonus", "nan"});
  expect_error<ConfigError>([&] { make([&](LanguageOptions& o) { o.free_score = nan; }); }, {"free text", "nan"});
  expect_error<ConfigError>([&] { make([&](LanguageOptions& o) { o.num_words = -2; }); }, {"number of words", "-2"});
  expect_error<ConfigError>([&] { make([&](LanguageOptions& o) { o.unknown_score = 1; }); }, {"unknown", "1"});
  expect_error<DataError>([] { LanguageScorer::of_labels(model(), {"x", "y"}); }, {"none of the 2 labels", "\"x\""});
  expect_error<DataError>(
      [] {
        LanguageScorer::of_words(std::make_shared<Lexicon>(std::vector<Lexicon::Spelling>{{"q", {0}}}),
                                 std::make_shared<NgramModel>(model()));
      },
      {"none of the 1 words", "\"q\""});
  expect_error<ConfigError>([] { LanguageScorer::of_words(nullptr, nullptr); }, {"needs a dictionary"});
}

}  // namespace
}  // namespace rnnlib
