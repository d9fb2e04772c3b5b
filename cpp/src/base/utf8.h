// SPDX-License-Identifier: Apache-2.0
// UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rnnlib {

bool is_utf8(std::string_view text);

// Appends a code point that may stand in UTF-8: below 0x110000 and no surrogate.
void append_utf8(std::uint32_t code, std::string& text);

}  // namespace rnnlib
