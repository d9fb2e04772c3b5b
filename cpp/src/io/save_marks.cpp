// SPDX-License-Identifier: Apache-2.0
#include "io/save_marks.h"

#include <algorithm>
#include <cstdint>

#include "base/checksum.h"
#include "base/text.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

constexpr std::string_view kChecksum = "crc64 ";
constexpr std::size_t kDigits = 16;

std::string hex(std::uint64_t number) {
  std::string text(kDigits, '0');
  for (std::size_t i = kDigits; i > 0; --i, number >>= 4U) text[i - 1] = "0123456789abcdef"[number & 15U];
  return text;
}

// Where the last line that begins with a name and a blank begins.
std::size_t find_last_line(std::string_view text, const std::string& name) {
  const std::size_t found = text.rfind("\n" + name + " ");
  if (found != std::string_view::npos) return found + 1;
  return starts_with(text, name + " ") ? 0 : std::string_view::npos;
}

// Windows' line ends, which editors and version control put in the place of ours and which mean the same, as ours
// again.
std::string with_line_feeds(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r' || i + 1 == text.size() || text[i + 1] != '\n') result += text[i];
  }
  return result;
}

[[noreturn]] void fail_cut(const std::string& source) {
  throw FormatError(source + ": the save is cut short: its last line, " + kEndName + ", is missing or not complete");
}

}  // namespace

void check_marks(std::string_view text, const std::string& source) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";  // which editors add
  constexpr std::size_t kBeginning = 100;                      // where comments may precede the first line
  if (starts_with(text, kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  const bool has_begin = find_last_line(text.substr(0, kBeginning), kFormatName) != std::string_view::npos;
  const std::size_t begin = find_last_line(text, kEndName);
  if (begin == std::string_view::npos) {
    if (has_begin) fail_cut(source);
    return;
  }
  const std::string_view before = text.substr(0, begin);
  std::string_view line = text.substr(begin);
  const std::size_t size = line.find('\n');
  if (size != std::string_view::npos && size + 1 < line.size()) {
    const auto number = std::count(before.begin(), before.end(), '\n') + 2;
    throw FormatError("line " + std::to_string(number) + " of " + source + ": there is text after the save's end (" +
                      kEndName + ")");
  }
  line = line.substr(0, size);
  std::string_view mark = line.substr(std::string_view(kEndName).size() + 1);
  if (trim(mark) == "1") return;  // no checksum yet
  const bool is_of_windows = ends_with(mark, "\r");
  if (is_of_windows) mark.remove_suffix(1);
  const std::uint64_t checksum = is_of_windows ? crc64(with_line_feeds(before)) : crc64(before);
  const std::string expected = std::string(kChecksum) + hex(checksum);
  if (mark == expected) return;
  if (size == std::string_view::npos && mark.size() < expected.size()) fail_cut(source);
  throw FormatError(source + ": the save was changed or is damaged: its text has the checksum " + expected +
                    ", its last line says " + in_quotes(mark) + " (after a change on purpose, end it with `" +
                    kEndName + " 1`, which asks for no checksum)");
}

std::string end_line(std::string_view text) {
  return std::string(kEndName) + " " + std::string(kChecksum) + hex(crc64(text)) + "\n";
}

}  // namespace rnnlib
