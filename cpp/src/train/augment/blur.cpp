// SPDX-License-Identifier: Apache-2.0
#include "train/augment/blur.h"

#include <algorithm>
#include <cmath>

namespace rnnlib {

namespace {

constexpr double kReach = 3;              // standard deviations
constexpr double kInvisible = 0.15;       // a neighbour of a point then weighs less than 1e-9
constexpr std::size_t kMostWeights = 64;  // on each side

// Of the point itself and those at a distance of 1, 2, …
std::vector<float> make_weights(double std_dev) {
  std::vector<double> values;
  double sum = 0;
  for (std::size_t i = 0; i <= kMostWeights && static_cast<double>(i) <= std::ceil(kReach * std_dev); ++i) {
    const double distance = static_cast<double>(i) / std_dev;
    values.push_back(std::exp(-distance * distance / 2));
    sum += (i == 0 ? 1 : 2) * values.back();
  }
  std::vector<float> weights;
  for (double value : values) weights.push_back(static_cast<float>(value / sum));
  return weights;
}

// `rows` of `length` numbers, smoothed across the rows: a row is the mean of those around it.
void smooth_rows(const std::vector<float>& weights, Index rows, Index length, const float* from, float* to) {
  for (Index row = 0; row < rows; ++row, to += length) {
    const float* own = from + row * length;
    for (Index i = 0; i < length; ++i) to[i] = weights[0] * own[i];
    for (std::size_t k = 1; k < weights.size(); ++k) {
      const float* before = from + std::max<Index>(row - static_cast<Index>(k), 0) * length;
      const float* after = from + std::min<Index>(row + static_cast<Index>(k), rows - 1) * length;
      for (Index i = 0; i < length; ++i) to[i] += weights[k] * (before[i] + after[i]);
    }
  }
}

}  // namespace

void blur(double std_dev, const PictureSize& size, float* values, std::vector<float>& scratch) {
  if (std_dev < kInvisible) return;
  const std::vector<float> weights = make_weights(std_dev);
  scratch.resize(static_cast<std::size_t>(size.count()));
  smooth_rows(weights, size.width, size.column(), values, scratch.data());
  for (Index x = 0; x < size.width; ++x) {
    const Index first = x * size.column();
    smooth_rows(weights, size.height, size.channels, scratch.data() + first, values + first);
  }
}

}  // namespace rnnlib
