// SPDX-License-Identifier: Apache-2.0
// What is tried on every input: its first line is read as a recipe, the next six bytes as an image's sizes, and the
// rest as its pixels. All that may come out is a result or a rnnlib::Error.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "require.h"
#include "rnnlib/error.h"
#include "rnnlib/recipe.h"

namespace rnnlib::fuzz {

// Mostly small, now and then one that overflows.
inline Index size_of_image(std::string_view bytes, std::size_t at) {
  const Index byte = at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0;
  return byte < 250 ? byte : (Index{1} << (byte - 250) * 12) * (byte % 2 == 0 ? 1 : -1);
}

inline void try_image(const Recipe& recipe, std::string_view bytes) {
  constexpr std::size_t kSizes = 6;
  // Own memory, so that a sanitizer sees what is read behind the end.
  const std::vector<std::uint8_t> pixels(bytes.begin() + static_cast<std::ptrdiff_t>(std::min(kSizes, bytes.size())),
                                         bytes.end());
  ImageView image;
  image.pixels = pixels.data();
  image.size = static_cast<Index>(pixels.size());
  image.width = size_of_image(bytes, 0) + size_of_image(bytes, 1);
  image.height = size_of_image(bytes, 2);
  image.channels = size_of_image(bytes, 3) % 6;
  image.row_stride = size_of_image(bytes, 4) * (size_of_image(bytes, 5) % 8);
  const Shape shape = recipe.line_shape(image.width, image.height);
  const LineInk ink = recipe.line_ink(image);
  const LineInput input = recipe.line_input(image);
  require(ink.shape == shape && static_cast<Index>(ink.values.size()) == num_points(shape), "ink of another shape");
  require(input.shape == shape && input.values.size() == ink.values.size(), "an input of another shape");
}

inline void try_recipe(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t end = std::min(bytes.find('\n'), bytes.size());
  try {
    const Recipe recipe = Recipe::parse(bytes.substr(0, end), "fuzz");
    require(!recipe.kind().empty(), "a recipe without a kind");
    try_image(recipe, bytes.substr(std::min(end + 1, bytes.size())));
    recipe.text({0, 1, 0}, {recipe.lines().space, "a"});
  } catch (const Error& error) {
    require(error.what()[0] != '\0', "an error without words");
  }
}

}  // namespace rnnlib::fuzz
