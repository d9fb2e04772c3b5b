// SPDX-License-Identifier: Apache-2.0
// What is tried on every input: it is read as an ARPA file and as a dictionary, and what comes of it scores some
// labellings. All that may come out is a result or a rnnlib::Error.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "require.h"
#include "rnnlib/error.h"
#include "rnnlib/language_scorer.h"

namespace rnnlib::fuzz {

// "|" separates words in some of the runs.
inline const std::vector<std::string>& language_labels() {
  static const std::vector<std::string>& labels = *new std::vector<std::string>{"a", "b", "<s>", "c", "|"};
  return labels;
}

// Every labelling of up to two labels.
inline void score_all(const Scorer& scorer) {
  const Index size = static_cast<Index>(language_labels().size());
  for (Index length = 0, codes = 1; length <= 2; ++length, codes *= size) {
    for (Index code = 0; code < codes; ++code) {
      std::vector<Index> labels;
      for (Index i = 0, rest = code; i < length; ++i, rest /= size) labels.push_back(rest % size);
      require(!std::isnan(score_labels(scorer, labels)), "a score that is NaN");
    }
  }
}

inline void walk(const Lexicon& lexicon) {
  Index words = 0;
  for (Index node = 0; node < lexicon.num_nodes(); ++node) {
    const auto [first, last] = lexicon.children(node);
    require(node < first && first <= last && last <= lexicon.num_nodes(), "children that are out of place");
    const auto [begin, end] = lexicon.words_at(node);
    for (const std::uint32_t* word = begin; word != end; ++word, ++words) {
      require(*word < lexicon.num_words(), "a word that is none");
    }
  }
  require(words == lexicon.num_spellings() && words >= lexicon.num_words(), "spellings that are lost");
}

inline std::shared_ptr<const NgramModel> try_model(std::string_view text) {
  try {
    auto model = std::make_shared<NgramModel>(NgramModel::parse(text, "fuzz"));
    Index ngrams = 0;
    for (Index n = 1; n <= model->order(); ++n) ngrams += model->num_ngrams(n);
    require(ngrams >= model->num_words(), "fewer n-grams than words");
    std::vector<std::string> words;
    for (Index word = 0; word < std::min<Index>(model->num_words(), 20); ++word) words.push_back(model->word(word));
    for (double score : model->score(words)) require(!std::isnan(score), "a score that is NaN");
    score_all(*LanguageScorer::of_labels(*model, language_labels()));
    return model;
  } catch (const Error& error) {
    require(error.what()[0] != '\0', "an error without words");
    return nullptr;
  }
}

inline void try_lexicon(std::string_view text, const std::shared_ptr<const NgramModel>& model) {
  for (const char* separator : {"", "|"}) {
    try {
      const auto lexicon = std::make_shared<Lexicon>(Lexicon::parse(text, "fuzz", language_labels(), separator));
      walk(*lexicon);
      score_all(*LanguageScorer::of_words(lexicon, nullptr));
      score_all(*LanguageScorer::of_words(lexicon, model));
      LanguageOptions open;
      open.mode = WordMode::kOpen;
      open.num_words = 1;
      score_all(*LanguageScorer::of_words(lexicon, model, open));
    } catch (const Error& error) {
      require(error.what()[0] != '\0', "an error without words");
    }
  }
}

// A model and a dictionary may stand one after the other, with a line of "==" between them.
inline void try_language(const std::uint8_t* data, std::size_t size) {
  constexpr std::string_view kBetween = "\n==\n";
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t at = text.find(kBetween);
  const auto model = try_model(text.substr(0, at));
  try_lexicon(at == std::string_view::npos ? text : text.substr(at + kBetween.size()), model);
}

}  // namespace rnnlib::fuzz
