// SPDX-License-Identifier: Apache-2.0
// Thicker and thinner strokes: grey dilation and erosion.
#pragma once

#include <vector>

#include "train/augment/picture.h"

namespace rnnlib {

// Values [size] in place: ink grows by `amount` points on each side, or shrinks where it is negative. A point becomes
// the most, or the least, of itself and its four neighbours, as often as there are whole points in the amount, and by
// what is left of it a mixture of before and after.
void change_stroke_width(double amount, const PictureSize& size, bool ink_is_larger, float* values,
                         std::vector<float>& scratch);

}  // namespace rnnlib
