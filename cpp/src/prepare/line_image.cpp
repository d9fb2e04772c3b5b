// SPDX-License-Identifier: Apache-2.0
// The build compiles this folder without fused multiplications and additions, so that every instruction set, and the
// simple twin in tests/python/prepare/, gives the same bytes.
#include "prepare/line_image.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "prepare/greys.h"
#include "prepare/resample.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

constexpr Index kSmallest = 3;                 // pixels in both directions: a smaller image has room for no letter
constexpr Index kWidest = 32768;               // pixels of a line that was brought to its height
constexpr Index kMostPixels = Index{1} << 27;  // an A3 page at 600 dpi has half of them
constexpr int kLeastRange = 32;                // greys between ground and ink: less is noise, not stretched further
constexpr double kDarkest = 0.005;             // shares of the pixels
constexpr double kMiddle = 0.5;
constexpr double kLightest = 0.995;
constexpr int kWhite = 255;

std::string text_of(const ImageSize& size) {
  return "the image is " + std::to_string(size.width) + " x " + std::to_string(size.height) + " pixels";
}

using Counts = std::array<Index, kNumGreys>;

Counts count_greys(const Greys& greys) {
  Counts counts{};
  for (Index y = 0; y < greys.height(); ++y) {
    const std::uint8_t* const row = greys.row(y);
    for (Index x = 0; x < greys.width(); ++x) ++counts[row[x]];
  }
  return counts;
}

// The grey that so many of the pixels, as a share of all, do not exceed.
int grey_at(const Counts& counts, Index pixels, double share) {
  const double least = share * static_cast<double>(pixels);
  Index sum = 0;
  for (int grey = 0; grey < kNumGreys; ++grey) {
    sum += counts[static_cast<std::size_t>(grey)];
    if (static_cast<double>(sum) >= least) return grey;
  }
  return kNumGreys - 1;
}

// What becomes of each grey.
GreyValues ink_of_greys(const Greys& image, const LineRecipe& recipe) {
  const Counts counts = count_greys(image);
  const Index pixels = image.width() * image.height();
  int low = grey_at(counts, pixels, kDarkest);
  int ground = grey_at(counts, pixels, kMiddle);
  const int high = grey_at(counts, pixels, kLightest);
  const bool is_dark = 2 * ground < low + high;
  const bool inverted = recipe.invert == Inversion::kAlways || (recipe.invert == Inversion::kAuto && is_dark);
  if (inverted) {
    low = kWhite - high;
    ground = kWhite - ground;
  }
  const auto factor = static_cast<float>(static_cast<double>(kWhite) / std::max(ground - low, kLeastRange));
  GreyValues ink{};
  for (int i = 0; i < kNumGreys; ++i) {
    const int grey = inverted ? kWhite - i : i;
    const float stretched = std::clamp(static_cast<float>(ground - grey) * factor, 0.0F, static_cast<float>(kWhite));
    ink[static_cast<std::size_t>(i)] = recipe.stretch ? stretched : static_cast<float>(kWhite - grey);
  }
  return ink;
}

}  // namespace

Shape line_image_shape(const ImageSize& size, const LineRecipe& recipe) {
  if (std::min(size.width, size.height) < kSmallest) {
    throw DataError(text_of(size) + ", expected at least " + std::to_string(kSmallest) + " x " +
                    std::to_string(kSmallest));
  }
  if (size.width > kMostPixels / size.height) {
    throw DataError(text_of(size) + ", expected at most " + std::to_string(kMostPixels));
  }
  const double exact = static_cast<double>(size.width * recipe.height) / static_cast<double>(size.height);
  const Index width = std::max<Index>(1, static_cast<Index>(std::nearbyint(exact)));
  if (width > kWidest) {
    throw DataError(text_of(size) + ", which would be " + std::to_string(width) + " pixels wide at height " +
                    std::to_string(recipe.height) + "; expected at most " + std::to_string(kWidest));
  }
  return {width, recipe.height};
}

LineInk ink_of_line(const ImageView& image, const LineRecipe& recipe) {
  LineInk ink;
  ink.shape = line_image_shape({image.width, image.height}, recipe);
  const Greys greys(image);
  ink.values = resample_columns(resample_rows(greys, ink_of_greys(greys, recipe), recipe.height), recipe.height,
                                greys.width(), ink.shape[0]);
  return ink;
}

LineInput input_of_line(const LineInk& ink, const LineRecipe& recipe) {
  std::array<float, kNumGreys> table{};
  for (int i = 0; i < kNumGreys; ++i) {
    table[static_cast<std::size_t>(i)] =
        static_cast<float>(i) * static_cast<float>(recipe.scale) + static_cast<float>(recipe.offset);
  }
  LineInput input;
  input.shape = ink.shape;
  input.values.reserve(ink.values.size());
  for (const std::uint8_t value : ink.values) input.values.push_back(table[value]);
  return input;
}

}  // namespace rnnlib
