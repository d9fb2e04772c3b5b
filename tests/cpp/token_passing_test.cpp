// SPDX-License-Identifier: Apache-2.0
// Token passing against all paths through small outputs and all sequences of words.
#include "rnnlib/token_passing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <set>

#include "decode/token_passing/histories.h"
#include "expect_error.h"
#include "rnnlib/beam.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

using Labels = std::vector<Index>;
using Spellings = std::vector<Lexicon::Spelling>;

constexpr double kNever = -std::numeric_limits<double>::infinity();
constexpr Index kSeparator = 2;
constexpr Index kUnits = 4;  // two labels of words, the separator, the blank

// Several spellings of "B" and of "AB", one spelling of two words, words that begin and end alike.
const Spellings kSpellings = {{"A", {0}}, {"AA", {0, 0}}, {"AB", {0, 1}},         {"ab", {0, 1}}, {"AB", {1, 0}},
                              {"B", {1}}, {"B", {1, 1}},  {"unheard", {0, 1, 0}}, {"odd", {1, 0}}};

const std::string kOneGrams = "-1 </s>\n-0.9 A -0.3\n-1.1 AA -0.1\n-0.8 AB -0.5\n-0.85 ab -0.2\n-0.5 B 0.1\n";
const std::string kTwoGrams = "\\2-grams:\n-0.3 ab B\n-0.1 AB </s>\n-0.6 B AB\n-2.5 A A\n-0.2 A B\n-3 B B\n";

std::shared_ptr<const NgramModel> model(const std::string& counts, const std::string& rest) {
  return std::make_shared<NgramModel>(NgramModel::parse("\\data\\\n" + counts + rest + "\\end\\\n", "x.arpa"));
}

std::vector<std::shared_ptr<const NgramModel>> models() {
  return {nullptr, model("ngram 1=6\n", "\\1-grams:\n" + kOneGrams),
          model("ngram 1=6\nngram 2=6\n", "\\1-grams:\n" + kOneGrams + kTwoGrams),
          model("ngram 1=8\nngram 2=9\n", "\\1-grams:\n-99 <s> -0.4\n-1.3 <unk> -0.7\n" + kOneGrams + kTwoGrams +
                                              "-0.2 <s> A\n-0.4 <unk> B\n-0.5 AA <unk>\n")};
}

std::vector<double> random_outputs(Index points, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<double> outputs;
  for (Index t = 0; t < points; ++t) {
    double sum = 0;
    for (Index k = 0; k < kUnits; ++k) {
      outputs.push_back(std::exp(std::uniform_real_distribution<double>(-2, 2)(random)));
      sum += outputs.back();
    }
    for (Index k = 0; k < kUnits; ++k) outputs[outputs.size() - static_cast<std::size_t>(k) - 1] /= sum;
  }
  return outputs;
}

// The log probability of the best path of every labelling.
std::map<Labels, double> best_paths(const std::vector<double>& outputs) {
  const Index points = static_cast<Index>(outputs.size()) / kUnits;
  std::map<Labels, double> best;
  for (Index code = 0; code < static_cast<Index>(std::pow(kUnits, points)); ++code) {
    Labels labels;
    Index previous = kUnits - 1;
    double sum = 0;
    for (Index t = 0, rest = code; t < points; ++t, rest /= kUnits) {
      const Index unit = rest % kUnits;
      sum += std::log(outputs[static_cast<std::size_t>(t * kUnits + unit)]);
      if (unit != kUnits - 1 && unit != previous) labels.push_back(unit);
      previous = unit;
    }
    double& found = best.emplace(labels, kNever).first->second;
    found = std::max(found, sum);
  }
  return best;
}

// What the model adds to words, and the bonus.
double score_words(const std::vector<std::string>& words, const NgramModel* model, const LanguageOptions& options) {
  double sum = options.word_bonus * static_cast<double>(words.size());
  if (model == nullptr) return sum;
  for (double score : model->score(words)) {
    sum += options.weight * (score == kNever ? options.unknown_score : score);
  }
  return sum;
}

