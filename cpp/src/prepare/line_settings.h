// SPDX-License-Identifier: Apache-2.0
// The settings of a recipe of text lines in its JSON text.
#pragma once

#include <string>
#include <string_view>

#include "rnnlib/recipe.h"

namespace rnnlib {

// `where` is named in errors: FormatError for settings that are unknown or cannot be.
LineRecipe read_line_settings(std::string_view json, const std::string& where);

}  // namespace rnnlib
