// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.h"

namespace rnnlib {
namespace {

struct Range {
  unsigned char first;
  unsigned char last;
};

// How many bytes follow the first one of a character, and which the second one may be. -1: it begins none.
int bytes_after(unsigned char first, Range& second) {
  second = {0x80, 0xBF};
  if (first < 0x80) return 0;
  if (first >= 0xC2 && first <= 0xDF) return 1;
  if (first >= 0xE0 && first <= 0xEF) {
    if (first == 0xE0) second.first = 0xA0;  // below: overlong
    if (first == 0xED) second.last = 0x9F;   // above: surrogates
    return 2;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if (first == 0xF0) second.first = 0x90;
    if (first == 0xF4) second.last = 0x8F;
    return 3;
  }
  return -1;
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    Range allowed{};
    const int count = bytes_after(static_cast<unsigned char>(text[i++]), allowed);
    if (count < 0 || text.size() - i < static_cast<std::size_t>(count)) return false;
    for (int n = 0; n < count; ++n, ++i) {
      const auto byte = static_cast<unsigned char>(text[i]);
      if (byte < allowed.first || byte > allowed.last) return false;
      allowed = {0x80, 0xBF};
    }
  }
  return true;
}

void append_utf8(std::uint32_t code, std::string& text) {
  const auto append = [&](std::uint32_t byte) { text += static_cast<char>(static_cast<unsigned char>(byte)); };
  const auto append_later = [&](unsigned shift) { append(0x80U | ((code >> shift) & 0x3FU)); };
  if (code < 0x80) return append(code);
  if (code < 0x800) {
    append(0xC0U | (code >> 6U));
  } else if (code < 0x10000) {
    append(0xE0U | (code >> 12U));
    append_later(6);
  } else {
    append(0xF0U | (code >> 18U));
    append_later(12);
    append_later(6);
  }
  append_later(0);
}

}  // namespace rnnlib
