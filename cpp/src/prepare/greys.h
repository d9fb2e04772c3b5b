// SPDX-License-Identifier: Apache-2.0
// An image of any number of channels as greys.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "rnnlib/recipe.h"

namespace rnnlib {

constexpr int kNumGreys = 256;
using GreyValues = std::array<float, kNumGreys>;  // a value for each grey

// Rows of greys; of an image that is grey already a view.
class Greys {
 public:
  // The image's width and height must be at least 1, their product at most 2^27. Throws DataError unless its other
  // sizes fit, before it reads a pixel.
  explicit Greys(const ImageView& image);
  Greys(const Greys&) = delete;
  Greys& operator=(const Greys&) = delete;

  Index width() const { return width_; }
  Index height() const { return height_; }
  const std::uint8_t* row(Index y) const { return first_ + y * stride_; }

 private:
  std::vector<std::uint8_t> made_;
  const std::uint8_t* first_;
  Index width_;
  Index height_;
  Index stride_;
};

}  // namespace rnnlib
