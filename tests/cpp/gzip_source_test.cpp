// SPDX-License-Identifier: Apache-2.0
// Files packed by gzip: in two members, and damaged.
#include "decode/language/gzip_source.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "expect_error.h"
#include "rnnlib/error.h"
#include "rnnlib/ngram.h"

namespace rnnlib {
namespace {

// A model of the words a and b, whose second half is a member of its own.
const std::string kPacked(
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x8b\x49\x49\x2c\x49\x8c\xe1\xca\x4b\x2f\x4a\xcc\x55\x30"
    "\xb4\x35\xe2\x8a\x31\xd4\x05\x00\x69\xc8\x08\x9a\x14\x00\x00\x00\x1f\x8b\x08\x00\x00\x00\x00\x00"
    "\x02\x03\x4b\x2f\x4a\xcc\x2d\xb6\xe2\xd2\x35\xd0\x33\x55\x48\x04\x51\x46\xa6\x0a\x49\x5c\x31\xa9"
    "\x79\x29\x31\x5c\x00\xf8\x28\x31\xa1\x1c\x00\x00\x00",
    85);

// A file with the given content, removed at the end.
class File {
 public:
  explicit File(const std::string& content) : path_(testing::TempDir() + "rnnlib_gzip_source_test.arpa.gz") {
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~File() { std::filesystem::remove(path_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

void expect_bad(const std::string& content, const std::vector<std::string>& parts) {
  const File file(content);
  expect_error<FormatError>([&] { NgramModel::read(file.path()); }, parts);
}

#ifdef RNNLIB_HAS_ZLIB

TEST(GzipSource, Unpacks) {
  const File file(kPacked);
  const NgramModel model = NgramModel::read(file.path());
  EXPECT_EQ(model.num_words(), 2);
  EXPECT_EQ(model.word(1), "b");
}

TEST(GzipSource, DamagedFiles) {
  for (std::size_t size = 2; size + 1 < kPacked.size(); ++size) expect_bad(kPacked.substr(0, size), {".arpa.gz"});
  expect_bad(kPacked.substr(0, kPacked.size() - 3), {"damaged gzip file", "cut short"});
  std::string changed = kPacked;
  changed[changed.size() - 5] = static_cast<char>(changed[changed.size() - 5] ^ 1);
  expect_bad(changed, {"damaged gzip file"});
  expect_bad(kPacked + "more", {"damaged gzip file"});
}

#else

TEST(GzipSource, NeedsZlib) { expect_bad(kPacked, {"gzip", "without zlib", "unpack"}); }

#endif

TEST(GzipSource, PlainFilesAreReadAsTheyAre) {
  expect_bad("", {".arpa.gz"});
  expect_bad("\x1f", {"control character"});
}

}  // namespace
}  // namespace rnnlib
