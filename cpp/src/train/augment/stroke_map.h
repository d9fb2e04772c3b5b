// SPDX-License-Identifier: Apache-2.0
// Slant, scale and rotation of pen strokes: a linear map of pairs of inputs, x and y, at every point. It keeps the
// origin where it is, so that it is the same for positions and for their differences.
#pragma once

#include <utility>
#include <vector>

#include "rnnlib/augmentation.h"
#include "train/augment/draws.h"

namespace rnnlib {

// x' = xx * x + xy * y, y' = yx * x + yy * y.
struct StrokeMap {
  double xx = 1, xy = 0;
  double yx = 0, yy = 1;
};

// Strokes are scaled, then sheared, then rotated.
StrokeMap draw_stroke_map(const AugmentationOptions& options, const Draws& draws);

// Values [points, inputs] in place.
void map_strokes(const StrokeMap& map, const std::vector<std::pair<Index, Index>>& columns, Index points, Index inputs,
                 float* values);

}  // namespace rnnlib
