// SPDX-License-Identifier: Apache-2.0
// Words and their numbers, in little memory: one text, and a hash table of numbers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rnnlib/types.h"

namespace rnnlib {

class Vocabulary {
 public:
  static constexpr Index kNone = -1;

  Vocabulary() : begins_(1, 0) {}

  // The word's number: size() before the call when it is new.
  Index add(std::string_view word);
  Index find(std::string_view word) const;  // kNone when it is not there
  std::string_view word(Index number) const;
  Index size() const { return static_cast<Index>(begins_.size()) - 1; }
  Index memory() const;  // bytes
  void shrink_to_fit();  // gives back what was taken for growing

 private:
  std::size_t slot_of(std::string_view word) const;  // where it is, or where it belongs
  void grow();

  std::string text_;                   // all words one after another
  std::vector<std::uint64_t> begins_;  // [size + 1] places in text_
  std::vector<std::uint32_t> slots_;   // number + 1, 0 where none is; a power of two of them, at most 2/3 taken
};

}  // namespace rnnlib
