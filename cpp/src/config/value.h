// SPDX-License-Identifier: Apache-2.0
// One config value's text: its checks against the key table, and what it means.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rnnlib/config.h"

namespace rnnlib {

// Keys whose value may hold any character: no comment or list separator is looked for in it.
bool is_raw(std::string_view key_name);

// Without blanks at its ends and, for lists, around its separators.
std::string normalise_value(const KeyInfo& key, std::string_view value);

// What a value of this key looks like: "an integer >= 1", "one of train, val, test".
std::string expected_value(const KeyInfo& key);

// Whether a normalised value has the key's type, choices and range.
bool is_valid(const KeyInfo& key, std::string_view value);

// Readers of normalised values; false when the text is not of the type. Lists expand value*count.
bool parse_bool(std::string_view text, bool& value);
bool parse_list(std::string_view text, bool expand, std::vector<std::string>& values);
bool parse_bool_list(std::string_view text, std::vector<bool>& values);
bool parse_int_list(std::string_view text, std::vector<Index>& values);
bool parse_int_lists(std::string_view text, std::vector<std::vector<Index>>& values);

}  // namespace rnnlib
