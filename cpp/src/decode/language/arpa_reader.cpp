// SPDX-License-Identifier: Apache-2.0
// ARPA files, order by order: the n-grams of an order are read, sorted, and appended to the tree.
#include "decode/language/arpa_reader.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "base/numbers.h"
#include "base/text.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

constexpr double kLn10 = 2.302585092994045684;
// Files round probabilities near 1, some to a little more than 1.
constexpr double kLargestLog10 = 1e-3;
// So many more than announced are not reserved for: the announcement may be wrong.
constexpr Index kMostReserved = Index{1} << 20;

std::string section_name(Index n) { return "\\" + std::to_string(n) + "-grams:"; }

}  // namespace

ArpaReader::ArpaReader(TextLines& lines, Vocabulary& vocabulary, NgramTable& table)
    : lines_(lines), vocabulary_(vocabulary), table_(table) {}

void ArpaReader::read() {
  read_counts();
  table_ = NgramTable();
  table_.words = {0};
  table_.log_probs = {0};
  table_.links = {NgramTable::kRoot};
  table_.back_offs = {0};
  table_.begins = {0, 1};
  const Index order = static_cast<Index>(counts_.size());
  for (Index n = 1; n <= order; ++n) {
    read_section(n);
    sort(n);
    append(n);
  }
  if (line_ != "\\end\\") lines_.fail("expected \"\\end\\\", found " + in_quotes(line_));
  lines_.skip_rest();
  for (std::vector<float>* values : {&table_.log_probs, &table_.back_offs}) values->shrink_to_fit();
  for (std::vector<std::uint32_t>* values : {&table_.words, &table_.links, &table_.children}) values->shrink_to_fit();
  vocabulary_.shrink_to_fit();
}

// What stands before "\data\" is a comment.
void ArpaReader::read_counts() {
  do {
    if (!lines_.next(line_)) lines_.fail("the text ends without a line \"\\data\\\", so this is no ARPA file");
  } while (line_ != "\\data\\");
  for (;;) {
    if (!lines_.next(line_)) lines_.fail("the text ends before the 1-grams");
    if (!starts_with(line_, "ngram ")) break;
    const std::string_view rest = line_.substr(6);
    const std::size_t equals = rest.find('=');
    Index n = 0;
    Index count = 0;
    const bool good = equals != std::string_view::npos && parse_int(trim(rest.substr(0, equals)), n) &&
                      parse_int(trim(rest.substr(equals + 1)), count) && count >= 0;
    if (!good) lines_.fail("expected \"ngram <order>=<count>\", found " + in_quotes(line_));
    const Index expected = static_cast<Index>(counts_.size()) + 1;
    if (n != expected) {
      lines_.fail("expected the count of the " + std::to_string(expected) + "-grams, found that of order " +
                  std::to_string(n) + "; orders begin with 1");
    }
    counts_.push_back(count);
  }
  if (counts_.empty()) lines_.fail("expected \"ngram 1=<count>\", found " + in_quotes(line_));
  if (counts_[0] == 0) lines_.fail("a model without words: \"ngram 1=0\"");
}

void ArpaReader::read_section(Index n) {
  if (line_ != section_name(n)) lines_.fail("expected " + in_quotes(section_name(n)) + ", found " + in_quotes(line_));
  const Index announced = counts_[static_cast<std::size_t>(n - 1)];
  entries_.clear();
  entries_.reserve(static_cast<std::size_t>(std::min(announced, kMostReserved)));
  context_.clear();
  context_node_ = NgramTable::kNone;
  for (;;) {
    if (!lines_.next(line_)) lines_.fail("the text ends within the " + std::to_string(n) + "-grams");
    // A word may begin with a backslash; a number cannot.
    if (line_[0] == '\\') break;
    entries_.push_back(parse_entry(line_, n));
  }
  if (static_cast<Index>(entries_.size()) != announced) {
    lines_.fail("here end " + std::to_string(entries_.size()) + " " + std::to_string(n) + "-grams, but " +
                std::to_string(announced) + " are announced (\"ngram " + std::to_string(n) + "=\")");
  }
}

ArpaReader::Entry ArpaReader::parse_entry(std::string_view line, Index n) {
  const std::size_t least = static_cast<std::size_t>(n) + 1;
  const bool all = split_blanks(line, least + 1, fields_);
  if (!all || fields_.size() < least) {
    lines_.fail("expected a number, " + std::to_string(n) + (n == 1 ? " word" : " words") +
                " and perhaps a back-off weight, found " + in_quotes(line));
  }
  Entry entry{};
  entry.line = static_cast<std::uint32_t>(lines_.number());
  entry.word = word_number(fields_[static_cast<std::size_t>(n)], n);
  entry.parent = parent_node(n);
  parse_numbers(n, entry);
  return entry;
}

