// SPDX-License-Identifier: Apache-2.0
#include "train/augment/stroke_map.h"

#include <cmath>

namespace rnnlib {

StrokeMap draw_stroke_map(const AugmentationOptions& options, const Draws& draws) {
  const double shear = draws.around_zero(DrawnFor::kShear, options.shear);
  const double angle = draws.around_zero(DrawnFor::kRotation, options.rotation) * kRadians;
  const double scale_x = draws.factor(DrawnFor::kScaleX, options.scale_x);
  const double scale_y = draws.factor(DrawnFor::kScaleY, options.scale_y);
  const double c = std::cos(angle);
  const double s = std::sin(angle);
  return {c * scale_x, (c * shear - s) * scale_y, s * scale_x, (s * shear + c) * scale_y};
}

void map_strokes(const StrokeMap& map, const std::vector<std::pair<Index, Index>>& columns, Index points, Index inputs,
                 float* values) {
  for (Index point = 0; point < points; ++point, values += inputs) {
    for (const auto& [column_x, column_y] : columns) {
      const double x = static_cast<double>(values[column_x]);
      const double y = static_cast<double>(values[column_y]);
      values[column_x] = static_cast<float>(map.xx * x + map.xy * y);
      values[column_y] = static_cast<float>(map.yx * x + map.yy * y);
    }
  }
}

}  // namespace rnnlib
