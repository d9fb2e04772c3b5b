// SPDX-License-Identifier: Apache-2.0
#include "train/augment/image_map.h"

#include <algorithm>
#include <cmath>

namespace rnnlib {

namespace {

constexpr double kMostRise = 0.125;  // of the height: how far a long line's ends may leave their place

// A long line must not leave its picture: what is longer in it than it is high moves up or down by kMostRise at most.
double most_rotation(double degrees, const PictureSize& size) {
  const double longer = static_cast<double>(size.width - size.height) / 2;
  const double most = degrees * kRadians;
  if (longer <= 0) return most;
  return std::min(most, std::atan(kMostRise * static_cast<double>(size.height) / longer));
}

}  // namespace

ImageMap draw_image_map(const AugmentationOptions& options, const Draws& draws, const PictureSize& size,
                        FunctionRef<bool(Index width)> fits) {
  const double width = static_cast<double>(size.width);
  const double height = static_cast<double>(size.height);
  const double shear = draws.around_zero(DrawnFor::kShear, options.shear);
  const double angle = draws.around_zero(DrawnFor::kRotation, most_rotation(options.rotation, size));
  const double scale_y = draws.factor(DrawnFor::kScaleY, options.scale_y);
  double scale_x = draws.factor(DrawnFor::kScaleX, options.scale_x);
  const auto new_width = [&] {
    return std::max<Index>(1, std::llround(width * scale_x + std::abs(shear) * (height - 1)));
  };
  ImageMap map;
  map.width = new_width();
  if (scale_x < 1 && !fits(map.width)) {
    scale_x = 1;
    map.width = new_width();
  }
  // The inverse of rotation * shear * scale.
  const double c = std::cos(angle);
  const double s = std::sin(angle);
  map.xx = (c + shear * s) / scale_x;
  map.xy = (s - shear * c) / scale_x;
  map.yx = -s / scale_y;
  map.yy = c / scale_y;
  const double center_x = (static_cast<double>(map.width) - 1) / 2;
  const double center_y = (height - 1) / 2;
  const double x = center_x + draws.around_zero(DrawnFor::kShiftX, options.shift * height);
  const double y = center_y + draws.around_zero(DrawnFor::kShiftY, options.shift * height);
  map.x0 = (width - 1) / 2 - map.xx * x - map.xy * y;
  map.y0 = center_y - map.yx * x - map.yy * y;
  return map;
}

}  // namespace rnnlib
