// SPDX-License-Identifier: Apache-2.0
#include "io/json.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/numbers.h"
#include "base/text.h"
#include "base/utf8.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

constexpr std::string_view kEscapes = "\"\\/bfnrt";
constexpr std::string_view kEscaped = "\"\\/\b\f\n\r\t";
constexpr std::string_view kHexDigits = "0123456789abcdef";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20; }

bool is_first_surrogate(std::uint32_t code) { return code >= 0xD800 && code < 0xDC00; }
bool is_second_surrogate(std::uint32_t code) { return code >= 0xDC00 && code < 0xE000; }

}  // namespace

void JsonReader::fail(const std::string& expected) const {
  const std::string found = at_ < text_.size() ? in_quotes(text_.substr(at_, 20)) : "its end";
  throw FormatError(where_ + ": byte " + std::to_string(at_) + ": expected " + expected + ", found " + found);
}

void JsonReader::skip_blanks() {
  constexpr std::string_view kBlanks = " \t\n\r";
  at_ = std::min(text_.find_first_not_of(kBlanks, at_), text_.size());
}

bool JsonReader::take(char c) {
  skip_blanks();
  if (at_ == text_.size() || text_[at_] != c) return false;
  ++at_;
  return true;
}

void JsonReader::expect(char c) {
  if (!take(c)) fail(std::string("'") + c + "'");
}

void JsonReader::read_items(char end, const std::function<void()>& read_item) {
  if (take(end)) return;
  do {
    read_item();
  } while (take(','));
  if (!take(end)) fail(std::string("',' or '") + end + "'");
}

void JsonReader::read_object(const std::function<void(const std::string& key)>& use) {
  expect('{');
  std::set<std::string> keys;
  read_items('}', [&] {
    skip_blanks();
    const std::size_t begin = at_;
    const std::string key = read_string();
    if (!keys.insert(key).second) {
      at_ = begin;
      fail("each key once");
    }
    expect(':');
    use(key);
  });
}

void JsonReader::read_array(const std::function<void()>& use) {
  expect('[');
  read_items(']', use);
}

std::string JsonReader::read_string() {
  expect('"');
  const std::size_t begin = at_;
  std::string value;
  for (char c = next_of_string(); c != '"'; c = next_of_string()) {
    if (c == '\\') {
      read_escape(value);
    } else {
      value += c;
    }
  }
  if (is_utf8(value)) return value;
  at_ = begin;
  fail("UTF-8");
}

char JsonReader::next_of_string() {
  if (at_ == text_.size() || is_control(text_[at_])) fail("the end of a string");
  return text_[at_++];
}

void JsonReader::read_escape(std::string& value) {
  const std::size_t which = at_ < text_.size() ? kEscapes.find(text_[at_]) : std::string_view::npos;
  if (which != std::string_view::npos) {
    value += kEscaped[which];
    ++at_;
    return;
  }
  append_utf8(read_code(), value);
}

// From the 'u' of an escape on; characters above U+FFFF are two of them.
std::uint32_t JsonReader::read_code() {
  const std::uint32_t first = read_hex();
  if (!is_first_surrogate(first) && !is_second_surrogate(first)) return first;
  const bool goes_on = is_first_surrogate(first) && at_ < text_.size() && text_[at_] == '\\';
  if (!goes_on) fail("two surrogates that belong together");
  ++at_;
  const std::uint32_t second = read_hex();
  if (!is_second_surrogate(second)) fail("two surrogates that belong together");
  return 0x10000 + ((first - 0xD800) << 10U) + (second - 0xDC00);
}

std::uint32_t JsonReader::read_hex() {
  constexpr std::size_t kDigits = 4;
  if (text_.size() - at_ < 1 + kDigits || text_[at_] != 'u') fail("an escape");
  std::uint32_t code = 0;
  for (std::size_t i = 1; i <= kDigits; ++i) {
    const std::size_t digit = kHexDigits.find(to_lower(text_[at_ + i]));
    if (digit == std::string_view::npos) fail("an escape");
    code = (code << 4U) + static_cast<std::uint32_t>(digit);
  }
  at_ += 1 + kDigits;
  return code;
}

Index JsonReader::read_count() {
  skip_blanks();
  const std::size_t begin = at_;
  take_digits();
  const std::string_view digits = text_.substr(begin, at_ - begin);
  Index value = 0;
  if (!parse_int(digits, value) || (digits.size() > 1 && digits[0] == '0')) {
    at_ = begin;
    fail("a whole number from 0 that 63 bits hold");
  }
  return value;
}

bool JsonReader::take_digits() {
  const std::size_t begin = at_;
  while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
  return at_ > begin;
}

// -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?
double JsonReader::read_number() {
  skip_blanks();
  const std::size_t begin = at_;
  const auto take_one = [&](std::string_view any) {
    const bool found = at_ < text_.size() && any.find(text_[at_]) != std::string_view::npos;
    if (found) ++at_;
    return found;
  };
  take_one("-");
  bool good = take_one("0") || take_digits();
  if (good && take_one(".")) good = take_digits();
  if (good && take_one("eE")) {
    take_one("+-");
    good = take_digits();
  }
  double value = 0;
  if (good && parse_real(text_.substr(begin, at_ - begin), value) && std::isfinite(value)) return value;
  at_ = begin;
  fail("a number that 64 bits hold");
}

bool JsonReader::take_word(std::string_view word) {
  skip_blanks();
  const bool found = text_.substr(at_, word.size()) == word;
  if (found) at_ += word.size();
  return found;
}

bool JsonReader::read_bool() {
  if (take_word("true")) return true;
  if (take_word("false")) return false;
  fail("true or false");
}

void JsonReader::skip_value() { skip_value(64); }

void JsonReader::skip_value(int deepest) {
  skip_blanks();
  if (deepest == 0) fail("values that are not nested so deeply");
  const char first = at_ < text_.size() ? text_[at_] : '\0';
  if (first == '{') {
    read_object([&](const std::string& /*key*/) { skip_value(deepest - 1); });
  } else if (first == '[') {
    read_array([&] { skip_value(deepest - 1); });
  } else if (first == '"') {
    read_string();
  } else if (first == 't' || first == 'f') {
    read_bool();
  } else if (!take_word("null")) {
    read_number();
  }
}

void JsonReader::expect_end() {
  skip_blanks();
  if (at_ < text_.size()) fail("nothing more");
}

void append_json(std::string_view text, std::string& json) {
  json += '"';
  for (const char c : text) {
    const std::size_t which = c == '/' ? std::string_view::npos : kEscaped.find(c);
    if (which != std::string_view::npos) {
      json += '\\';
      json += kEscapes[which];
    } else if (is_control(c)) {
      json += "\\u00";
      json += kHexDigits[static_cast<unsigned char>(c) >> 4U];
      json += kHexDigits[static_cast<unsigned char>(c) & 15U];
    } else {
      json += c;
    }
  }
  json += '"';
}

}  // namespace rnnlib
