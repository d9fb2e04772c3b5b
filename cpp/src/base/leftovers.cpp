// SPDX-License-Identifier: Apache-2.0
#include "base/leftovers.h"

#include <cstdint>
#include <random>
#include <string_view>

#include "base/system.h"
#include "base/text.h"

namespace rnnlib {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMark = ".rnnlib-tmp-";
constexpr std::size_t kDigits = 8;             // of each of the two numbers
constexpr std::size_t kLongestName = 255;      // that file systems take, in bytes
constexpr std::int64_t kOldAge = 24LL * 3600;  // seconds after which a file is taken for a leftover without a lock

std::string hex(std::uint32_t number) {
  std::string text(kDigits, '0');
  for (std::size_t i = kDigits; i > 0; --i, number >>= 4U) text[i - 1] = "0123456789abcdef"[number & 15U];
  return text;
}

// The name's two numbers as text; empty when it is not that of a temporary file.
std::string_view numbers_of(std::string_view name) {
  const std::size_t size = kMark.size() + 2 * kDigits;
  if (name.size() < size || name.substr(name.size() - size, kMark.size()) != kMark) return {};
  const std::string_view numbers = name.substr(name.size() - 2 * kDigits);
  return numbers.find_first_not_of("0123456789abcdef") == std::string_view::npos ? numbers : std::string_view();
}

// At most `size` of the first bytes, and no part of a character: some systems take only names in UTF-8.
std::size_t whole_characters(std::string_view name, std::size_t size) {
  constexpr std::size_t kLongestCharacter = 4;
  std::size_t end = size;
  while (end > 0 && size - end < kLongestCharacter && (static_cast<unsigned char>(name[end]) & 0xC0U) == 0x80U) --end;
  return end;
}

bool is_leftover(const fs::path& path, std::string_view numbers) {
  OpenFile file;
  FileFacts facts;
  if (file.open_to_change(path) || file.facts(facts) || facts.kind != FileFacts::Kind::kRegular) return false;
  const LockResult lock = file.try_lock(path);
  if (lock == LockResult::kTaken) return false;
  const bool is_of_this_machine = machine_number() != 0 && numbers.substr(0, kDigits) == hex(machine_number());
  return (lock == LockResult::kLocked && is_of_this_machine) || facts.seconds_old > kOldAge;
}

}  // namespace

fs::path temporary_beside(const fs::path& path, bool is_lockable) {
  std::random_device random;
  const std::string ending =
      std::string(kMark) + hex(is_lockable ? machine_number() : 0) + hex(static_cast<std::uint32_t>(random()));
  std::string name = path.filename().u8string();
  if (name.size() + ending.size() > kLongestName) name.resize(whole_characters(name, kLongestName - ending.size()));
  return path.parent_path() / fs::u8path(name + ending);
}

void remove_leftovers(const fs::path& folder) noexcept {
  try {
    std::error_code error;
    for (fs::directory_iterator entry(folder.empty() ? fs::path(".") : folder, error), end; !error && entry != end;
         entry.increment(error)) {
      const std::string name = entry->path().filename().u8string();
      const std::string_view numbers = numbers_of(name);
      std::error_code ignored;  // another process was faster, or may remove it where this one may not
      if (!numbers.empty() && is_leftover(entry->path(), numbers)) fs::remove(entry->path(), ignored);
    }
  } catch (const std::exception&) {
    return;  // no memory for a name: a later call will do it
  }
}

}  // namespace rnnlib
