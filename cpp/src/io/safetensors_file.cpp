// SPDX-License-Identifier: Apache-2.0
#include "io/safetensors_file.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"
#include "io/json.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

// A tensor's range of the bytes after the header.
struct Range {
  Index begin = 0;
  Index end = 0;
};

class HeaderReader {
 public:
  HeaderReader(std::string_view header, std::string_view data, const std::string& source)
      : source_(source), data_(data), json_(header, "the header of " + source) {}

  SafetensorsFile read() {
    json_.read_object([&](const std::string& name) {
      if (name == kMetadataName) {
        json_.read_object([&](const std::string& key) { file_.metadata[key] = json_.read_string(); });
      } else {
        read_tensor(name);
      }
    });
    json_.expect_end();
    check_ranges();
    return std::move(file_);
  }

 private:
  [[noreturn]] void fail(std::string_view name, const std::string& problem) const {
    throw FormatError(source_ + ": tensor " + in_quotes(name) + ": " + problem);
  }

  void read_tensor(const std::string& name) {
    SafetensorsFile::Tensor tensor;
    std::optional<std::vector<Index>> shape;
    std::optional<Range> range;
    json_.read_object([&](const std::string& key) {
      if (key == "dtype") {
        tensor.type = read_type(name);
      } else if (key == "shape") {
        shape = read_counts(name, "shape");
      } else if (key == "data_offsets") {
        range = read_range(name);
      } else {
        fail(name, "unknown key " + in_quotes(key) + ": expected dtype, shape and data_offsets");
      }
    });
    if (tensor.type == nullptr) fail(name, "dtype is missing");
    if (!shape) fail(name, "shape is missing");
    if (!range) fail(name, "data_offsets are missing");
    tensor.shape = *shape;
    const Index size = size_of(name, tensor);
    if (size != range->end - range->begin) {
      fail(name, "its shape and dtype take " + std::to_string(size) + " bytes, its data_offsets hold " +
                     std::to_string(range->end - range->begin));
    }
    tensor.bytes = data_.substr(static_cast<std::size_t>(range->begin), static_cast<std::size_t>(size));
    file_.tensors[name] = std::move(tensor);
  }

  const TensorTypeInfo* read_type(const std::string& name) {
    const std::string code = json_.read_string();
    const TensorTypeInfo* type = find_code(code);
    if (type == nullptr) fail(name, "expected dtype F16, BF16, F32 or F64, found " + in_quotes(code));
    return type;
  }

  std::vector<Index> read_counts(const std::string& name, const char* what) {
    constexpr std::size_t kMost = 8;
    std::vector<Index> numbers;
    json_.read_array([&] {
      if (numbers.size() == kMost) fail(name, std::string(what) + " has more than 8 numbers");
      numbers.push_back(json_.read_count());
    });
    return numbers;
  }

  Range read_range(const std::string& name) {
    const std::vector<Index> found = read_counts(name, "data_offsets");
    if (found.size() != 2 || found[0] > found[1])
      fail(name, "expected data_offsets of a beginning and an end after it");
    const Index most = static_cast<Index>(data_.size());
    if (found[1] > most) {
      fail(name, "its data end at byte " + std::to_string(found[1]) + " after the header, where the file has " +
                     std::to_string(most));
    }
    return {found[0], found[1]};
  }

  Index size_of(const std::string& name, const SafetensorsFile::Tensor& tensor) const {
    Index size = tensor.type->bytes;
    for (const Index count : tensor.shape) {
      if (count > 0 && size > std::numeric_limits<Index>::max() / count) fail(name, "its shape is too large");
      size *= count;
    }
    return size;
  }

  // One after the other, so that each byte belongs to one tensor.
  void check_ranges() const {
    std::vector<std::pair<std::string_view, std::string_view>> sorted;  // a tensor's bytes and its name
    sorted.reserve(file_.tensors.size());
    for (const auto& [name, tensor] : file_.tensors) sorted.emplace_back(tensor.bytes, name);
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
      return std::make_pair(a.first.data(), a.first.size()) < std::make_pair(b.first.data(), b.first.size());
    });
    Index end = 0;
    for (const auto& [bytes, name] : sorted) {
      const Index begin = bytes.data() - data_.data();
      if (begin < end) fail(name, "its data overlap another tensor's at byte " + std::to_string(begin));
      if (begin > end) {
        fail(name, "its data begin at byte " + std::to_string(begin) + " after the header; those from byte " +
                       std::to_string(end) + " on belong to no tensor");
      }
      end = begin + static_cast<Index>(bytes.size());
    }
    if (end != static_cast<Index>(data_.size())) {
      throw FormatError(source_ + ": its tensors take " + std::to_string(end) + " bytes after the header, found " +
                        std::to_string(data_.size()));
    }
  }

  const std::string& source_;
  std::string_view data_;
  JsonReader json_;
  SafetensorsFile file_;
};

}  // namespace

bool looks_like_safetensors(std::string_view bytes) {
  const std::string_view size = bytes.substr(0, kSizeBytes);
  return bytes.size() > kSizeBytes && bytes[kSizeBytes] == '{' && size.find('\0') != std::string_view::npos;
}

SafetensorsFile parse_safetensors(std::string_view bytes, const std::string& source) {
  if (bytes.size() < kSizeBytes) {
    throw FormatError(source + ": is cut short: a safetensors file has more than " + std::to_string(bytes.size()) +
                      " bytes");
  }
  const std::uint64_t size = read_bytes(bytes.substr(0, kSizeBytes));
  const std::string_view rest = bytes.substr(kSizeBytes);
  if (size > rest.size()) {
    throw FormatError(source + ": its header should have " + std::to_string(size) + " bytes, but only " +
                      std::to_string(rest.size()) + " follow: it is cut short, or no safetensors file");
  }
  const auto header = static_cast<std::size_t>(size);
  return HeaderReader(rest.substr(0, header), rest.substr(header), source).read();
}

}  // namespace rnnlib
