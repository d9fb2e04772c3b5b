// SPDX-License-Identifier: Apache-2.0
#include "base/checksum.h"

#include <array>

namespace rnnlib {
namespace {

constexpr std::size_t kSlices = 8;  // bytes that are taken together
using Tables = std::array<std::array<std::uint64_t, 256>, kSlices>;

// tables[k][b]: what byte b does to the remainder when k more bytes follow it.
constexpr Tables make_tables() {
  constexpr std::uint64_t kPolynomial = 0xC96C5795D7870F42U;
  Tables tables{};
  for (std::uint64_t byte = 0; byte < 256; ++byte) {
    std::uint64_t rest = byte;
    for (int bit = 0; bit < 8; ++bit) rest = (rest >> 1U) ^ ((rest & 1U) != 0 ? kPolynomial : 0);
    tables[0][byte] = rest;
  }
  for (std::size_t k = 1; k < kSlices; ++k) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint64_t rest = tables[k - 1][byte];
      tables[k][byte] = (rest >> 8U) ^ tables[0][rest & 255U];
    }
  }
  return tables;
}

constexpr Tables kTables = make_tables();

std::uint64_t byte_at(std::string_view text, std::size_t i) { return static_cast<unsigned char>(text[i]); }

}  // namespace

std::uint64_t crc64(std::string_view text) {
  std::uint64_t rest = ~std::uint64_t{0};
  for (; text.size() >= kSlices; text.remove_prefix(kSlices)) {
    for (std::size_t i = 0; i < kSlices; ++i) rest ^= byte_at(text, i) << (8 * i);
    std::uint64_t next = 0;
    for (std::size_t i = 0; i < kSlices; ++i) next ^= kTables[kSlices - 1 - i][(rest >> (8 * i)) & 255U];
    rest = next;
  }
  for (std::size_t i = 0; i < text.size(); ++i) rest = (rest >> 8U) ^ kTables[0][(rest ^ byte_at(text, i)) & 255U];
  return ~rest;
}

}  // namespace rnnlib
