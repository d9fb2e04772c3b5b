// SPDX-License-Identifier: Apache-2.0
// All that moves the points of a picture, in one resampling: a picture that is interpolated twice is blurred twice.
#pragma once

#include "train/augment/elastic_field.h"
#include "train/augment/image_map.h"
#include "train/augment/picture.h"

namespace rnnlib {

// Values [map.width, height, channels] by bilinear interpolation in `from` [size]; what lies outside is ground. `field`
// may be null; it is drawn for the new width.
void resample(const float* from, const PictureSize& size, const ImageMap& map, ElasticField* field,
              const Ground& ground, float* to);

}  // namespace rnnlib
