// SPDX-License-Identifier: Apache-2.0
#include "train/augment/resample.h"

#include <algorithm>

namespace rnnlib {

namespace {

// A column of ground before the picture, two after it: no place within them needs a test.
constexpr Index kFrame = 3;

}  // namespace

void Resampler::frame(const float* from, const PictureSize& size, const Ground& ground) {
  const Index channels = size.channels;
  const Index column = (size.height + kFrame) * channels;
  framed_.resize(static_cast<std::size_t>((size.width + kFrame) * column));
  float* to = framed_.data();
  const auto fill = [&](Index points) {
    for (Index i = 0; i < points; ++i) to = std::copy(ground.values.begin(), ground.values.end(), to);
  };
  fill(size.height + kFrame);
  for (Index x = 0; x < size.width; ++x) {
    fill(1);
    to = std::copy_n(from + x * size.column(), size.column(), to);
    fill(kFrame - 1);
  }
  fill((kFrame - 1) * (size.height + kFrame));
}

// Loops without branches, which compilers turn into vector instructions.
void Resampler::find_places(Index x, const PictureSize& size, const ImageMap& map, const ElasticField* field) {
  const double first_x = map.old_x(static_cast<double>(x), 0) + 1;  // in the framed picture
  const double first_y = map.old_y(static_cast<double>(x), 0) + 1;
  const double most_x = static_cast<double>(size.width + 1);
  const double most_y = static_cast<double>(size.height + 1);
  const double step_x = map.xy;
  const double step_y = map.yy;
  const Index height = size.height;
  const Index column = height + kFrame;
  Index* __restrict corners = places_.corners.data();
  float* __restrict right = places_.right.data();
  float* __restrict down = places_.down.data();
  const auto find = [&](Index y, double dx, double dy) {
    const double row = static_cast<double>(y);
    const double place_x = std::min(std::max(first_x + step_x * row + dx, 0.0), most_x);
    const double place_y = std::min(std::max(first_y + step_y * row + dy, 0.0), most_y);
    const Index left = static_cast<Index>(place_x);
    const Index top = static_cast<Index>(place_y);
    corners[y] = left * column + top;
    right[y] = static_cast<float>(place_x - static_cast<double>(left));
    down[y] = static_cast<float>(place_y - static_cast<double>(top));
  };
  if (field == nullptr) {
    for (Index y = 0; y < height; ++y) find(y, 0, 0);
  } else {
    const float* __restrict dx = field->dx();
    const float* __restrict dy = field->dy();
    for (Index y = 0; y < height; ++y) find(y, static_cast<double>(dx[y]), static_cast<double>(dy[y]));
  }
}

// One channel of a new column.
void Resampler::mix(Index channel, const PictureSize& size, float* __restrict to) const {
  const Index height = size.height;
  const Index channels = size.channels;
  const Index column = (height + kFrame) * channels;
  const float* __restrict values = framed_.data() + channel;
  const Index* __restrict corners = places_.corners.data();
  const float* __restrict right = places_.right.data();
  const float* __restrict down = places_.down.data();
  for (Index y = 0; y < height; ++y) {
    const Index corner = corners[y] * channels;
    const float a = values[corner];
    const float b = values[corner + column];
    const float first = a + down[y] * (values[corner + channels] - a);
    const float second = b + down[y] * (values[corner + column + channels] - b);
    to[y * channels + channel] = first + right[y] * (second - first);
  }
}

void Resampler::run(const float* from, const PictureSize& size, const ImageMap& map, ElasticField* field,
                    const Ground& ground, float* to) {
  frame(from, size, ground);
  const std::size_t height = static_cast<std::size_t>(size.height);
  places_.corners.resize(height);
  places_.right.resize(height);
  places_.down.resize(height);
  for (Index x = 0; x < map.width; ++x, to += size.column()) {
    if (field != nullptr) field->column(x);
    find_places(x, size, map, field);
    for (Index channel = 0; channel < size.channels; ++channel) mix(channel, size, to);
  }
}

}  // namespace rnnlib
