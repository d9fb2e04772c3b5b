// SPDX-License-Identifier: Apache-2.0
#include "train/augment/resample.h"

#include <algorithm>

namespace rnnlib {

namespace {

// Largest whole number that is not above; std::floor is a call where there is no instruction for it.
Index round_down(double value) {
  const Index whole = static_cast<Index>(value);
  return static_cast<double>(whole) > value ? whole - 1 : whole;
}

class Sampler {
 public:
  Sampler(const float* from, const PictureSize& size, const Ground& ground)
      : from_(from), size_(size), ground_(ground) {}

  // All channels at a place.
  void sample(double x, double y, float* to) const {
    // Far outside, the place may not even be a whole number that there is.
    if (!(x > -1 && y > -1 && x < static_cast<double>(size_.width) && y < static_cast<double>(size_.height))) {
      std::copy(ground_.values.begin(), ground_.values.end(), to);
      return;
    }
    const Index left = round_down(x);
    const Index top = round_down(y);
    const float right_share = static_cast<float>(x - static_cast<double>(left));
    const float low_share = static_cast<float>(y - static_cast<double>(top));
    const auto mix = [&](float a, float below_a, float b, float below_b) {
      const float first = a + low_share * (below_a - a);
      const float second = b + low_share * (below_b - b);
      return first + right_share * (second - first);
    };
    const Index channels = size_.channels;
    if (left < 0 || top < 0 || left + 1 >= size_.width || top + 1 >= size_.height) {
      for (Index c = 0; c < channels; ++c) {
        to[c] = mix(at(left, top, c), at(left, top + 1, c), at(left + 1, top, c), at(left + 1, top + 1, c));
      }
      return;
    }
    const float* one = from_ + left * size_.column() + top * channels;
    const float* next = one + size_.column();
    for (Index c = 0; c < channels; ++c) to[c] = mix(one[c], one[channels + c], next[c], next[channels + c]);
  }

 private:
  float at(Index x, Index y, Index channel) const {
    const bool inside = x >= 0 && y >= 0 && x < size_.width && y < size_.height;
    return inside ? from_[x * size_.column() + y * size_.channels + channel]
                  : ground_.values[static_cast<std::size_t>(channel)];
  }

  const float* from_;
  const PictureSize size_;
  const Ground& ground_;
};

}  // namespace

void resample(const float* from, const PictureSize& size, const ImageMap& map, ElasticField* field,
              const Ground& ground, float* to) {
  const Sampler sampler(from, size, ground);
  for (Index x = 0; x < map.width; ++x) {
    if (field != nullptr) field->column(x);
    const double top_x = map.old_x(static_cast<double>(x), 0);
    const double top_y = map.old_y(static_cast<double>(x), 0);
    for (Index y = 0; y < size.height; ++y) {
      const double row = static_cast<double>(y);
      const double dx = field == nullptr ? 0 : field->dx()[y];
      const double dy = field == nullptr ? 0 : field->dy()[y];
      sampler.sample(top_x + map.xy * row + dx, top_y + map.yy * row + dy, to);
      to += size.channels;
    }
  }
}

}  // namespace rnnlib
