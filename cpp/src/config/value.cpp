// SPDX-License-Identifier: Apache-2.0
// One config value's text.
#include "config/value.h"

#include <algorithm>
#include <cmath>

#include "base/numbers.h"
#include "base/text.h"

namespace rnnlib {
namespace {

constexpr std::size_t kLongestList = 10000;  // value*count must not fill the memory

bool is_list(KeyType type) {
  return type == KeyType::kStringList || type == KeyType::kBoolList || type == KeyType::kIntList ||
         type == KeyType::kIntLists;
}

// "> 0, <= 1": every condition must hold.
bool in_range(double value, const std::string& range) {
  if (range.empty()) return true;
  for (std::string_view condition : split(range, ",")) {
    condition = trim(condition);
    const std::string_view sign = condition.substr(0, condition.find(' '));
    double limit = 0;
    if (!parse_real(trim(condition.substr(sign.size())), limit)) return false;
    const bool holds = sign == ">"    ? value > limit
                       : sign == ">=" ? value >= limit
                       : sign == "<"  ? value < limit
                                      : sign == "<=" && value <= limit;
    if (!holds) return false;
  }
  return true;
}

bool in_range(const std::vector<Index>& values, const std::string& range) {
  return std::all_of(values.begin(), values.end(),
                     [&](Index value) { return in_range(static_cast<double>(value), range); });
}

bool is_choice(const KeyInfo& key, const std::string& word) {
  return key.choices.empty() || std::find(key.choices.begin(), key.choices.end(), word) != key.choices.end();
}

// Text that can be written and read back: no control characters, and no " #", which starts a comment.
bool is_writable(const KeyInfo& key, std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (static_cast<unsigned char>(text[i]) < 0x20 || text[i] == 0x7f) return false;
    if (text[i] == '#' && i > 0 && is_blank(text[i - 1]) && !is_raw(key.name)) return false;
  }
  return true;
}

bool is_valid_list(const KeyInfo& key, std::string_view value) {
  std::vector<std::string> words;
  return parse_list(value, !key.choices.empty(), words) &&
         std::all_of(words.begin(), words.end(), [&](const std::string& word) { return is_choice(key, word); });
}

}  // namespace

bool is_raw(std::string_view key_name) { return key_name == "targetLabels" || key_name == "labelDelimiter"; }

std::string normalise_value(const KeyInfo& key, std::string_view value) {
  value = trim(value);
  if (!is_list(key.type)) return std::string(value);
  std::string result;
  for (char c : value) {
    const bool after_separator = result.empty() || result.back() == ',' || result.back() == ';';
    if (is_blank(c) && after_separator) continue;
    if (c == ',' || c == ';') {
      while (!result.empty() && is_blank(result.back())) result.pop_back();
    }
    result += c;
  }
  return result;
}

std::string expected_value(const KeyInfo& key) {
  const std::string range = key.range.empty() ? "" : " " + key.range;
  const std::string separated = ", separated by commas";
  switch (key.type) {
    case KeyType::kBool:
      return "true or false";
    case KeyType::kInt:
      return "an integer" + range;
    case KeyType::kReal:
      return "a number" + range;
    case KeyType::kBoolList:
      return "a list of true or false" + separated;
    case KeyType::kIntList:
      return "a list of integers" + range + separated;
    case KeyType::kIntLists:
      return "lists of integers" + range + ", separated by commas, with a semicolon between lists";
    case KeyType::kStringList:
      return key.choices.empty() ? "a list of words" + separated : "a list of " + join(key.choices, " | ") + separated;
    case KeyType::kString:
      break;
  }
  return key.choices.empty() ? "a word" : "one of " + join(key.choices, ", ");
}

bool is_valid(const KeyInfo& key, std::string_view value) {
  bool truth = false;
  Index integer = 0;
  double real = 0;
  std::vector<bool> truths;
  std::vector<Index> integers;
  std::vector<std::vector<Index>> rows;
  switch (key.type) {
    case KeyType::kBool:
      return parse_bool(value, truth);
    case KeyType::kInt:
      return parse_int(value, integer) && in_range(static_cast<double>(integer), key.range);
    case KeyType::kReal:
      return parse_real(value, real) && std::isfinite(real) && in_range(real, key.range);
    case KeyType::kBoolList:
      return parse_bool_list(value, truths);
    case KeyType::kIntList:
      return parse_int_list(value, integers) && in_range(integers, key.range);
    case KeyType::kIntLists:
      return parse_int_lists(value, rows) && std::all_of(rows.begin(), rows.end(), [&](const std::vector<Index>& row) {
               return in_range(row, key.range);
             });
    case KeyType::kStringList:
      return is_writable(key, value) && is_valid_list(key, value);
    case KeyType::kString:
      break;
  }
  return !value.empty() && is_writable(key, value) && is_choice(key, std::string(value));
}

bool parse_bool(std::string_view text, bool& value) {
  const std::string word = to_lower(text);
  value = word == "true" || word == "1" || word == "yes" || word == "on";
  return value || word == "false" || word == "0" || word == "no" || word == "off";
}

bool parse_list(std::string_view text, bool expand, std::vector<std::string>& values) {
  values.clear();
  for (std::string_view part : split(text, ",")) {
    Index count = 1;
    const std::size_t star = expand ? part.find('*') : std::string_view::npos;
    if (star != std::string_view::npos) {
      if (!parse_int(trim(part.substr(star + 1)), count)) return false;
      part = trim(part.substr(0, star));
    }
    const std::size_t room = kLongestList - values.size();
    if (part.empty() || count < 1 || static_cast<std::size_t>(count) > room) return false;
    values.insert(values.end(), static_cast<std::size_t>(count), std::string(part));
  }
  return true;
}

bool parse_bool_list(std::string_view text, std::vector<bool>& values) {
  std::vector<std::string> words;
  values.clear();
  if (!parse_list(text, true, words)) return false;
  for (const std::string& word : words) {
    bool value = false;
    if (!parse_bool(word, value)) return false;
    values.push_back(value);
  }
  return true;
}

bool parse_int_list(std::string_view text, std::vector<Index>& values) {
  std::vector<std::string> words;
  values.clear();
  if (!parse_list(text, true, words)) return false;
  for (const std::string& word : words) {
    Index value = 0;
    if (!parse_int(word, value)) return false;
    values.push_back(value);
  }
  return true;
}

bool parse_int_lists(std::string_view text, std::vector<std::vector<Index>>& values) {
  values.clear();
  for (std::string_view part : split(text, ";")) {
    std::vector<Index> row;
    if (values.size() >= kLongestList || !parse_int_list(part, row)) return false;
    values.push_back(std::move(row));
  }
  return true;
}

}  // namespace rnnlib
