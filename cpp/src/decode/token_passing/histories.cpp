// SPDX-License-Identifier: Apache-2.0
// Sequences form a tree. What no token has passed through is forgotten from time to time.
#include "decode/token_passing/histories.h"

#include <algorithm>
#include <limits>

#include "rnnlib/error.h"

namespace rnnlib {
namespace {

constexpr std::size_t kFewEntries = 1 << 16;

}  // namespace

void Histories::clear() {
  entries_.assign(1, {kEmpty, -1, kEmpty});
  firsts_.clear();
  limit_ = kFewEntries;
}

std::int32_t Histories::add(std::int32_t before, std::int32_t spelling) {
  if (entries_.size() >= static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
    throw OutOfMemoryError("token passing: more than 2^31 word sequences are to be remembered");
  }
  const auto number = static_cast<std::int32_t>(entries_.size());
  entries_.push_back({before, spelling, first_with(words(before), spelling, number)});
  return number;
}

std::int32_t& Histories::first_with(std::int32_t words_before, std::int32_t spelling, std::int32_t otherwise) {
  const std::int64_t word = spellings_[static_cast<std::size_t>(spelling)].word;
  return firsts_.emplace((std::int64_t{words_before} << 32) | word, otherwise).first->second;
}

std::vector<std::int32_t> Histories::spellings_of(std::int32_t history) const {
  std::vector<std::int32_t> found;
  for (; history != kEmpty; history = entries_[static_cast<std::size_t>(history)].before) {
    found.push_back(entries_[static_cast<std::size_t>(history)].spelling);
  }
  std::reverse(found.begin(), found.end());
  return found;
}

const std::vector<std::int32_t>& Histories::forget_others() {
  mark(kEmpty);
  for (std::size_t i = entries_.size(); i-- > 0;) {
    if (marks_[i] == 0) continue;
    mark(entries_[i].before);
    mark(entries_[i].words);
  }
  new_numbers_.assign(entries_.size(), kEmpty);
  firsts_.clear();
  std::size_t kept = 1;
  for (std::size_t i = 1; i < entries_.size(); ++i) {
    if (marks_[i] == 0) continue;
    const auto new_number = [&](std::int32_t old) { return new_numbers_[static_cast<std::size_t>(old)]; };
    new_numbers_[i] = static_cast<std::int32_t>(kept);
    const Entry old = entries_[i];
    entries_[kept] = {new_number(old.before), old.spelling, new_number(old.words)};
    if (entries_[kept].words == new_numbers_[i]) {
      first_with(words(entries_[kept].before), old.spelling, new_numbers_[i]) = new_numbers_[i];
    }
    ++kept;
  }
  entries_.resize(kept);
  limit_ = std::max(kFewEntries, 2 * kept);
  return new_numbers_;
}

}  // namespace rnnlib
