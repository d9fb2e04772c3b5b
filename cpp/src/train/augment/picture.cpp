// SPDX-License-Identifier: Apache-2.0
#include "train/augment/picture.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace rnnlib {

namespace {

constexpr Index kMostPoints = 2048;  // that are looked at

// Steps through all rows alike: it has no divisor in common with the height.
Index stride_of(const PictureSize& size) {
  Index stride = std::max<Index>(1, size.width * size.height / kMostPoints);
  while (std::gcd(stride, size.height) != 1) ++stride;
  return stride;
}

float median(std::vector<float>& values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

void measure_ground(const float* values, const PictureSize& size, Ground& ground) {
  const Index count = size.count();
  const Index step = stride_of(size) * size.channels;
  std::vector<float> sample;
  ground.values.clear();
  ground.reach.clear();
  double above = 0;
  double below = 0;
  for (Index channel = 0; channel < size.channels; ++channel) {
    sample.clear();
    for (Index i = channel; i < count; i += step) {
      if (std::isfinite(values[i])) sample.push_back(values[i]);
    }
    const float middle = median(sample);
    float least = middle;
    float most = middle;
    for (float value : sample) {
      least = std::min(least, value);
      most = std::max(most, value);
    }
    ground.values.push_back(middle);
    ground.reach.push_back(std::max(most - middle, middle - least));
    above += most - middle;
    below += middle - least;
  }
  ground.ink_is_larger = above >= below;
}

}  // namespace rnnlib
