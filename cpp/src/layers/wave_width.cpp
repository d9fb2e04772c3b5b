// SPDX-License-Identifier: Apache-2.0
#include "layers/wave_width.h"

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

Index max_wave_width(const BatchShape& batch) {
  Index width = 0;
  for (const Shape& shape : batch.shapes) width += max_wave_width(shape);
  return width;
}

Index num_waves(const BatchShape& batch) {
  Index waves = 0;
  for (const Shape& shape : batch.shapes) {
    Index own = 1;
    for (Index size : shape) own += size - 1;
    waves = std::max(waves, own);
  }
  return waves;
}

}  // namespace rnnlib
