// SPDX-License-Identifier: Apache-2.0
// A picture out of focus.
#pragma once

#include <vector>

#include "train/augment/picture.h"

namespace rnnlib {

// Values [size] in place, smoothed by a Gaussian with this standard deviation, in points. At the border a picture goes
// on with its outermost points.
void blur(double std_dev, const PictureSize& size, float* values, std::vector<float>& scratch);

}  // namespace rnnlib
