// SPDX-License-Identifier: Apache-2.0
// The trie of a dictionary, built breadth first from the sorted spellings: the spellings below a node lie side by side.
#include "rnnlib/lexicon.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "base/text.h"
#include "decode/language/vocabulary.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

void check_spelling(const Lexicon::Spelling& spelling, Index separator) {
  if (spelling.labels.empty()) throw DataError("the word " + in_quotes(spelling.word) + " has a spelling of no labels");
  for (Index label : spelling.labels) {
    if (label < 0 || label > std::numeric_limits<std::int32_t>::max()) {
      throw DataError("the word " + in_quotes(spelling.word) + " has the label " + std::to_string(label) +
                      ", expected 0 or more");
    }
    if (label == separator) {
      throw DataError("the spelling of " + in_quotes(spelling.word) + " holds the label that separates words");
    }
  }
}

// The spellings below a node.
struct Range {
  std::size_t begin;
  std::size_t end;
  std::size_t depth;  // labels from the root to the node
};

}  // namespace

Lexicon::Lexicon(const std::vector<Spelling>& spellings, Index separator) : separator_(separator) {
  if (spellings.empty()) throw DataError("a dictionary needs at least one word");
  Vocabulary vocabulary;  // numbers words in the order of their first spelling
  std::vector<std::pair<const Spelling*, std::uint32_t>> sorted;
  sorted.reserve(spellings.size());
  for (const Spelling& spelling : spellings) {
    check_spelling(spelling, separator);
    const Index number = vocabulary.add(spelling.word);
    if (number == num_words()) words_.push_back(spelling.word);
    sorted.emplace_back(&spelling, static_cast<std::uint32_t>(number));
  }
  const auto key = [](const auto& entry) { return std::tie(entry.first->labels, entry.second); };
  std::sort(sorted.begin(), sorted.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
  const auto same = [&](const auto& a, const auto& b) { return key(a) == key(b); };
  sorted.erase(std::unique(sorted.begin(), sorted.end(), same), sorted.end());
  std::vector<const Spelling*> order;
  std::vector<std::uint32_t> numbers;
  for (const auto& [spelling, number] : sorted) {
    order.push_back(spelling);
    numbers.push_back(number);
  }
  build(order, numbers);
}

void Lexicon::build(const std::vector<const Spelling*>& sorted, const std::vector<std::uint32_t>& numbers) {
  std::vector<Range> ranges{{0, sorted.size(), 0}};
  labels_ = {0};
  for (std::size_t node = 0; node < ranges.size(); ++node) {
    auto [begin, end, depth] = ranges[node];
    first_child_.push_back(static_cast<std::uint32_t>(ranges.size()));
    first_word_.push_back(static_cast<std::uint32_t>(node_words_.size()));
    for (; begin < end && sorted[begin]->labels.size() == depth; ++begin) node_words_.push_back(numbers[begin]);
    while (begin < end) {
      const Index label = sorted[begin]->labels[depth];
      std::size_t next = begin + 1;
      while (next < end && sorted[next]->labels[depth] == label) ++next;
      labels_.push_back(static_cast<std::uint32_t>(label));
      ranges.push_back({begin, next, depth + 1});
      begin = next;
    }
    if (ranges.size() > std::numeric_limits<std::int32_t>::max())
      throw DataError("a dictionary of more than 2^31 nodes");
  }
  first_child_.push_back(static_cast<std::uint32_t>(ranges.size()));
  first_word_.push_back(static_cast<std::uint32_t>(node_words_.size()));
}

Index Lexicon::child(Index node, Index label) const {
  const auto [first, last] = children(node);
  const auto begin = labels_.begin() + static_cast<std::ptrdiff_t>(first);
  const auto end = labels_.begin() + static_cast<std::ptrdiff_t>(last);
  if (label < 0) return kNone;
  const auto found = std::lower_bound(begin, end, label, [](std::uint32_t a, Index b) { return Index{a} < b; });
  return found == end || Index{*found} != label ? kNone : first + (found - begin);
}

std::pair<Index, Index> Lexicon::children(Index node) const {
  const std::size_t at = static_cast<std::size_t>(node);
  return {first_child_[at], first_child_[at + 1]};
}

std::pair<const std::uint32_t*, const std::uint32_t*> Lexicon::words_at(Index node) const {
  const std::size_t at = static_cast<std::size_t>(node);
  return {node_words_.data() + first_word_[at], node_words_.data() + first_word_[at + 1]};
}

}  // namespace rnnlib
