// SPDX-License-Identifier: Apache-2.0
// The scorers of language models behind one class.
#include "rnnlib/language_scorer.h"

#include <limits>
#include <utility>

#include "decode/language/label_scorer.h"
#include "decode/language/word_scorer.h"
#include "rnnlib/error.h"

namespace rnnlib {

std::shared_ptr<const LanguageScorer> LanguageScorer::of_labels(const NgramModel& model,
                                                                const std::vector<std::string>& labels,
                                                                const LanguageOptions& options) {
  WeightedModel weighted(std::make_shared<NgramModel>(model), labels, "labels", options);
  std::vector<std::string> unknown = weighted.unknown();
  auto scorer = std::make_shared<LabelScorer>(std::move(weighted));
  return std::shared_ptr<const LanguageScorer>(new LanguageScorer(std::move(scorer), std::move(unknown)));
}

std::shared_ptr<const LanguageScorer> LanguageScorer::of_words(const std::shared_ptr<const Lexicon>& lexicon,
                                                               const std::shared_ptr<const NgramModel>& model,
                                                               const LanguageOptions& options) {
  if (lexicon == nullptr) throw ConfigError("a scorer of words needs a dictionary");
  std::vector<std::string> words;
  words.reserve(static_cast<std::size_t>(lexicon->num_words()));
  for (Index number = 0; number < lexicon->num_words(); ++number) words.push_back(lexicon->word(number));
  WeightedModel weighted(model, words, "words of the dictionary", options);
  std::vector<std::string> unknown = weighted.unknown();
  auto scorer = std::make_shared<WordScorer>(lexicon, std::move(weighted), options);
  return std::shared_ptr<const LanguageScorer>(new LanguageScorer(std::move(scorer), std::move(unknown)));
}

LanguageScorer::LanguageScorer(std::shared_ptr<const Scorer> scorer, std::vector<std::string> unknown)
    : scorer_(std::move(scorer)), unknown_(std::move(unknown)) {}

LanguageScorer::~LanguageScorer() = default;

std::unique_ptr<ScorerRun> LanguageScorer::begin() const { return scorer_->begin(); }

const Lexicon* LanguageScorer::lexicon() const { return scorer_->lexicon(); }

std::vector<Index> LanguageScorer::words(const std::vector<Index>& labels) const { return scorer_->words(labels); }

double score_labels(const Scorer& scorer, const std::vector<Index>& labels) {
  const std::unique_ptr<ScorerRun> run = scorer.begin();
  ScorerRun::State state = run->start();
  double sum = 0;
  for (Index label : labels) {
    sum += run->extend(state, label, state);
    if (sum == -std::numeric_limits<double>::infinity()) return sum;
  }
  return sum + run->finish(state);
}

}  // namespace rnnlib
