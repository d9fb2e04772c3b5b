// SPDX-License-Identifier: Apache-2.0
// The first and the last line of our saves: `trainer_format 1` and `trainer_end crc64 <16 hexadecimal digits>`, a
// checksum of all that stands before that line, which a byte order mark and Windows' line ends leave as it is. Saves of
// earlier versions end with `trainer_end 1` and have no checksum; RNNLIB's have neither line.
#pragma once

#include <string>
#include <string_view>

namespace rnnlib {

constexpr char kFormatName[] = "trainer_format";
constexpr char kFormat[] = "1";
constexpr char kEndName[] = "trainer_end";

// Throws FormatError for a save of ours that is cut short or changed, or that has text after its end. Asked before
// anything is read, so that any damage gives these errors and no other.
void check_marks(std::string_view text, const std::string& source);

// The last line for a text that has all the others.
std::string end_line(std::string_view text);

}  // namespace rnnlib
