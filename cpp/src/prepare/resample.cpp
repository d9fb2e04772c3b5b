// SPDX-License-Identifier: Apache-2.0
// Sums are made in the order of the old pixels, and no product is fused with an addition: see line_image.cpp.
#include "prepare/resample.h"

#include <algorithm>
#include <cmath>

namespace rnnlib {
namespace {

// The weights of the old pixels for one new pixel after another.
class Triangles {
 public:
  Triangles(Index old_size, Index new_size)
      : old_size_(old_size),
        step_(static_cast<double>(old_size) / static_cast<double>(new_size)),
        support_(std::max(1.0, step_)) {}

  // Calls use(old pixel, weight) for all that have one. The weights add up to 1.
  template <class Use>
  void for_each(Index new_pixel, const Use& use) {
    const double centre = (static_cast<double>(new_pixel) + 0.5) * step_;
    const Index first = std::max<Index>(0, static_cast<Index>(std::floor(centre - support_)));
    const Index end = std::min(old_size_, static_cast<Index>(std::ceil(centre + support_)) + 1);
    heights_.clear();
    double sum = 0;
    for (Index pixel = first; pixel < end; ++pixel) {
      const double distance = std::abs(static_cast<double>(pixel) + 0.5 - centre);
      heights_.push_back(std::max(0.0, 1.0 - distance / support_));
      sum += heights_.back();
    }
    for (std::size_t i = 0; i < heights_.size(); ++i) {
      if (heights_[i] > 0) use(first + static_cast<Index>(i), static_cast<float>(heights_[i] / sum));
    }
  }

 private:
  Index old_size_;
  double step_;     // old pixels for a new one
  double support_;  // of the triangle, to each side
  std::vector<double> heights_;
};

std::size_t count(Index size, Index other) { return static_cast<std::size_t>(size * other); }

}  // namespace

std::vector<float> resample_rows(const Greys& image, const GreyValues& values, Index rows) {
  const Index columns = image.width();
  std::vector<float> made(count(columns, rows));
  std::vector<float> sums(static_cast<std::size_t>(columns));
  Triangles triangles(image.height(), rows);
  for (Index y = 0; y < rows; ++y) {
    std::fill(sums.begin(), sums.end(), 0.0F);
    triangles.for_each(y, [&](Index old, float weight) {
      const std::uint8_t* const row = image.row(old);
      for (Index x = 0; x < columns; ++x) sums[static_cast<std::size_t>(x)] += weight * values[row[x]];
    });
    for (Index x = 0; x < columns; ++x) made[count(x, rows) + static_cast<std::size_t>(y)] = sums[count(x, 1)];
  }
  return made;
}

std::vector<std::uint8_t> resample_columns(const std::vector<float>& image, Index rows, Index old_columns,
                                           Index columns) {
  std::vector<std::uint8_t> made;
  made.reserve(count(columns, rows));
  std::vector<float> sums(static_cast<std::size_t>(rows));
  Triangles triangles(old_columns, columns);
  for (Index x = 0; x < columns; ++x) {
    std::fill(sums.begin(), sums.end(), 0.0F);
    triangles.for_each(x, [&](Index old, float weight) {
      const float* const column = image.data() + count(old, rows);
      for (Index y = 0; y < rows; ++y) sums[static_cast<std::size_t>(y)] += weight * column[y];
    });
    for (const float sum : sums) {
      made.push_back(static_cast<std::uint8_t>(std::nearbyint(std::clamp(sum, 0.0F, 255.0F))));
    }
  }
  return made;
}

}  // namespace rnnlib
