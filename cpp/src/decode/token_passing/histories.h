// SPDX-License-Identifier: Apache-2.0
// The words that tokens have passed through.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "decode/token_passing/word_graph.h"

namespace rnnlib {

// Sequences of spellings, each as its last one and the sequence before. Sequence 0 is empty.
class Histories {
 public:
  static constexpr std::int32_t kEmpty = 0;

  // The spellings must live as long.
  explicit Histories(const std::vector<WordGraph::Spelling>& spellings) : spellings_(spellings) { clear(); }

  void clear();
  std::int32_t add(std::int32_t before, std::int32_t spelling);
  // Numbers of the spellings.
  std::vector<std::int32_t> spellings_of(std::int32_t history) const;
  // The same for two sequences if they have the same words, however they are spelled: the first of them.
  std::int32_t words(std::int32_t history) const { return entries_[static_cast<std::size_t>(history)].words; }

  // Whether so many were added that forget_others() is worth its time.
  bool is_large() const { return entries_.size() > limit_; }
  // Keeps those that were marked since begin_marks(); gives the new numbers [old numbers].
  void begin_marks() { marks_.assign(entries_.size(), 0); }
  void mark(std::int32_t history) { marks_[static_cast<std::size_t>(history)] = 1; }
  const std::vector<std::int32_t>& forget_others();

 private:
  struct Entry {
    std::int32_t before;
    std::int32_t spelling;
    std::int32_t words;
  };

  // The first sequence with the words of another one and one more.
  std::int32_t& first_with(std::int32_t words_before, std::int32_t spelling, std::int32_t otherwise);

  const std::vector<WordGraph::Spelling>& spellings_;
  std::vector<Entry> entries_;  // each after the one before it and after words()
  std::unordered_map<std::int64_t, std::int32_t> firsts_;
  std::vector<std::uint8_t> marks_;
  std::vector<std::int32_t> new_numbers_;
  std::size_t limit_ = 0;
};

}  // namespace rnnlib
