// SPDX-License-Identifier: Apache-2.0
// The lines of a text that is too large to be held at once, and their words.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "decode/language/byte_source.h"
#include "rnnlib/types.h"

namespace rnnlib {

class TextLines {
 public:
  // `name` is what messages call the source.
  TextLines(std::unique_ptr<ByteSource> source, std::string name);

  // The next line that holds more than blanks, without the blanks around it; false at the end. It is valid until the
  // next call. Throws FormatError for a line with a control character or one that is too long to be text.
  bool next(std::string_view& line);

  // Reads to the end: the damage of a packed file may show there only.
  void skip_rest();

  Index number() const { return number_; }  // of the line last read, from 1
  const std::string& name() const { return name_; }
  [[noreturn]] void fail(const std::string& what) const;  // FormatError: "line 7 of x.arpa: " and what is wrong

 private:
  bool next_raw(std::string_view& line);
  bool read_more();

  std::unique_ptr<ByteSource> source_;
  std::string name_;
  std::string buffer_;
  std::size_t begin_ = 0;  // what of the buffer has not been given out yet
  std::size_t end_ = 0;
  Index number_ = 0;
  bool at_end_ = false;
};

// Puts the words between blanks into `words`, at most `most` of them; returns whether these are all.
bool split_blanks(std::string_view line, std::size_t most, std::vector<std::string_view>& words);

}  // namespace rnnlib
