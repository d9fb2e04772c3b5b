// SPDX-License-Identifier: Apache-2.0
// An n-gram model with the options of a scorer, for words or labels of a fixed list.
#pragma once

#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "rnnlib/language_scorer.h"

namespace rnnlib {

class WeightedModel {
 public:
  using State = NgramModel::State;

  // `model` may be null: then words cost nothing but their bonus. Throws ConfigError, DataError. `what` is what
  // messages call the words.
  WeightedModel(std::shared_ptr<const NgramModel> model, const std::vector<std::string>& words, const char* what,
                const LanguageOptions& options);

  Index size() const { return static_cast<Index>(numbers_.size()); }  // words of the list; 0 without a model

  State start() const { return model_ == nullptr ? 0 : options_.sentence_ends ? model_->begin() : model_->empty(); }

  // Word `number` of the list, and its bonus.
  double extend(State from, std::size_t number, State& to) const {
    to = 0;
    if (model_ == nullptr) return options_.word_bonus;
    const double score = model_->extend(from, numbers_[number], to);
    return options_.weight * known(score) + options_.word_bonus;
  }

  // No word adds more, as long as the model's probabilities are at most 1.
  double most() const { return options_.word_bonus; }

  // What a word adds when nothing is known of those before it.
  double alone(std::size_t number) const {
    State to = 0;
    return extend(model_ == nullptr ? 0 : model_->empty(), number, to);
  }

  double finish(State state) const {
    if (model_ == nullptr || !options_.sentence_ends || model_->end_word() == NgramModel::kNoWord) return 0;
    State to = 0;
    return options_.weight * known(model_->extend(state, model_->end_word(), to));
  }

  const std::vector<std::string>& unknown() const { return unknown_; }

 private:
  double known(double score) const {
    return score == -std::numeric_limits<double>::infinity() ? options_.unknown_score : score;
  }

  std::shared_ptr<const NgramModel> model_;
  LanguageOptions options_;
  std::vector<Index> numbers_;  // [words] in the model
  std::vector<std::string> unknown_;
};

}  // namespace rnnlib
