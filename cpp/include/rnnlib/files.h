// SPDX-License-Identifier: Apache-2.0
// Whole files: read at once, replaced at once. Paths are UTF-8 on Windows, and any bytes elsewhere.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "rnnlib/export.h"

namespace rnnlib {

// A regular file's content. Throws IoError for anything else (a folder, a FIFO, a device: they could block or never
// end), OutOfMemoryError.
RNNLIB_API std::string read_file(const std::string& path);

// A new content for a file. It is made beside the file under a temporary name (what a killed process leaves of it is
// removed by the next one that writes into the folder), and commit() syncs it to the disk and renames it: readers see
// the old file or the new one, and a failure at any time leaves the old one as it was.
//
// Only a regular file is replaced, or nothing: a device, a FIFO, a socket or a folder is an IoError. A symbolic link
// stays and what it points to is replaced. The file keeps its permissions, and its owner and group as far as this
// process may give them away. Other hard links to the old file keep the old content: only a new file can appear at
// once.
//
// Every function throws IoError that names `path`.
class RNNLIB_API Replacement {
 public:
  explicit Replacement(const std::string& path);
  ~Replacement();
  Replacement(const Replacement&) = delete;
  Replacement& operator=(const Replacement&) = delete;

  // Where the new content goes: an empty file, which other libraries may write.
  std::string temporary() const;
  void write(std::string_view text);  // appends
  void commit();
  void discard() noexcept;  // removes the temporary file; after commit() there is none

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// The same for a text in memory.
RNNLIB_API void replace_file(const std::string& path, std::string_view text);

}  // namespace rnnlib
