// SPDX-License-Identifier: Apache-2.0
// Words and their numbers: a hash table with linear probing.
#include "decode/language/vocabulary.h"

#include <functional>
#include <limits>

#include "rnnlib/error.h"

namespace rnnlib {

Index Vocabulary::add(std::string_view word) {
  if (3 * (begins_.size() + 1) > 2 * slots_.size()) grow();
  std::uint32_t& slot = slots_[slot_of(word)];
  if (slot != 0) return static_cast<Index>(slot) - 1;
  if (size() >= std::numeric_limits<std::int32_t>::max()) throw DataError("more words than 2^31");
  text_ += word;
  begins_.push_back(text_.size());
  slot = static_cast<std::uint32_t>(size());
  return size() - 1;
}

Index Vocabulary::find(std::string_view word) const {
  return slots_.empty() ? kNone : static_cast<Index>(slots_[slot_of(word)]) - 1;
}

std::string_view Vocabulary::word(Index number) const {
  const std::size_t begin = begins_[static_cast<std::size_t>(number)];
  return std::string_view(text_).substr(begin, begins_[static_cast<std::size_t>(number) + 1] - begin);
}

Index Vocabulary::memory() const {
  return static_cast<Index>(text_.capacity() + begins_.capacity() * sizeof(begins_[0]) +
                            slots_.capacity() * sizeof(slots_[0]));
}

void Vocabulary::shrink_to_fit() {
  text_.shrink_to_fit();
  begins_.shrink_to_fit();
}

std::size_t Vocabulary::slot_of(std::string_view wanted) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = std::hash<std::string_view>()(wanted) & mask;
  while (slots_[slot] != 0 && word(static_cast<Index>(slots_[slot]) - 1) != wanted) slot = (slot + 1) & mask;
  return slot;
}

void Vocabulary::grow() {
  constexpr std::size_t kFirst = 64;
  slots_.assign(slots_.empty() ? kFirst : 2 * slots_.size(), 0);
  for (Index number = 0; number < size(); ++number) {
    slots_[slot_of(word(number))] = static_cast<std::uint32_t>(number + 1);
  }
}

}  // namespace rnnlib
