// SPDX-License-Identifier: Apache-2.0
#include "base/utf8.h"

#include <gtest/gtest.h>

namespace rnnlib {
namespace {

TEST(Utf8, EveryCharacterIsReadAsItIsWritten) {
  for (std::uint32_t code = 0; code < 0x110000; ++code) {
    if (code == 0xD800) code = 0xE000;
    std::string text;
    append_utf8(code, text);
    ASSERT_TRUE(is_utf8(text)) << code;
    ASSERT_EQ(text.size(), code < 0x80 ? 1U : code < 0x800 ? 2U : code < 0x10000 ? 3U : 4U) << code;
    text.pop_back();
    ASSERT_EQ(is_utf8(text), text.empty()) << code;
  }
}

TEST(Utf8, KnowsWhatIsNone) {
  for (const char* text :
       {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "a\xC3", "\xC3(", "\xE2\x82(", "ä\xE4"}) {
    EXPECT_FALSE(is_utf8(text)) << text;
  }
  std::string euro;
  append_utf8(0x20AC, euro);
  EXPECT_EQ(euro, "\xE2\x82\xAC");
  EXPECT_TRUE(is_utf8("ä€\xF0\x9F\x98\x80"));
}

}  // namespace
}  // namespace rnnlib
