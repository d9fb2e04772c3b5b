// SPDX-License-Identifier: Apache-2.0
// A labelling's readings from left to right (dynamic programming): of those that go on alike, only the best is kept.
#include "decode/language/word_reading.h"

#include <algorithm>
#include <limits>

namespace rnnlib {
namespace {

constexpr double kNever = -std::numeric_limits<double>::infinity();
constexpr std::size_t kNone = static_cast<std::size_t>(-1);

enum class Last { kNothing, kWord, kSeparator, kFree };

// The first labels, read.
struct Part {
  Last last;
  WeightedModel::State context;
  Index num_words;
  double score;
  Index word;          // the last one, where it ends this part
  std::size_t before;  // the part without what was read last; kNone: this is the empty one
};

class WordReader {
 public:
  WordReader(const WordScorer& scorer, const std::vector<Index>& labels)
      : scorer_(scorer), labels_(labels), ending_(labels.size() + 1) {}

  std::vector<Index> read() {
    add(0, {Last::kNothing, scorer_.model().start(), 0, 0, Lexicon::kNone, kNone});
    for (std::size_t place = 0; place < labels_.size(); ++place) {
      for (std::size_t part : ending_[place]) extend(place, part);
    }
    return words_of(best_whole());
  }

 private:
  void extend(std::size_t place, std::size_t number) {
    const Part part = parts_[number];
    const Index separator = scorer_.lexicon()->separator();
    const bool is_open = scorer_.options().mode == WordMode::kOpen;
    if (separator != Lexicon::kNone && labels_[place] == separator) {
      if (part.last != Last::kWord && part.last != Last::kFree) return;
      add(place + 1, {Last::kSeparator, part.context, part.num_words, part.score, Lexicon::kNone, number});
      return;
    }
    if (part.last != Last::kWord || separator == Lexicon::kNone) read_word(place, number);
    if (!is_open) return;
    const double score = part.score + scorer_.options().free_score;
    add(place + 1, {Last::kFree, part.context, part.num_words, score, Lexicon::kNone, number});
  }

  void read_word(std::size_t place, std::size_t number) {
    const Part part = parts_[number];
    const Lexicon& lexicon = *scorer_.lexicon();
    const Index most = scorer_.options().num_words;
    if (most >= 0 && part.num_words >= most) return;
    Index node = Lexicon::kRoot;
    while (place < labels_.size()) {
      node = lexicon.child(node, labels_[place++]);
      if (node == Lexicon::kNone) return;
      const auto [begin, end] = lexicon.words_at(node);
      for (const std::uint32_t* word = begin; word != end; ++word) {
        WeightedModel::State context = 0;
        const double score = part.score + scorer_.model().extend(part.context, *word, context);
        add(place, {Last::kWord, context, part.num_words + 1, score, *word, number});
      }
    }
  }

  void add(std::size_t place, const Part& part) {
    const bool is_counted = scorer_.options().num_words >= 0;
    for (std::size_t number : ending_[place]) {
      Part& other = parts_[number];
      const bool alike = other.last == part.last && other.context == part.context &&
                         (!is_counted || other.num_words == part.num_words);
      if (!alike) continue;
      if (part.score > other.score) other = part;
      return;
    }
    ending_[place].push_back(parts_.size());
    parts_.push_back(part);
  }

  std::size_t best_whole() const {
    const LanguageOptions& options = scorer_.options();
    std::size_t best = kNone;
    double best_score = kNever;
    for (std::size_t number : ending_.back()) {
      const Part& part = parts_[number];
      if (part.last == Last::kSeparator && options.mode == WordMode::kClosed) continue;
      if (options.num_words >= 0 && part.num_words != options.num_words) continue;
      const double score = part.score + scorer_.model().finish(part.context);
      if (score > best_score) best = number;
      best_score = std::max(best_score, score);
    }
    return best;
  }

  std::vector<Index> words_of(std::size_t number) const {
    std::vector<Index> words;
    for (; number != kNone; number = parts_[number].before) {
      if (parts_[number].last == Last::kWord) words.push_back(parts_[number].word);
    }
    std::reverse(words.begin(), words.end());
    return words;
  }

  const WordScorer& scorer_;
  const std::vector<Index>& labels_;
  std::vector<Part> parts_;
  std::vector<std::vector<std::size_t>> ending_;  // [labels + 1] the parts that have read so many labels
};

}  // namespace

std::vector<Index> read_words(const WordScorer& scorer, const std::vector<Index>& labels) {
  return WordReader(scorer, labels).read();
}

}  // namespace rnnlib
