// SPDX-License-Identifier: Apache-2.0
#include "layers/sweep_extent.h"

#include <algorithm>

namespace rnnlib {

namespace {

// The most points with an equal sum of coordinates.
Index max_wave_width(Shape shape) {
  shape.erase(std::remove(shape.begin(), shape.end(), Index{1}), shape.end());
  if (shape.size() < 2) return 1;
  if (shape.size() == 2) return std::min(shape[0], shape[1]);
  std::vector<Index> widths{1};
  for (Index n : shape) {
    std::vector<Index> next(widths.size() + static_cast<std::size_t>(n) - 1, 0);
    Index window = 0;
    for (std::size_t i = 0; i < next.size(); ++i) {
      if (i < widths.size()) window += widths[i];
      if (i >= static_cast<std::size_t>(n)) window -= widths[i - static_cast<std::size_t>(n)];
      next[i] = window;
    }
    widths = std::move(next);
  }
  return *std::max_element(widths.begin(), widths.end());
}

}  // namespace

SweepExtent extent_of(const WaveSchedule& schedule) {
  return {schedule.num_points(), schedule.num_waves(), schedule.max_width(), schedule.max_tile()};
}

SweepExtent largest_extent(const BatchShape& batch) {
  SweepExtent extent{batch.points, 0, 0, std::min(batch.points, WaveSchedule::kMaxTile)};
  for (const Shape& shape : batch.shapes) {
    Index waves = 1;
    for (Index size : shape) waves += size - 1;
    extent.waves = std::max(extent.waves, waves);
    extent.max_width += max_wave_width(shape);
  }
  return extent;
}

SweepExtent largest_extent(Index points) { return {points, 1, points, std::min(points, WaveSchedule::kMaxTile)}; }

}  // namespace rnnlib
