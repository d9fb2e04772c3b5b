// SPDX-License-Identifier: Apache-2.0
// Lines out of a buffer that is refilled.
#include "decode/language/text_lines.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/text.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

constexpr std::size_t kPart = std::size_t{1} << 16;
constexpr std::size_t kLongestLine = std::size_t{1} << 20;

// Most characters are neither: one comparison tells them.
bool is_gap(char c) { return static_cast<unsigned char>(c) <= ' ' && is_blank(c); }
bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20 && !is_blank(c)) || c == 0x7f; }

}  // namespace

TextLines::TextLines(std::unique_ptr<ByteSource> source, std::string name)
    : source_(std::move(source)), name_(std::move(name)) {}

bool TextLines::next(std::string_view& line) {
  do {
    if (!next_raw(line)) return false;
    line = trim(line);
  } while (line.empty());
  if (std::any_of(line.begin(), line.end(), is_control)) fail("it holds a control character, so this is no text file");
  return true;
}

void TextLines::skip_rest() {
  while (!at_end_) {
    begin_ = end_;
    read_more();
  }
  begin_ = end_;
}

void TextLines::fail(const std::string& what) const {
  throw FormatError("line " + std::to_string(number_) + " of " + name_ + ": " + what);
}

bool TextLines::next_raw(std::string_view& line) {
  std::size_t searched = 0;
  for (;;) {
    const char* const from = buffer_.data() + begin_;
    const std::size_t size = end_ - begin_;
    const void* const found = size > searched ? std::memchr(from + searched, '\n', size - searched) : nullptr;
    if (found != nullptr) {
      line = std::string_view(from, static_cast<std::size_t>(static_cast<const char*>(found) - from));
      begin_ += line.size() + 1;
      ++number_;
      return true;
    }
    searched = size;
    if (at_end_ || !read_more()) break;
  }
  if (begin_ == end_) return false;
  line = std::string_view(buffer_).substr(begin_, end_ - begin_);
  begin_ = end_;
  ++number_;
  return true;
}

// Moves the beginning of a line to the front and reads what follows.
bool TextLines::read_more() {
  std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_), buffer_.begin() + static_cast<std::ptrdiff_t>(end_),
            buffer_.begin());
  end_ -= begin_;
  begin_ = 0;
  if (end_ > kLongestLine) {
    ++number_;
    fail("it is longer than " + std::to_string(kLongestLine) + " bytes");
  }
  if (buffer_.size() < end_ + kPart) buffer_.resize(end_ + kPart);
  const std::size_t count = source_->read(&buffer_[end_], kPart);
  end_ += count;
  at_end_ = count == 0;
  return !at_end_;
}

bool split_blanks(std::string_view line, std::size_t most, std::vector<std::string_view>& words) {
  words.clear();
  std::size_t at = 0;
  for (;;) {
    while (at < line.size() && is_gap(line[at])) ++at;
    if (at == line.size()) return true;
    if (words.size() == most) return false;
    const std::size_t begin = at;
    while (at < line.size() && !is_gap(line[at])) ++at;
    words.push_back(line.substr(begin, at - begin));
  }
}

}  // namespace rnnlib
