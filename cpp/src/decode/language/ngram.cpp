// SPDX-License-Identifier: Apache-2.0
// What an n-gram model says of words: p(w | h) is that of the n-gram hw where the model has it, else the back-off
// weight of h times p(w | h without its first word) (Katz 1987).
#include "rnnlib/ngram.h"

#include <limits>
#include <new>
#include <utility>

#include "decode/language/arpa_reader.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

using Node = NgramTable::Node;

}  // namespace

NgramModel::NgramModel(const NgramModel&) = default;
NgramModel::NgramModel(NgramModel&&) noexcept = default;
NgramModel& NgramModel::operator=(const NgramModel&) = default;
NgramModel& NgramModel::operator=(NgramModel&&) noexcept = default;
NgramModel::~NgramModel() = default;

NgramModel::NgramModel(std::shared_ptr<const Vocabulary> vocabulary, std::shared_ptr<const NgramTable> table)
    : vocabulary_(std::move(vocabulary)),
      table_(std::move(table)),
      begin_word_(vocabulary_->find("<s>")),
      end_word_(vocabulary_->find("</s>")),
      unknown_word_(vocabulary_->find("<unk>")) {
  if (unknown_word_ == kNoWord) unknown_word_ = vocabulary_->find("<UNK>");
}

NgramModel NgramModel::read(const std::string& path) { return from_source(open_file_source(path), path); }

NgramModel NgramModel::parse(std::string_view text, const std::string& source) {
  return from_source(make_text_source(text), source);
}

NgramModel NgramModel::from_source(std::unique_ptr<ByteSource> source, const std::string& name) {
  try {
    TextLines lines(std::move(source), name);
    auto vocabulary = std::make_shared<Vocabulary>();
    auto table = std::make_shared<NgramTable>();
    ArpaReader(lines, *vocabulary, *table).read();
    return {std::move(vocabulary), std::move(table)};
  } catch (const std::bad_alloc&) {
    throw OutOfMemoryError(name + ": is too large for the memory");
  }
}

Index NgramModel::order() const { return table_->order(); }
Index NgramModel::num_words() const { return vocabulary_->size(); }

Index NgramModel::num_ngrams(Index n) const {
  if (n < 1 || n > order()) {
    throw DataError("the model has n-grams of 1 to " + std::to_string(order()) + " words, not of " + std::to_string(n));
  }
  return table_->begins[static_cast<std::size_t>(n + 1)] - table_->begins[static_cast<std::size_t>(n)];
}

Index NgramModel::memory() const {
  const auto bytes = [](const auto& values) { return static_cast<Index>(values.capacity() * sizeof(values[0])); };
  return vocabulary_->memory() + bytes(table_->words) + bytes(table_->log_probs) + bytes(table_->links) +
         bytes(table_->back_offs) + bytes(table_->children);
}

std::string NgramModel::word(Index word) const {
  check_word(word);
  return std::string(vocabulary_->word(word));
}

Index NgramModel::find(std::string_view word) const { return vocabulary_->find(word); }
Index NgramModel::begin_word() const { return begin_word_; }
Index NgramModel::end_word() const { return end_word_; }
Index NgramModel::unknown_word() const { return unknown_word_; }

NgramModel::State NgramModel::empty() const { return NgramTable::kRoot; }

NgramModel::State NgramModel::begin() const {
  if (begin_word_ == kNoWord) return empty();
  return table_->context(table_->child(NgramTable::kRoot, static_cast<std::uint32_t>(begin_word_)));
}

double NgramModel::extend(State from, Index word, State& to) const {
  if (word == kNoWord) word = unknown_word_;
  if (word == kNoWord) {
    to = empty();
    return -std::numeric_limits<double>::infinity();
  }
  check_word(word);
  check_state(from);
  const NgramTable& table = *table_;
  const auto last = static_cast<std::uint32_t>(word);
  Node context = static_cast<Node>(from);
  double back_off = 0;
  Node node = table.child(context, last);
  while (node == NgramTable::kNone) {  // the root has every word
    back_off += static_cast<double>(table.back_offs[context]);
    context = table.links[context];
    node = table.child(context, last);
  }
  to = table.context(node);
  return back_off + static_cast<double>(table.log_probs[node]);
}

std::vector<std::pair<Index, double>> NgramModel::continuations(State from) const {
  check_state(from);
  const NgramTable& table = *table_;
  std::vector<std::pair<Index, double>> found;
  const auto at = static_cast<std::size_t>(from);
  for (Node node = table.children[at]; node < table.children[at + 1]; ++node) {
    found.emplace_back(static_cast<Index>(table.words[node]), static_cast<double>(table.log_probs[node]));
  }
  return found;
}

double NgramModel::back_off(State from) const {
  check_state(from);
  return static_cast<double>(table_->back_offs[static_cast<std::size_t>(from)]);
}

std::vector<double> NgramModel::score(const std::vector<std::string>& words) const {
  std::vector<double> scores;
  scores.reserve(words.size() + 1);
  State state = begin();
  for (const std::string& word : words) scores.push_back(extend(state, find(word), state));
  if (end_word_ != kNoWord) scores.push_back(extend(state, end_word_, state));
  return scores;
}

void NgramModel::check_word(Index word) const {
  if (word >= 0 && word < num_words()) return;
  throw DataError("there is no word " + std::to_string(word) + " in a model of " + std::to_string(num_words()) +
                  " words");
}

void NgramModel::check_state(State state) const {
  if (state >= 0 && state < static_cast<State>(table_->back_offs.size())) return;
  throw DataError("the state " + std::to_string(state) + " is none of the model's");
}

}  // namespace rnnlib
