// SPDX-License-Identifier: Apache-2.0
// Checks the options of a scorer, and finds its words in the model.
#include "decode/language/weighted_model.h"

#include <cmath>
#include <utility>

#include "base/numbers.h"
#include "base/text.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

void check_options(const LanguageOptions& options) {
  if (!(options.weight >= 0) || !std::isfinite(options.weight)) {
    throw ConfigError("the weight of a language model must be 0 or more, found " + number_text(options.weight));
  }
  if (!std::isfinite(options.word_bonus)) {
    throw ConfigError("the word bonus must be a number, found " + number_text(options.word_bonus));
  }
  if (!(options.unknown_score <= 0) || !std::isfinite(options.unknown_score)) {
    throw ConfigError("the score of unknown words must be 0 or less, found " + number_text(options.unknown_score));
  }
  if (!(options.free_score <= 0) || !std::isfinite(options.free_score)) {
    throw ConfigError("the score of free text must be 0 or less, found " + number_text(options.free_score));
  }
  if (options.num_words < -1) {
    throw ConfigError("the number of words must be 0 or more, or -1 for any number, found " +
                      std::to_string(options.num_words));
  }
}

}  // namespace

WeightedModel::WeightedModel(std::shared_ptr<const NgramModel> model, const std::vector<std::string>& words,
                             const char* what, const LanguageOptions& options)
    : model_(std::move(model)), options_(options) {
  check_options(options);
  if (model_ == nullptr) return;
  numbers_.reserve(words.size());
  for (const std::string& word : words) {
    numbers_.push_back(model_->find(word));
    if (numbers_.back() == NgramModel::kNoWord) unknown_.push_back(word);
  }
  if (unknown_.size() < words.size()) return;
  throw DataError("the language model has none of the " + std::to_string(words.size()) + " " + what +
                  ", the first of which is " + (words.empty() ? "missing" : in_quotes(words.front())) +
                  "; its own words are such as " + in_quotes(model_->word(model_->num_words() - 1)));
}

}  // namespace rnnlib
