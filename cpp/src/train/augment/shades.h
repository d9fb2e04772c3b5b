// SPDX-License-Identifier: Apache-2.0
// Changes of a picture's values that leave every point where it is: contrast, noise, boxes of ground.
#pragma once

#include <cstdint>

#include "train/augment/picture.h"

namespace rnnlib {

// Values [size] in place: each channel's distance from the ground times the factor.
void change_contrast(double factor, const PictureSize& size, const Ground& ground, float* values);

// Adds normal noise of this standard deviation, in units of each channel's reach.
void add_noise(std::uint64_t seed, double std_dev, const PictureSize& size, const Ground& ground, float* values);

// Boxes of ground (DeVries and Taylor 2017, "Improved regularization of convolutional neural networks with cutout"),
// as many as are needed to cover this share of the picture, less where they overlap. Their sides are an eighth to a
// third of the height.
void cut_out(std::uint64_t seed, double share, const PictureSize& size, const Ground& ground, float* values);

}  // namespace rnnlib
