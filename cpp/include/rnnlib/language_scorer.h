// SPDX-License-Identifier: Apache-2.0
// Scorers for a beam search: n-gram models over labels, and dictionaries with or without an n-gram model over words.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "rnnlib/lexicon.h"
#include "rnnlib/ngram.h"
#include "rnnlib/scorer.h"

namespace rnnlib {

// Which labellings a scorer of words allows.
enum class WordMode {
  kClosed,  // the dictionary's words only
  kOpen,    // the words, and any labels between them: numbers, punctuation
};

struct LanguageOptions {
  double weight = 1;           // of the model's log probabilities; not negative
  double word_bonus = 0;       // added for each word, or for each label of a model over labels
  bool sentence_ends = true;   // the labelling is a whole sentence: it begins with <s>, and </s> is counted at its end
  double unknown_score = -20;  // log probability of a word that the model does not have, where it has no <unk> either
  WordMode mode = WordMode::kClosed;
  double free_score = -1;  // added for each label that is of no word, the separator aside
  Index num_words = -1;    // of the dictionary, in each labelling; -1: any number
};

class RNNLIB_API LanguageScorer final : public Scorer {
 public:
  // A model whose words are the network's labels; `labels` are their names, without the blank. Throws DataError when
  // the model has none of them; ConfigError for options that are no numbers.
  static std::shared_ptr<const LanguageScorer> of_labels(const NgramModel& model,
                                                         const std::vector<std::string>& labels,
                                                         const LanguageOptions& options = {});

  // In the closed mode only sequences of the dictionary's words are allowed, with the dictionary's separator, if it has
  // one, between two words and nowhere else. In the open mode other labels may stand before, between and after the
  // words; the model does not see them. In neither mode do two separators follow each other. A labelling that can be
  // read in several ways counts as the most probable of them; at most 16 are followed at a time. The model is one over
  // words, or null. Before a word is complete it counts as the most probable one (by the model's 1-grams) that begins
  // so: else the beam would prefer words that the model has still to judge. Throws DataError when the model has none of
  // the words; ConfigError for options that are no numbers.
  static std::shared_ptr<const LanguageScorer> of_words(const std::shared_ptr<const Lexicon>& lexicon,
                                                        const std::shared_ptr<const NgramModel>& model,
                                                        const LanguageOptions& options = {});

  ~LanguageScorer() override;
  std::unique_ptr<ScorerRun> begin() const override;
  const Lexicon* lexicon() const override;
  std::vector<Index> words(const std::vector<Index>& labels) const override;

  // The labels, or words of the dictionary, that the model does not have.
  const std::vector<std::string>& unknown() const { return unknown_; }

 private:
  LanguageScorer(std::shared_ptr<const Scorer> scorer, std::vector<std::string> unknown);

  std::shared_ptr<const Scorer> scorer_;
  std::vector<std::string> unknown_;
};

// The score of a whole labelling: all that its labels and its end add.
RNNLIB_API double score_labels(const Scorer& scorer, const std::vector<Index>& labels);

}  // namespace rnnlib
