// SPDX-License-Identifier: Apache-2.0
#include "train/rank_messages.h"

#include <cstring>
#include <type_traits>

#include "rnnlib/error.h"

namespace rnnlib {

namespace {

template <class Value>
void append(std::string& bytes, const Value& value) {
  static_assert(std::is_trivially_copyable_v<Value>);
  char raw[sizeof(Value)];
  std::memcpy(raw, &value, sizeof(Value));
  bytes.append(raw, sizeof(Value));
}

class Reader {
 public:
  explicit Reader(const std::string& bytes) : bytes_(bytes) {}

  bool at_end() const { return at_ == bytes_.size(); }

  template <class Value>
  Value next() {
    if (bytes_.size() - at_ < sizeof(Value)) throw DataError("a rank's message ends too early: the ranks differ");
    Value value;
    std::memcpy(&value, bytes_.data() + at_, sizeof(Value));
    at_ += sizeof(Value);
    return value;
  }

 private:
  const std::string& bytes_;
  std::size_t at_ = 0;
};

}  // namespace

std::string pack_errors(const std::vector<SequenceErrors>& errors, bool report) {
  std::string bytes;
  append(bytes, report);
  for (const SequenceErrors& of_sequence : errors) {
    append(bytes, of_sequence.skipped);
    append(bytes, of_sequence.needed);
    append(bytes, of_sequence.available);
    append(bytes, static_cast<Index>(of_sequence.items.size()));
    for (const SequenceErrors::Item& item : of_sequence.items) {
      append(bytes, item.id);
      append(bytes, item.value);
      append(bytes, item.norm);
    }
  }
  return bytes;
}

bool unpack_errors(const std::string& bytes, std::vector<SequenceErrors>& errors) {
  Reader reader(bytes);
  const bool report = reader.next<char>() != 0;
  while (!reader.at_end()) {
    SequenceErrors of_sequence;
    of_sequence.skipped = reader.next<char>() != 0;
    of_sequence.needed = reader.next<Index>();
    of_sequence.available = reader.next<Index>();
    const Index items = reader.next<Index>();
    for (Index i = 0; i < items; ++i) {
      SequenceErrors::Item item{};
      item.id = reader.next<int>();
      item.value = reader.next<double>();
      item.norm = reader.next<double>();
      of_sequence.items.push_back(item);
    }
    errors.push_back(std::move(of_sequence));
  }
  return report;
}

}  // namespace rnnlib
