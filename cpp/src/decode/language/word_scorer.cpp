// SPDX-License-Identifier: Apache-2.0
// Unigram look-ahead (Ortmanns, Ney and Eiden 1996): each node of the trie knows the best word below it.
#include "decode/language/word_scorer.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "decode/language/word_reading.h"
#include "decode/language/word_run.h"

namespace rnnlib {
namespace {

constexpr std::size_t kMostFirstLabels = 1 << 16;

}  // namespace

WordScorer::WordScorer(std::shared_ptr<const Lexicon> lexicon, WeightedModel model, const LanguageOptions& options)
    : lexicon_(std::move(lexicon)), model_(std::move(model)), options_(options) {
  look_ahead_.assign(static_cast<std::size_t>(lexicon_->num_nodes()), -std::numeric_limits<float>::infinity());
  for (Index node = lexicon_->num_nodes() - 1; node > Lexicon::kRoot; --node) {  // children come after their parents
    float& best = look_ahead_[static_cast<std::size_t>(node)];
    const auto [begin, end] = lexicon_->words_at(node);
    for (const std::uint32_t* word = begin; word != end; ++word) {
      best = std::max(best, static_cast<float>(model_.alone(*word)));
    }
    const auto [first, last] = lexicon_->children(node);
    for (Index child = first; child < last; ++child) {
      best = std::max(best, look_ahead_[static_cast<std::size_t>(child)]);
    }
  }
  look_ahead_[Lexicon::kRoot] = 0;
  const auto [first, last] = lexicon_->children(Lexicon::kRoot);
  for (Index node = first; node < last; ++node) {
    best_look_ahead_ = std::max(best_look_ahead_, look_ahead(node));
    const auto label = static_cast<std::size_t>(lexicon_->label(node));
    if (label >= kMostFirstLabels) break;
    if (first_nodes_.size() <= label) first_nodes_.resize(label + 1, Lexicon::kNone);
    first_nodes_[label] = node;
  }
}

std::unique_ptr<ScorerRun> WordScorer::begin() const { return std::make_unique<WordRun>(*this); }

std::vector<Index> WordScorer::words(const std::vector<Index>& labels) const { return read_words(*this, labels); }

}  // namespace rnnlib
