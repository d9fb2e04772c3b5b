// SPDX-License-Identifier: Apache-2.0
// Bytes of files and of the memory. What gzip packed is told by its first two bytes, not by its name.
#include "decode/language/byte_source.h"

#include <algorithm>
#include <utility>

#include "base/system.h"
#include "decode/language/gzip_source.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

class TextSource final : public ByteSource {
 public:
  explicit TextSource(std::string_view text) : rest_(text) {}

  std::size_t read(char* buffer, std::size_t size) override {
    const std::size_t count = rest_.copy(buffer, size);
    rest_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view rest_;
};

class FileSource final : public ByteSource {
 public:
  explicit FileSource(const std::string& path) : path_(path) {
    const std::filesystem::path name = std::filesystem::u8path(path);
    FileFacts facts;
    std::error_code error = facts_of(name, facts);
    if (!error) {
      if (facts.kind == FileFacts::Kind::kNothing) throw IoError(path + ": no such file");
      if (facts.kind == FileFacts::Kind::kOther) throw IoError(path + ": is " + facts.kind_name + ", expected a file");
      error = file_.open_to_read(name);
    }
    if (error) fail(error);
  }

  std::size_t read(char* buffer, std::size_t size) override {
    std::size_t count = 0;
    if (const std::error_code error = file_.read(buffer, size, count)) fail(error);
    return count;
  }

 private:
  [[noreturn]] void fail(const std::error_code& error) const {
    throw IoError(path_ + ": cannot be read: " + error.message());
  }

  std::string path_;
  OpenFile file_;
};

// Gives the bytes that were read already before those of the rest.
class Prefixed final : public ByteSource {
 public:
  Prefixed(std::string prefix, std::unique_ptr<ByteSource> rest) : prefix_(std::move(prefix)), rest_(std::move(rest)) {}

  std::size_t read(char* buffer, std::size_t size) override {
    if (given_ == prefix_.size()) return rest_->read(buffer, size);
    const std::size_t count = prefix_.copy(buffer, size, given_);
    given_ += count;
    return count;
  }

 private:
  std::string prefix_;
  std::size_t given_ = 0;
  std::unique_ptr<ByteSource> rest_;
};

}  // namespace

std::unique_ptr<ByteSource> make_text_source(std::string_view text) { return std::make_unique<TextSource>(text); }

std::unique_ptr<ByteSource> open_file_source(const std::string& path) {
  constexpr std::string_view kGzip = "\x1f\x8b";
  auto file = std::make_unique<FileSource>(path);
  std::string head(kGzip.size(), '\0');
  std::size_t known = 0;
  while (known < head.size()) {
    const std::size_t count = file->read(&head[known], head.size() - known);
    if (count == 0) break;
    known += count;
  }
  head.resize(known);
  const bool is_gzip = head == kGzip;
  auto whole = std::make_unique<Prefixed>(std::move(head), std::move(file));
  if (is_gzip) return make_gzip_source(std::move(whole), path);
  return whole;
}

}  // namespace rnnlib
