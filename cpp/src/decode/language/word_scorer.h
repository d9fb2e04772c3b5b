// SPDX-License-Identifier: Apache-2.0
// Sequences of a dictionary's words, with or without an n-gram model over them.
#pragma once

#include <cstdint>
#include <limits>
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
  // The best of all words.
  double best_look_ahead() const { return best_look_ahead_; }
  // The node of the words that begin with a label; kNone where there are none.
  Index first_node(Index label) const {
    const auto at = static_cast<std::size_t>(label);
    return at < first_nodes_.size() ? first_nodes_[at] : lexicon_->child(Lexicon::kRoot, label);
  }

 private:
  std::shared_ptr<const Lexicon> lexicon_;
  WeightedModel model_;
  LanguageOptions options_;
  std::vector<float> look_ahead_;  // [nodes]
  double best_look_ahead_ = -std::numeric_limits<double>::infinity();
  std::vector<Index> first_nodes_;  // [labels up to the last that words begin with]; not for very large ones
};

}  // namespace rnnlib
