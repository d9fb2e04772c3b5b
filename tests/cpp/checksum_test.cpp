// SPDX-License-Identifier: Apache-2.0
// The checksum of saves.
#include "base/checksum.h"

#include <gtest/gtest.h>

#include <string>

namespace rnnlib {
namespace {

// One bit after the other, from the definition.
std::uint64_t naive_crc64(const std::string& text) {
  std::uint64_t rest = ~std::uint64_t{0};
  for (const char c : text) {
    rest ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) rest = (rest >> 1U) ^ ((rest & 1U) != 0 ? 0xC96C5795D7870F42U : 0U);
  }
  return ~rest;
}

TEST(Checksum, HasThePublishedCheckValue) {
  EXPECT_EQ(crc64("123456789"), 0x995DC9BBDF1939FAU);
  EXPECT_EQ(crc64(""), 0U);
}

TEST(Checksum, IsTheDefinitionsForEveryLength) {
  std::string text;
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(crc64(text), naive_crc64(text)) << i;
    text += static_cast<char>(37 * i + 200);
  }
}

}  // namespace
}  // namespace rnnlib
