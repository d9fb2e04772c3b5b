// SPDX-License-Identifier: Apache-2.0
// Reads ARPA files: "\data\", "ngram 1=<count>" for each order, then for each order a section "\1-grams:" of lines
// <log10 of the probability> <words> [<log10 of the back-off weight>], and "\end\".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "decode/language/ngram_table.h"
#include "decode/language/text_lines.h"
#include "decode/language/vocabulary.h"

namespace rnnlib {

class ArpaReader {
 public:
  // Both are filled by read().
  ArpaReader(TextLines& lines, Vocabulary& vocabulary, NgramTable& table);

  // Throws FormatError, which names file and line.
  void read();

 private:
  struct Entry {
    NgramTable::Node parent;
    std::uint32_t word;
    float log_prob;
    float back_off;
    std::uint32_t line;
  };

  void read_counts();
  void read_section(Index n);
  Entry parse_entry(std::string_view line, Index n);
  void parse_numbers(Index n, Entry& entry) const;
  std::uint32_t word_number(std::string_view word, Index n);
  NgramTable::Node parent_node(Index n);
  void sort(Index n);
  [[noreturn]] void fail_twice(const Entry& first, const Entry& second, Index n) const;
  void append(Index n);
  void append_nodes(Index n, bool is_highest);

  TextLines& lines_;
  Vocabulary& vocabulary_;
  NgramTable& table_;
  std::vector<Index> counts_;             // as announced, of each order from 1 on
  std::string_view line_;                 // the one that ended what was read last
  std::vector<Entry> entries_;            // of one order
  std::vector<std::string_view> fields_;  // of a line
  std::string context_;                   // all words but the last of the line before, and their node
  NgramTable::Node context_node_ = NgramTable::kRoot;
};

}  // namespace rnnlib
