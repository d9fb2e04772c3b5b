// SPDX-License-Identifier: Apache-2.0
// Numbers as text: the shortest digits that read back exactly, whatever the locale.
#pragma once

#include <string>
#include <string_view>

#include "rnnlib/types.h"

namespace rnnlib {

// The whole text must be the number (a leading '+' is fine); false when it is not or does not fit. Reals may be nan and
// inf; a real too small for double becomes 0 or its smallest number.
bool parse_int(std::string_view text, Index& value);
bool parse_real(std::string_view text, double& value);

// Appends the shortest digits that read back exactly: as double, or, for kFloat and a value that a float can hold, as
// float.
void append_number(double value, Precision precision, std::string& text);
std::string number_text(double value, Precision precision = Precision::kDouble);

// The same without <charconv>'s floating-point functions, which not every standard library has. Slower.
namespace portable {
bool parse_real(std::string_view text, double& value);
void append_number(double value, Precision precision, std::string& text);
}  // namespace portable

}  // namespace rnnlib
