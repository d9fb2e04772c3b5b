// SPDX-License-Identifier: Apache-2.0
// Sequences of a dictionary's words, with or without an n-gram model over them.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "decode/language/weighted_model.h"

namespace rnnlib {

class WordScorer final : public Scorer {
 public:
  WordScorer(std::shared_ptr<const Lexicon> lexicon, WeightedModel model, const LanguageOptions& options);

  std::unique_ptr<ScorerRun> begin() const override;

  const Lexicon* lexicon() const override { return lexicon_.get(); }
  std::vector<Index> words(const std::vector<Index>& labels) const override;
  const WeightedModel& model() const { return model_; }
  const LanguageOptions& options() const { return options_; }
  // The best that a word below a node adds by itself; 0 for the root, where no word has begun.
  double look_ahead(Index node) const { return static_cast<double>(look_ahead_[static_cast<std::size_t>(node)]); }

 private:
  std::shared_ptr<const Lexicon> lexicon_;
  WeightedModel model_;
  LanguageOptions options_;
  std::vector<float> look_ahead_;  // [nodes]
};

}  // namespace rnnlib
