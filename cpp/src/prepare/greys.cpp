// SPDX-License-Identifier: Apache-2.0
#include "prepare/greys.h"

#include <string>

#include "rnnlib/error.h"

namespace rnnlib {
namespace {

constexpr int kWhite = 255;

// Returns the bytes from a row to the next.
Index check_sizes(const ImageView& image) {
  if (image.channels < 1 || image.channels > 4) {
    throw DataError("the image has " + std::to_string(image.channels) + " channels, expected 1 to 4");
  }
  const Index row = image.width * image.channels;
  const Index stride = image.row_stride == 0 ? row : image.row_stride;
  if (stride < row) {
    throw DataError("the image's rows begin " + std::to_string(stride) + " bytes apart, expected at least " +
                    std::to_string(row) + " (" + std::to_string(image.width) + " pixels)");
  }
  // The last row may end where its pixels end.
  if (image.size < row || (image.height > 1 && stride > (image.size - row) / (image.height - 1))) {
    throw DataError("the image has " + std::to_string(image.size) + " bytes, too few for " +
                    std::to_string(image.height) + " rows of " + std::to_string(row) + " that begin " +
                    std::to_string(stride) + " bytes apart");
  }
  if (image.pixels == nullptr) throw DataError("the image's pixels are null");
  return stride;
}

// The luminance (ITU-R BT.601) in steps of 2^-16, rounded.
int luminance(const std::uint8_t* pixel) {
  constexpr int kRed = 19595;
  constexpr int kGreen = 38470;
  constexpr int kBlue = 7471;
  return (kRed * pixel[0] + kGreen * pixel[1] + kBlue * pixel[2] + (1 << 15)) >> 16;
}

// A channel on a white ground, rounded.
std::uint8_t on_white(int value, int alpha) {
  return static_cast<std::uint8_t>((value * alpha + kWhite * (kWhite - alpha) + kWhite / 2) / kWhite);
}

std::uint8_t grey_of(const std::uint8_t* pixel, Index channels) {
  if (channels == 2) return on_white(pixel[0], pixel[1]);
  if (channels == 3) return static_cast<std::uint8_t>(luminance(pixel));
  const std::uint8_t opaque[] = {on_white(pixel[0], pixel[3]), on_white(pixel[1], pixel[3]),
                                 on_white(pixel[2], pixel[3])};
  return static_cast<std::uint8_t>(luminance(opaque));
}

}  // namespace

Greys::Greys(const ImageView& image)
    : first_(image.pixels), width_(image.width), height_(image.height), stride_(check_sizes(image)) {
  if (image.channels == 1) return;
  made_.reserve(static_cast<std::size_t>(width_ * height_));
  for (Index y = 0; y < height_; ++y) {
    const std::uint8_t* pixel = row(y);
    for (Index x = 0; x < width_; ++x, pixel += image.channels) made_.push_back(grey_of(pixel, image.channels));
  }
  first_ = made_.data();
  stride_ = width_;
}

}  // namespace rnnlib
