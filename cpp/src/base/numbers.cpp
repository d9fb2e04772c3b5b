// SPDX-License-Identifier: Apache-2.0
// Numbers as text.
#include "base/numbers.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "base/text.h"

namespace rnnlib {
namespace {

// Removes one leading '+', which <charconv> does not know.
std::string_view without_plus(std::string_view text) {
  const bool plus = text.size() > 1 && text[0] == '+' && text[1] != '-' && text[1] != '+';
  return plus ? text.substr(1) : text;
}

bool is_float(double value) { return static_cast<double>(static_cast<float>(value)) == value; }

// nan, inf and -inf, which <charconv> and printf may spell in several ways.
bool append_not_finite(double value, std::string& text) {
  if (std::isfinite(value)) return false;
  text += std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
  return true;
}

#ifdef __cpp_lib_to_chars

template <class Real>
std::string_view shortest(Real value, char (&buffer)[64]) {
  const std::to_chars_result result = std::to_chars(buffer, buffer + sizeof(buffer), value);
  return {buffer, static_cast<std::size_t>(result.ptr - buffer)};
}

#endif

}  // namespace

bool parse_int(std::string_view text, Index& value) {
  text = without_plus(text);
  const std::from_chars_result result = std::from_chars(text.data(), text.data() + text.size(), value);
  return result.ec == std::errc() && result.ptr == text.data() + text.size() && !text.empty();
}

#ifdef __cpp_lib_to_chars

bool parse_real(std::string_view text, double& value) {
  const std::string_view digits = without_plus(text);
  const char* end = digits.data() + digits.size();
  const std::from_chars_result result = std::from_chars(digits.data(), end, value);
  if (result.ptr != end || digits.empty()) return false;
  // Out of range covers too small as well, which is no error here.
  return result.ec == std::errc() || (result.ec == std::errc::result_out_of_range && portable::parse_real(text, value));
}

void append_number(double value, Precision precision, std::string& text) {
  if (append_not_finite(value, text)) return;
  char buffer[64];
  if (precision == Precision::kFloat && is_float(value)) {
    const std::string_view digits = shortest(static_cast<float>(value), buffer);
    // Readers go through double: in very rare cases rounding twice would give a neighbour.
    double read = 0;
    if (parse_real(digits, read) && static_cast<float>(read) == static_cast<float>(value)) {
      text += digits;
      return;
    }
  }
  text += shortest(value, buffer);
}

#else

bool parse_real(std::string_view text, double& value) { return portable::parse_real(text, value); }

void append_number(double value, Precision precision, std::string& text) {
  portable::append_number(value, precision, text);
}

#endif

std::string number_text(double value, Precision precision) {
  std::string text;
  append_number(value, precision, text);
  return text;
}

namespace portable {
namespace {

// strtod and printf use the locale's decimal point; this is it.
char decimal_point() {
  char text[8];
  std::snprintf(text, sizeof(text), "%.1f", 0.5);
  return text[1];
}

bool is_number_word(std::string_view text) {
  const std::string word = to_lower(text.substr(!text.empty() && text[0] == '-' ? 1 : 0));
  return word == "nan" || word == "inf" || word == "infinity";
}

}  // namespace

bool parse_real(std::string_view text, double& value) {
  text = without_plus(text);
  const bool only_digits = text.find_first_not_of("0123456789+-.eE") == std::string_view::npos;
  if (text.empty() || text[0] == '+' || !(only_digits || is_number_word(text))) return false;
  std::string digits(text);
  const std::size_t point = digits.find('.');
  if (point != std::string::npos) digits[point] = decimal_point();
  char* end = nullptr;
  const double read = std::strtod(digits.c_str(), &end);
  if (end != digits.c_str() + digits.size() || (std::isinf(read) && only_digits)) return false;
  value = read;
  return true;
}

void append_number(double value, Precision precision, std::string& text) {
  if (append_not_finite(value, text)) return;
  const bool as_float = precision == Precision::kFloat && is_float(value);
  char digits[64];
  for (int figures = as_float ? 6 : 15; figures <= 17; ++figures) {
    std::snprintf(digits, sizeof(digits), "%.*g", figures, value);
    const double read = std::strtod(digits, nullptr);
    if (as_float ? static_cast<float>(read) == static_cast<float>(value) : read == value) break;
  }
  for (char* c = digits; *c != '\0'; ++c) text += *c == decimal_point() ? '.' : *c;
}

}  // namespace portable
}  // namespace rnnlib
