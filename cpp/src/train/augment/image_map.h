// SPDX-License-Identifier: Apache-2.0
// The linear part of an image's distortion: scale, shear, rotation and shift in one map.
#pragma once

#include "base/function_ref.h"
#include "rnnlib/augmentation.h"
#include "train/augment/draws.h"
#include "train/augment/picture.h"

namespace rnnlib {

// From a point (x, y) of the new picture to the place in the old one from which it takes its value.
struct ImageMap {
  Index width = 0;  // of the new picture, which is as high as the old one
  double xx = 1, xy = 0, x0 = 0;
  double yx = 0, yy = 1, y0 = 0;

  double old_x(double x, double y) const { return xx * x + xy * y + x0; }
  double old_y(double x, double y) const { return yx * x + yy * y + y0; }
};

// Points are scaled, then sheared, then rotated about the centre, which is then shifted. The new picture is wider by
// the factor of x, and by as much as a slant needs. Where `fits` says that the new width is too small (for the target
// of the sequence), a factor below 1 becomes 1.
ImageMap draw_image_map(const AugmentationOptions& options, const Draws& draws, const PictureSize& size,
                        FunctionRef<bool(Index width)> fits);

}  // namespace rnnlib
