// SPDX-License-Identifier: Apache-2.0
// Small helpers for text.
#include "base/text.h"

#include <algorithm>
#include <numeric>

namespace rnnlib {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f'; }

char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string to_lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = to_lower(c);
  return lower;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

bool starts_with(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }

bool ends_with(std::string_view text, std::string_view suffix) {
  return text.size() >= suffix.size() && text.substr(text.size() - suffix.size()) == suffix;
}

std::vector<std::string_view> split(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + separator.size());
  }
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += separator;
    text += parts[i];
  }
  return text;
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  std::size_t end = std::min(text.size(), kLongest);
  const auto inside_letter = [&] { return (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80; };  // of UTF-8
  for (int i = 0; i < 3 && end < text.size() && end > 0 && inside_letter(); ++i) --end;
  std::string result = "\"";
  for (char c : text.substr(0, end)) {
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    result += control ? '?' : c;
  }
  if (text.size() > end) result += "...";
  return result + '"';
}

std::string simple_name(std::string_view name) {
  std::string simple = to_lower(name);
  simple.erase(std::remove_if(simple.begin(), simple.end(), [](char c) { return c == '_' || c == '-'; }), simple.end());
  return simple;
}

Index name_distance(std::string_view a, std::string_view b) {
  // Distances of a beginning of `a` to every beginning of `b`: two and one letters ago, and now.
  std::vector<Index> before_last(b.size() + 1);
  std::vector<Index> last(b.size() + 1);
  std::vector<Index> row(b.size() + 1);
  std::iota(row.begin(), row.end(), Index{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    before_last.swap(last);
    last.swap(row);
    row[0] = static_cast<Index>(i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      row[j + 1] = std::min({last[j] + (a[i] != b[j] ? 1 : 0), last[j + 1] + 1, row[j] + 1});
      const bool swapped = i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j];
      if (swapped) row[j + 1] = std::min(row[j + 1], before_last[j - 1] + 1);
    }
  }
  return row.back();
}

std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates) {
  constexpr std::size_t kLongest = 200;  // no known name is nearly as long: bounds the work for hostile ones
  const std::string simple = simple_name(name.substr(0, kLongest));
  std::string nearest;
  Index least = 0;
  for (const std::string& candidate : candidates) {
    const std::string other = simple_name(candidate);
    const Index distance = name_distance(simple, other);
    const bool alike = 3 * distance <= static_cast<Index>(std::max(simple.size(), other.size()));
    if (!alike || (!nearest.empty() && distance >= least)) continue;
    nearest = candidate;
    least = distance;
  }
  return nearest;
}

}  // namespace rnnlib