// All readings that have a path: the score of each in its best spelling.
class AllReadings {
 public:
  AllReadings(const std::vector<double>& outputs, Index separator, const NgramModel* model,
              const LanguageOptions& options)
      : paths_(best_paths(outputs)), separator_(separator), model_(model), options_(options) {
    extend({}, {});
  }

  std::size_t size() const { return scores_.size(); }
  double score(const std::vector<std::string>& words) const { return scores_.at(words); }
  double log_probability(const Labels& labels) const { return paths_.at(labels); }
  std::vector<double> sorted() const {
    std::vector<double> scores;
    for (const auto& [words, score] : scores_) scores.push_back(score);
    std::sort(scores.rbegin(), scores.rend());
    return scores;
  }

 private:
  void extend(const std::vector<std::string>& words, const Labels& labels) {
    const auto path = paths_.find(labels);
    if (path == paths_.end()) return;  // nor has any longer labelling one: there are too few points
    if (options_.num_words < 0 || options_.num_words == static_cast<Index>(words.size())) {
      double& best = scores_.emplace(words, kNever).first->second;
      best = std::max(best, path->second + score_words(words, model_, options_));
    }
    for (const Lexicon::Spelling& spelling : kSpellings) {
      Labels longer = labels;
      if (!words.empty() && separator_ != Lexicon::kNone) longer.push_back(separator_);
      longer.insert(longer.end(), spelling.labels.begin(), spelling.labels.end());
      std::vector<std::string> more = words;
      more.push_back(spelling.word);
      extend(more, longer);
    }
  }

  std::map<Labels, double> paths_;
  Index separator_;
  const NgramModel* model_;
  LanguageOptions options_;
  std::map<std::vector<std::string>, double> scores_;
};

void expect_best(const std::vector<double>& outputs, Index separator, const std::shared_ptr<const NgramModel>& model,
                 const TokenPassingOptions& options) {
  const auto lexicon = std::make_shared<Lexicon>(kSpellings, separator);
  const AllReadings all(outputs, separator, model.get(), options.language);
  const std::vector<double> expected = all.sorted();
  const TokenPassingDecoder decoder(lexicon, model, options);
  const Prediction found = decode(decoder, outputs, static_cast<Index>(outputs.size()) / kUnits, kUnits);
  ASSERT_EQ(found.readings.size(), std::min(all.size(), static_cast<std::size_t>(options.n_best)));
  std::set<std::vector<std::string>> different;
  for (std::size_t i = 0; i < found.readings.size(); ++i) {
    const Reading& reading = found.readings[i];
    std::vector<std::string> words;
    for (Index word : reading.words) words.push_back(lexicon->word(word));
    different.insert(words);
    EXPECT_NEAR(reading.score, expected[i], 1e-6);
    EXPECT_NEAR(reading.score, all.score(words), 1e-6);
    EXPECT_NEAR(reading.log_probability, all.log_probability(reading.labels), 1e-6);
    EXPECT_NEAR(reading.score, reading.log_probability + score_words(words, model.get(), options.language), 1e-6);
  }
  EXPECT_EQ(different.size(), found.readings.size());
  EXPECT_EQ(found.labels, found.readings.empty() ? Labels{} : found.readings.front().labels);
}

void expect_best_of_all_models(Index separator, const TokenPassingOptions& options) {
  for (const auto& model : models()) {
    for (Index points : {0, 1, 3, 6}) {
      for (unsigned seed = 1; seed <= 6; ++seed) {
        expect_best(random_outputs(points, seed), separator, model, options);
      }
    }
  }
}

TokenPassingOptions options_for(Index n_best, Index num_words = -1) {
  TokenPassingOptions options;
  options.n_best = n_best;
  options.language.num_words = num_words;
  options.language.weight = 0.7;
  options.language.word_bonus = 0.4;
  options.language.unknown_score = -2;
  return options;
}

