// SPDX-License-Identifier: Apache-2.0
// What the words of the key `augment` stand for.
#pragma once

#include <string>
#include <string_view>

#include "config/words.h"

namespace rnnlib {

Words augment_words();

// The value that a word gives to a key that the config does not mention; empty where it gives none.
std::string augment_preset_value(std::string_view word, std::string_view key);

}  // namespace rnnlib
