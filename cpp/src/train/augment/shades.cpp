// SPDX-License-Identifier: Apache-2.0
#include "train/augment/shades.h"

#include <algorithm>
#include <cmath>

#include "rnnlib/random.h"
#include "train/augment/normal_hash.h"

namespace rnnlib {

namespace {

constexpr double kShortestSide = 0.125;  // of the height
constexpr double kLongestSide = 1.0 / 3;

void fill_box(Index left, Index top, Index width, Index height, const PictureSize& size, const Ground& ground,
              float* values) {
  for (Index x = left; x < left + width; ++x) {
    float* to = values + x * size.column() + top * size.channels;
    for (Index y = 0; y < height; ++y, to += size.channels) {
      std::copy(ground.values.begin(), ground.values.end(), to);
    }
  }
}

}  // namespace

void change_contrast(double factor, const PictureSize& size, const Ground& ground, float* values) {
  for (Index channel = 0; channel < size.channels; ++channel) {
    const float middle = ground.values[static_cast<std::size_t>(channel)];
    const float by = static_cast<float>(factor);
    for (Index i = channel; i < size.count(); i += size.channels) values[i] = middle + by * (values[i] - middle);
  }
}

void add_noise(std::uint64_t seed, double std_dev, const PictureSize& size, const Ground& ground, float* values) {
  for (Index channel = 0; channel < size.channels; ++channel) {
    const double reach = static_cast<double>(ground.reach[static_cast<std::size_t>(channel)]);
    const float scale = static_cast<float>(std_dev * reach);
    add_normal_noise(seed, scale, channel, size.channels, size.count(), values);
  }
}

void cut_out(std::uint64_t seed, double share, const PictureSize& size, const Ground& ground, float* values) {
  Random random(seed);
  const double height = static_cast<double>(size.height);
  Index left_over = static_cast<Index>(share * static_cast<double>(size.width * size.height));
  const auto side = [&](Index most) {
    const double drawn = height * random.uniform(kShortestSide, kLongestSide);
    return std::clamp<Index>(std::llround(drawn), 1, most);
  };
  while (left_over > 0) {
    const Index box_height = side(std::min(size.height, left_over));
    const Index box_width = std::min(side(size.width), left_over / box_height);
    const Index left = static_cast<Index>(random.below(static_cast<std::uint64_t>(size.width - box_width + 1)));
    const Index top = static_cast<Index>(random.below(static_cast<std::uint64_t>(size.height - box_height + 1)));
    fill_box(left, top, box_width, box_height, size, ground, values);
    left_over -= box_width * box_height;
  }
}

}  // namespace rnnlib