TEST(TokenPassing, TheBestReadingIsTheBestOfAll) {
  expect_best_of_all_models(Lexicon::kNone, options_for(1));
  expect_best_of_all_models(kSeparator, options_for(1));
}

TEST(TokenPassing, TheBestReadingsAreTheBestOfAll) {
  expect_best_of_all_models(Lexicon::kNone, options_for(7));
  expect_best_of_all_models(kSeparator, options_for(7));
  expect_best_of_all_models(kSeparator, options_for(100));  // more than there are
}

TEST(TokenPassing, FixedNumbersOfWords) {
  for (Index num_words : {0, 1, 2, 3}) {
    for (Index separator : {Lexicon::kNone, kSeparator}) {
      expect_best_of_all_models(separator, options_for(1, num_words));
      expect_best_of_all_models(separator, options_for(5, num_words));
    }
  }
}

TEST(TokenPassing, SentencesWithoutEnds) {
  TokenPassingOptions options = options_for(1);
  options.language.sentence_ends = false;
  const auto lexicon = std::make_shared<Lexicon>(kSpellings, kSeparator);
  const auto bigrams = models()[3];
  const Prediction found = decode(TokenPassingDecoder(lexicon, bigrams, options), random_outputs(6, 3), 6, kUnits);
  const auto scorer = LanguageScorer::of_words(lexicon, bigrams, options.language);
  const Reading& reading = found.readings.at(0);
  EXPECT_NEAR(reading.score, reading.log_probability + score_labels(*scorer, reading.labels), 1e-5);
}

TEST(TokenPassing, SaysWhereLabelsAre) {
  // blank, A A, blank, A, separator, B B
  const Labels path = {3, 0, 0, 3, 0, 2, 1, 1};
  std::vector<double> outputs(path.size() * kUnits, 0.1);
  for (std::size_t t = 0; t < path.size(); ++t) outputs[t * kUnits + static_cast<std::size_t>(path[t])] = 0.7;
  outputs[2 * kUnits] = 0.65;
  const TokenPassingDecoder decoder(std::make_shared<Lexicon>(kSpellings, kSeparator));
  const Prediction found = decode(decoder, outputs, static_cast<Index>(path.size()), kUnits);
  EXPECT_EQ(found.labels, (Labels{0, 0, 2, 1}));
  Labels places;
  for (const LabelPosition& position : found.positions) places.insert(places.end(), {position.first, position.last});
  EXPECT_EQ(places, (Labels{1, 2, 4, 4, 5, 5, 6, 7}));
  ASSERT_EQ(found.confidences.size(), 4U);
  EXPECT_NEAR(found.confidences[0], 0.7, 1e-12);
}

