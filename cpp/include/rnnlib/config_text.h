// SPDX-License-Identifier: Apache-2.0
// What the text of a config or a save holds besides its values.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "rnnlib/export.h"

namespace rnnlib {

// Words after a value that Config::parse and Save::parse pass over, as RNNLIB does ("hiddenSize 10 20"): key -> a
// sentence for the user, which names source and line. Comments are no such words.
RNNLIB_API std::map<std::string, std::string> ignored_words(std::string_view text, const std::string& source);

}  // namespace rnnlib
