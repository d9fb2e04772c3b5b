// SPDX-License-Identifier: Apache-2.0
// A picture in memory, and what its values mean.
#pragma once

#include <vector>

#include "rnnlib/types.h"

namespace rnnlib {

struct PictureSize {
  Index width = 0;
  Index height = 0;
  Index channels = 0;  // numbers per point

  Index column() const { return height * channels; }
  Index count() const { return width * column(); }
};

// Of each channel.
struct Ground {
  std::vector<float> values;  // the median of the channel: most points of a page are ground
  std::vector<float> reach;   // the largest distance of a point from it: how much darker ink is
  bool ink_is_larger = true;  // whether that point is above the ground (over all channels)
};

// Of values [width, height, channels], from some thousand points of them in all rows.
void measure_ground(const float* values, const PictureSize& size, Ground& ground);

}  // namespace rnnlib