TEST(TokenPassing, OneRunReadsManySequencesAndPieces) {
  TokenPassingOptions options = options_for(3);
  const TokenPassingDecoder decoder(std::make_shared<Lexicon>(kSpellings), models()[2], options);
  const auto run = decoder.make_run(kUnits);
  for (unsigned seed = 1; seed <= 4; ++seed) {
    const std::vector<double> outputs = random_outputs(6, seed);
    const Prediction whole = decode(decoder, outputs, 6, kUnits);
    Prediction pieces;
    run->begin();
    for (Index t = 0; t < 6; t += 2) run->step(outputs.data() + t * kUnits, 2, pieces);
    EXPECT_TRUE(pieces.labels.empty());
    run->finish(pieces);
    EXPECT_EQ(pieces.labels, whole.labels);
    ASSERT_EQ(pieces.readings.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(pieces.readings[i].words, whole.readings[i].words);
  }
}

TEST(TokenPassing, OutputsOfZeroAreSmallNotImpossible) {
  const TokenPassingDecoder decoder(std::make_shared<Lexicon>(Spellings{{"word", {0, 1}}}), nullptr, options_for(1, 1));
  const Prediction found = decode(decoder, {0, 0, 0, 1, 0, 1, 0, 0}, 2, kUnits);
  EXPECT_EQ(found.labels, (Labels{0, 1}));
  EXPECT_NEAR(found.readings.at(0).log_probability, std::log(1.17549435e-38), 1e-6);
  EXPECT_TRUE(decode(decoder, {0, 0, 0, 1}, 1, kUnits).readings.empty());  // one point is too few for two labels
}

TEST(TokenPassing, ForgetsWordsThatNobodyHasPassed) {
  const std::vector<WordGraph::Spelling> spellings = {{0, 0, 0}, {1, 1, 1}, {0, 2, 2}};
  Histories histories(spellings);
  const std::int32_t a = histories.add(Histories::kEmpty, 0);
  const std::int32_t b = histories.add(a, 1);
  const std::int32_t other = histories.add(Histories::kEmpty, 2);
  const std::int32_t ab = histories.add(other, 1);
  EXPECT_EQ(histories.words(b), histories.words(ab));
  EXPECT_NE(histories.words(a), histories.words(ab));
  EXPECT_FALSE(histories.is_large());
  histories.begin_marks();
  histories.mark(ab);
  const std::vector<std::int32_t> numbers = histories.forget_others();
  const std::int32_t kept = numbers[static_cast<std::size_t>(ab)];
  EXPECT_EQ(histories.spellings_of(kept), (std::vector<std::int32_t>{2, 1}));
  EXPECT_EQ(histories.words(kept), numbers[static_cast<std::size_t>(b)]);
  EXPECT_EQ(histories.words(histories.add(kept, 2)), histories.words(histories.add(histories.words(kept), 0)));
}

// So long that words have to be forgotten on the way: the second half reads as it does alone.
TEST(TokenPassing, LongSequences) {
  Spellings many;
  for (Index i = 0; i < 243; ++i) {
    Labels labels;
    for (Index rest = i, k = 0; k < 5; ++k, rest /= 3) labels.push_back(rest % 3);
    many.push_back({"w" + std::to_string(i), labels});
  }
  std::string counts = "ngram 1=243\nngram 2=243\n";
  std::string one_grams = "\\1-grams:\n";
  std::string two_grams = "\\2-grams:\n";
  for (Index i = 0; i < 243; ++i) {
    one_grams += "-2 w" + std::to_string(i) + " -0.1\n";
    two_grams += "-1.5 w" + std::to_string(i) + " w" + std::to_string((i * 7 + 1) % 243) + "\n";
  }
  const TokenPassingDecoder decoder(std::make_shared<Lexicon>(many), model(counts, one_grams + two_grams));
  const Index points = 1500;
  const std::vector<double> outputs = random_outputs(points, 5);
  const Prediction found = decode(decoder, outputs, points, kUnits);
  const Reading& reading = found.readings.at(0);
  const auto scorer = LanguageScorer::of_words(std::make_shared<Lexicon>(many), model(counts, one_grams + two_grams));
  EXPECT_EQ(reading.labels.size(), 5 * reading.words.size());
  EXPECT_NEAR(reading.score, reading.log_probability + score_labels(*scorer, reading.labels), 1e-3);
}

// With as many points as labels each labelling has one path: sums over paths are the best path, too.
TEST(TokenPassing, AgreesWithABeamWhereLabellingsHaveOnePath) {
  const Spellings spellings = {{"AB", {0, 1}}, {"BA", {1, 0}}, {"AC", {0, 2}}, {"CA", {2, 0}}, {"unheard", {1, 2}}};
  const auto lexicon = std::make_shared<Lexicon>(spellings);
  for (const auto& bigrams : {models()[0], model("ngram 1=4\nngram 2=2\n",
                                                 "\\1-grams:\n-0.4 AB -0.5\n-0.6 BA -0.1\n-0.7 AC\n-0.9 </s>\n"
                                                 "\\2-grams:\n-0.1 AB AC\n-2 BA AB\n")}) {
    TokenPassingOptions options = options_for(5, 3);
    const auto scorer = LanguageScorer::of_words(lexicon, bigrams, options.language);
    BeamOptions wide;
    wide.width = 10000;
    wide.n_best = 5;
    wide.min_probability = 0;
    wide.beam_threshold = std::numeric_limits<double>::infinity();
    for (unsigned seed = 1; seed <= 5; ++seed) {
      const std::vector<double> outputs = random_outputs(6, seed);
      const Prediction found = decode(TokenPassingDecoder(lexicon, bigrams, options), outputs, 6, kUnits);
      const Prediction expected = decode(BeamDecoder(wide, scorer), outputs, 6, kUnits);
      ASSERT_EQ(found.readings.size(), 5U);
      ASSERT_EQ(expected.readings.size(), 5U);
      for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_EQ(found.readings[i].labels, expected.readings[i].labels);
        EXPECT_EQ(found.readings[i].words, expected.readings[i].words);
        EXPECT_NEAR(found.readings[i].score, expected.readings[i].score, 1e-4);
        EXPECT_NEAR(found.readings[i].log_probability, expected.readings[i].log_probability, 1e-6);
      }
    }
  }
}

