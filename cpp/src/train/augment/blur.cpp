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

// to [length] = the weighted mean of `own` and of the numbers at equal distances before and after.
template <class Neighbour>
void add_neighbours(const std::vector<float>& weights, Index length, const float* own, const Neighbour& neighbour,
                    float* to) {
  for (Index i = 0; i < length; ++i) to[i] = weights[0] * own[i];
  for (std::size_t k = 1; k < weights.size(); ++k) {
    const float* before = neighbour(-static_cast<Index>(k));
    const float* after = neighbour(static_cast<Index>(k));
    const float weight = weights[k];
    for (Index i = 0; i < length; ++i) to[i] += weight * (before[i] + after[i]);
  }
}

// Along x: a column is the mean of those around it.
void smooth_columns(const std::vector<float>& weights, const PictureSize& size, const float* from, float* to) {
  const Index column = size.column();
  for (Index x = 0; x < size.width; ++x) {
    const auto at = [&](Index by) { return from + std::clamp<Index>(x + by, 0, size.width - 1) * column; };
    add_neighbours(weights, column, at(0), at, to + x * column);
  }
}

// Along y, from a column with copies of its outermost points around it.
void smooth_rows(const std::vector<float>& weights, const PictureSize& size, const float* from, float* to) {
  const Index channels = size.channels;
  const Index column = size.column();
  const Index reach = static_cast<Index>(weights.size()) - 1;
  std::vector<float> framed(static_cast<std::size_t>(column + 2 * reach * channels));
  float* middle = framed.data() + reach * channels;
  for (Index x = 0; x < size.width; ++x, from += column, to += column) {
    std::copy_n(from, column, middle);
    for (Index k = 1; k <= reach; ++k) {
      std::copy_n(from, channels, middle - k * channels);
      std::copy_n(from + column - channels, channels, middle + column + (k - 1) * channels);
    }
    add_neighbours(weights, column, middle, [&](Index by) { return middle + by * channels; }, to);
  }
}

}  // namespace

void blur(double std_dev, const PictureSize& size, float* values, std::vector<float>& scratch) {
  if (std_dev < kInvisible) return;
  const std::vector<float> weights = make_weights(std_dev);
  scratch.resize(static_cast<std::size_t>(size.count()));
  smooth_columns(weights, size, values, scratch.data());
  smooth_rows(weights, size, scratch.data(), values);
}

}  // namespace rnnlib
