// SPDX-License-Identifier: Apache-2.0
// Where the text of language models and dictionaries comes from: a file, plain or packed by gzip, or the memory. It is
// read in parts, since a model takes less memory than its text.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace rnnlib {

class ByteSource {
 public:
  ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  virtual ~ByteSource() = default;

  // Up to `size` bytes; 0 at the end only.
  virtual std::size_t read(char* buffer, std::size_t size) = 0;
};

// Throws IoError for all but a regular file; FormatError, while reading, for a damaged gzip file and, in a library
// without zlib, for every gzip file.
std::unique_ptr<ByteSource> open_file_source(const std::string& path);

// The text must outlive the source. It is never unpacked.
std::unique_ptr<ByteSource> make_text_source(std::string_view text);

}  // namespace rnnlib
