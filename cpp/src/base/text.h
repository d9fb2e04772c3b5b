// SPDX-License-Identifier: Apache-2.0
// Small helpers for text: trimming, splitting, quoting for messages, likeness of names. ASCII only, no locale.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rnnlib/types.h"

namespace rnnlib {

// Blank, tab, carriage return, vertical tab, form feed; not the line feed, which ends lines.
bool is_blank(char c);

char to_lower(char c);
std::string to_lower(std::string_view text);

std::string_view trim(std::string_view text);  // without blanks at both ends
bool starts_with(std::string_view text, std::string_view prefix);
bool ends_with(std::string_view text, std::string_view suffix);

// The parts between separators, empty ones included; one empty part for an empty text.
std::vector<std::string_view> split(std::string_view text, std::string_view separator);

std::string join(const std::vector<std::string>& parts, std::string_view separator);

// In double quotes for a message: control characters become '?', long texts are cut.
std::string in_quotes(std::string_view text);

// In lower case, without '_' and '-': learn_rate and learnRate are alike.
std::string simple_name(std::string_view name);

// Letters to add, take away or change, or neighbours to swap, to get from one to the other.
Index name_distance(std::string_view a, std::string_view b);

// The first candidate with the smallest name_distance of simple_name()s to `name`. "" when none resembles it: when more
// than a third of the longer name's letters would have to change.
std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace rnnlib