void ArpaReader::parse_numbers(Index n, Entry& entry) const {
  double value = 0;
  if (!parse_real(fields_[0], value) || !(value <= kLargestLog10)) {
    lines_.fail("expected the logarithm of a probability (0 or less), found " + in_quotes(fields_[0]));
  }
  entry.log_prob = static_cast<float>(std::min(value, 0.0) * kLn10);
  const std::size_t at = static_cast<std::size_t>(n) + 1;
  // NaN marks an n-gram without one: it may begin no longer n-gram.
  entry.back_off = std::numeric_limits<float>::quiet_NaN();
  if (fields_.size() <= at) return;
  if (!parse_real(fields_[at], value) || std::isnan(value) || value == std::numeric_limits<double>::infinity()) {
    lines_.fail("expected the logarithm of a back-off weight, found " + in_quotes(fields_[at]));
  }
  entry.back_off = static_cast<float>(value * kLn10);
}

std::uint32_t ArpaReader::word_number(std::string_view word, Index n) {
  if (n == 1) {
    const Index size = vocabulary_.size();
    const Index number = vocabulary_.add(word);
    if (number != size) lines_.fail("the word " + in_quotes(word) + " stands among the 1-grams twice");
    return static_cast<std::uint32_t>(number);
  }
  const Index number = vocabulary_.find(word);
  if (number == Vocabulary::kNone) lines_.fail("the word " + in_quotes(word) + " is not among the 1-grams");
  return static_cast<std::uint32_t>(number);
}

// Lines with the same words before the last one often follow each other: their node is looked up once.
NgramTable::Node ArpaReader::parent_node(Index n) {
  if (n == 1) return NgramTable::kRoot;
  const std::string_view last = fields_[static_cast<std::size_t>(n - 1)];
  const std::string_view context(fields_[1].data(),
                                 static_cast<std::size_t>(last.data() + last.size() - fields_[1].data()));
  if (context_node_ != NgramTable::kNone && context == context_) return context_node_;
  NgramTable::Node node = NgramTable::kRoot;
  for (Index i = 1; i < n; ++i) {
    node = table_.child(node, word_number(fields_[static_cast<std::size_t>(i)], n));
    if (node == NgramTable::kNone) {
      lines_.fail(in_quotes(context) + " begins this n-gram, but is not among the " + std::to_string(n - 1) + "-grams");
    }
  }
  if (std::isnan(table_.back_offs[node])) {
    lines_.fail(in_quotes(context) + " begins this n-gram, but has no back-off weight among the " +
                std::to_string(n - 1) + "-grams");
  }
  context_ = context;
  context_node_ = node;
  return node;
}

void ArpaReader::sort(Index n) {
  const auto is_before = [](const Entry& a, const Entry& b) {
    return std::tie(a.parent, a.word, a.line) < std::tie(b.parent, b.word, b.line);
  };
  if (!std::is_sorted(entries_.begin(), entries_.end(), is_before)) {
    std::sort(entries_.begin(), entries_.end(), is_before);
  }
  const auto twice = std::adjacent_find(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
    return a.parent == b.parent && a.word == b.word;
  });
  if (twice != entries_.end()) fail_twice(twice[0], twice[1], n);
}

void ArpaReader::fail_twice(const Entry& first, const Entry& second, Index n) const {
  throw FormatError("line " + std::to_string(second.line) + " of " + lines_.name() + ": this " + std::to_string(n) +
                    "-gram, which ends with " + in_quotes(vocabulary_.word(first.word)) + ", stands in line " +
                    std::to_string(first.line) + " already");
}

void ArpaReader::append(Index n) {
  NgramTable& table = table_;
  const Index begin = table.begins.back();
  const Index end = begin + static_cast<Index>(entries_.size());
  if (end > std::numeric_limits<std::int32_t>::max()) lines_.fail("the model has more than 2^31 n-grams");
  const bool is_highest = n == static_cast<Index>(counts_.size());
  // The nodes of the order below get their first child; one more number tells where the last one's children end.
  if (n > 1) table.children.pop_back();
  NgramTable::Node next = static_cast<NgramTable::Node>(begin);
  std::size_t at = 0;
  for (std::size_t parent = static_cast<std::size_t>(table.begins[static_cast<std::size_t>(n - 1)]);
       parent < static_cast<std::size_t>(begin); ++parent) {
    table.children.push_back(next);
    for (; at < entries_.size() && entries_[at].parent == parent; ++at) ++next;
    if (std::isnan(table.back_offs[parent])) table.back_offs[parent] = 0;
  }
  table.children.push_back(next);
  append_nodes(n, is_highest);
  table.begins.push_back(end);
}

void ArpaReader::append_nodes(Index n, bool is_highest) {
  NgramTable& table = table_;
  const std::size_t size = table.words.size() + entries_.size();
  table.words.reserve(size);
  table.log_probs.reserve(size);
  table.links.reserve(size);
  if (!is_highest) table.back_offs.reserve(size);
  for (const Entry& entry : entries_) {
    NgramTable::Node link = NgramTable::kRoot;
    for (NgramTable::Node shorter = entry.parent; n > 1 && link == NgramTable::kNone;) {
      shorter = table.links[shorter];
      link = table.child(shorter, entry.word);
    }
    table.words.push_back(entry.word);
    table.log_probs.push_back(entry.log_prob);
    table.links.push_back(link);
    if (!is_highest) table.back_offs.push_back(entry.back_off);
  }
}

}  // namespace rnnlib
