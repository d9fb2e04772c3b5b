// SPDX-License-Identifier: Apache-2.0
// What bigrams say of a dictionary's words. Words that the model does not tell apart are one class.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "decode/language/weighted_model.h"
#include "rnnlib/lexicon.h"

namespace rnnlib {

class WordClasses {
 public:
  // A class with an n-gram of its own after some word, and what a word of it then adds.
  struct Successor {
    std::int32_t word_class;
    double score;
  };

  // `model` may be null. Throws ConfigError for a model of trigrams or more, and as WeightedModel does.
  WordClasses(const Lexicon& lexicon, const std::shared_ptr<const NgramModel>& model, const LanguageOptions& options);

  // Whether a word's probability depends on the one before. Else all words are of the class 0, which adds nothing.
  bool has_context() const { return has_context_; }

  const std::vector<std::int32_t>& of_words() const { return classes_; }  // [words]
  std::size_t size() const { return scores_.size(); }

  // What a word adds by itself: without a context its probability and the bonus.
  double alone(std::int32_t word) const { return has_context_ ? 0 : alone_[static_cast<std::size_t>(word)]; }
  // What a class adds where the word before has no n-gram with it, the back-off weight aside.
  double score(std::int32_t word_class) const { return scores_[static_cast<std::size_t>(word_class)]; }
  // What it adds as the first word.
  double first(std::int32_t word_class) const { return firsts_[static_cast<std::size_t>(word_class)]; }
  // Whether the class is that of words which the model does not have: it has no back-off weights.
  bool is_unknown(std::int32_t word_class) const { return word_class == unknown_class_; }
  bool has_unknown() const { return unknown_class_ >= 0; }

  double back_off(std::int32_t word) const { return context(word).back_off; }
  // Sorted by class.
  std::pair<const Successor*, const Successor*> successors(std::int32_t word) const {
    const Context& found = context(word);
    return {successors_.data() + found.begin, successors_.data() + found.end};
  }
  // The highest score of a successor; -infinity where there is none.
  double best_successor(std::int32_t word) const { return context(word).best_successor; }
  bool is_successor(std::int32_t word, std::int32_t word_class) const;

  // What the end adds after a word; -1: after none.
  double finish(std::int32_t word) const { return model_.finish(word < 0 ? model_.start() : context(word).state); }

  const std::vector<std::string>& unknown() const { return model_.unknown(); }

 private:
  // What is known of the words before: the last of them, as far as the model cares.
  struct Context {
    NgramModel::State state;
    double back_off;  // weighted
    double best_successor;
    std::size_t begin;
    std::size_t end;  // in successors_
  };

  const Context& context(std::int32_t word) const {
    return contexts_[static_cast<std::size_t>(context_of_[static_cast<std::size_t>(word)])];
  }
  std::vector<std::int32_t> number_words(const Lexicon& lexicon, const NgramModel& model);
  void add_contexts(const NgramModel& model, const std::vector<std::int32_t>& class_of_model_word, double weight);

  WeightedModel model_;
  bool has_context_;
  std::vector<std::int32_t> classes_;     // [words]
  std::vector<std::int32_t> members_;     // [classes] a word of each
  std::vector<double> alone_;             // [words], without a context
  std::vector<double> scores_;            // [classes]
  std::vector<double> firsts_;            // [classes]
  std::int32_t unknown_class_ = -1;       // -1: none
  std::vector<std::int32_t> context_of_;  // [words]
  std::vector<Context> contexts_;
  std::vector<Successor> successors_;
};

}  // namespace rnnlib
