// SPDX-License-Identifier: Apache-2.0
// What a recipe makes of the image of a text line: ink, as data files store it, and a network's input.
#pragma once

#include "rnnlib/recipe.h"

namespace rnnlib {

struct ImageSize {
  Index width = 0;
  Index height = 0;
};

// Throws DataError for an image that is too small for a letter, too large, or far too wide.
Shape line_image_shape(const ImageSize& size, const LineRecipe& recipe);

// Throws DataError likewise, and for sizes that do not fit each other.
LineInk ink_of_line(const ImageView& image, const LineRecipe& recipe);

LineInput input_of_line(const LineInk& ink, const LineRecipe& recipe);

}  // namespace rnnlib