TEST(TokenPassing, RefusesWhatDoesNotFit) {
  const auto lexicon = std::make_shared<Lexicon>(kSpellings, kSeparator);
  expect_error<ConfigError>([] { TokenPassingDecoder(nullptr); }, {"needs a dictionary"});
  expect_error<ConfigError>([&] { TokenPassingDecoder(lexicon, nullptr, options_for(0)); }, {"at least 1", "0"});
  expect_error<ConfigError>([&] { TokenPassingDecoder(lexicon, nullptr, options_for(1, -2)); }, {"number of words"});
  TokenPassingOptions open;
  open.language.mode = WordMode::kOpen;
  expect_error<ConfigError>([&] { TokenPassingDecoder(lexicon, nullptr, open); }, {"beam search"});
  const auto trigrams =
      model("ngram 1=1\nngram 2=1\nngram 3=1\n", "\\1-grams:\n-1 A 0\n\\2-grams:\n-1 A A 0\n\\3-grams:\n-1 A A A\n");
  expect_error<ConfigError>([&] { TokenPassingDecoder(lexicon, trigrams); }, {"1 or 2 words", "3"});
  const auto others = model("ngram 1=1\n", "\\1-grams:\n-1 elsewhere\n");
  expect_error<DataError>([&] { TokenPassingDecoder(lexicon, others); }, {"none of the 7 words of the dictionary"});
  expect_error<ConfigError>([&] { TokenPassingDecoder(lexicon).make_run(3); }, {"label 2", "2 labels and the blank"});
  expect_error<OutOfMemoryError>(
      [&] { TokenPassingDecoder(lexicon, nullptr, options_for(1, Index{1} << 50)).make_run(4); },
      {"spellings", "smaller n_best"});
  EXPECT_EQ(TokenPassingDecoder(lexicon, models()[2]).unknown(), (std::vector<std::string>{"unheard", "odd"}));
}

TEST(Ngram, ContinuationsAndBackOff) {
  const NgramModel bigrams = *models()[2];
  NgramModel::State state = 0;
  bigrams.extend(bigrams.empty(), bigrams.find("B"), state);
  EXPECT_NEAR(bigrams.back_off(state), 0.1 * std::log(10), 1e-6);
  const auto after = bigrams.continuations(state);
  ASSERT_EQ(after.size(), 2U);
  EXPECT_EQ(bigrams.word(after[0].first), "AB");
  EXPECT_NEAR(after[0].second, -0.6 * std::log(10), 1e-6);
  EXPECT_EQ(bigrams.word(after[1].first), "B");
  EXPECT_EQ(bigrams.continuations(bigrams.empty()).size(), 6U);
  expect_error<DataError>([&] { (void)bigrams.back_off(99); }, {"state 99"});
}

}  // namespace
}  // namespace rnnlib
