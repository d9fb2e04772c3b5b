// SPDX-License-Identifier: Apache-2.0
// gzip by zlib, which is optional (CMake: RNNLIB_ZLIB).
#include "decode/language/gzip_source.h"

#include <utility>
#include <vector>

#include "rnnlib/error.h"

#ifdef RNNLIB_HAS_ZLIB
#include <zlib.h>

#include <algorithm>
#include <limits>
#endif

namespace rnnlib {

#ifdef RNNLIB_HAS_ZLIB

namespace {

class GzipSource final : public ByteSource {
 public:
  GzipSource(std::unique_ptr<ByteSource> packed, std::string path)
      : packed_(std::move(packed)), path_(std::move(path)), input_(std::size_t{1} << 16) {
    constexpr int kGzipOnly = 16;
    if (inflateInit2(&stream_, MAX_WBITS + kGzipOnly) != Z_OK) {
      throw OutOfMemoryError(path_ + ": there is no memory to unpack it");
    }
  }
  ~GzipSource() override { inflateEnd(&stream_); }
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;

  std::size_t read(char* buffer, std::size_t size) override {
    const std::size_t most = std::min<std::size_t>(size, std::numeric_limits<uInt>::max());
    stream_.next_out = reinterpret_cast<Bytef*>(buffer);
    stream_.avail_out = static_cast<uInt>(most);
    while (stream_.avail_out == most && (stream_.avail_in > 0 || refill())) step();
    return most - stream_.avail_out;
  }

 private:
  // False at the end of the file, which must be that of a member, too.
  bool refill() {
    const std::size_t count = packed_->read(input_.data(), input_.size());
    if (count == 0 && inside_member_) fail("it is cut short");
    stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
    stream_.avail_in = static_cast<uInt>(count);
    return count > 0;
  }

  void step() {
    inside_member_ = true;
    const int status = inflate(&stream_, Z_NO_FLUSH);
    if (status == Z_STREAM_END) {  // another member may follow
      inside_member_ = false;
      inflateReset(&stream_);
    } else if (status == Z_MEM_ERROR) {
      throw OutOfMemoryError(path_ + ": there is no memory to unpack it");
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      fail(stream_.msg != nullptr ? stream_.msg : "it cannot be unpacked");
    }
  }

  [[noreturn]] void fail(const std::string& why) const {
    throw FormatError(path_ + ": is a damaged gzip file: " + why);
  }

  std::unique_ptr<ByteSource> packed_;
  std::string path_;
  std::vector<char> input_;
  z_stream stream_{};
  bool inside_member_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> make_gzip_source(std::unique_ptr<ByteSource> packed, const std::string& path) {
  return std::make_unique<GzipSource>(std::move(packed), path);
}

#else

std::unique_ptr<ByteSource> make_gzip_source(std::unique_ptr<ByteSource> /*packed*/, const std::string& path) {
  throw FormatError(path + ": is a gzip file, and this library was built without zlib; unpack it first");
}

#endif

}  // namespace rnnlib
