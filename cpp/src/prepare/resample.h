// SPDX-License-Identifier: Apache-2.0
// Images of another size: each new pixel is a weighted mean of the old ones below it. The weights are a triangle around
// the new pixel's centre. Where the image shrinks, the triangle reaches to the centres of the neighbouring new pixels,
// so that no old pixel is left out; where it grows, this is linear interpolation.
#pragma once

#include <cstdint>
#include <vector>

#include "prepare/greys.h"

namespace rnnlib {

// An image with another number of rows, whose greys become `values` before: [columns, rows], the rows of a column
// together.
std::vector<float> resample_rows(const Greys& image, const GreyValues& values, Index rows);

// An image [old_columns, rows] with another number of columns, rounded to whole numbers from 0 to 255: [columns, rows].
std::vector<std::uint8_t> resample_columns(const std::vector<float>& image, Index rows, Index old_columns,
                                           Index columns);

}  // namespace rnnlib
