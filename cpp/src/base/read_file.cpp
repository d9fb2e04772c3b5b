// SPDX-License-Identifier: Apache-2.0
// Whole files, read at once.
#include <algorithm>
#include <exception>

#include "base/system.h"
#include "rnnlib/error.h"
#include "rnnlib/files.h"

namespace rnnlib {
namespace {

namespace fs = std::filesystem;

std::string reason_of(const std::error_code& error) {
  return error == std::errc::no_such_file_or_directory ? "no such file" : error.message();
}

void check_readable(const std::string& path, const FileFacts& facts) {
  if (facts.kind == FileFacts::Kind::kNothing) throw IoError(path + ": no such file");
  if (facts.kind == FileFacts::Kind::kOther) throw IoError(path + ": is " + facts.kind_name + ", expected a file");
}

std::string contents_of(OpenFile& file, std::uintmax_t size, const std::string& path) {
  constexpr std::size_t kPart = 1 << 20;
  std::string text;
  text.reserve(static_cast<std::size_t>(size) + 1);  // one more than the file has shows its end
  for (std::size_t count = 1; count > 0;) {
    const std::size_t old_size = text.size();
    text.resize(std::max(std::min(old_size + kPart, text.capacity()), old_size + 1));
    const std::error_code error = file.read(&text[old_size], text.size() - old_size, count);
    if (error) throw IoError(path + ": cannot be read: " + error.message());
    text.resize(old_size + count);
  }
  return text;
}

}  // namespace

std::string read_file(const std::string& path) {
  const fs::path name = fs::u8path(path);
  FileFacts facts;
  OpenFile file;
  std::error_code error = facts_of(name, facts);
  if (!error) {
    check_readable(path, facts);
    error = file.open_to_read(name);
  }
  if (!error) error = file.facts(facts);
  if (error) throw IoError(path + ": cannot be read: " + reason_of(error));
  check_readable(path, facts);
  try {
    return contents_of(file, facts.size, path);
  } catch (const IoError&) {
    throw;
  } catch (const std::exception&) {  // bad_alloc, length_error
    throw OutOfMemoryError(path + ": is too large for the memory: " + std::to_string(facts.size) + " bytes");
  }
}

}  // namespace rnnlib
