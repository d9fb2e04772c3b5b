// SPDX-License-Identifier: Apache-2.0
// All that moves the points of a picture, in one resampling: a picture that is interpolated twice is blurred twice.
#pragma once

#include <vector>

#include "train/augment/elastic_field.h"
#include "train/augment/image_map.h"
#include "train/augment/picture.h"

namespace rnnlib {

// Memory is kept from picture to picture.
class Resampler {
 public:
  // Writes values [map.width, height, channels] by bilinear interpolation in `from` [size]; what lies outside is
  // ground. `field` may be null; it is drawn for the new width.
  void run(const float* from, const PictureSize& size, const ImageMap& map, ElasticField* field, const Ground& ground,
           float* to);

 private:
  // Where a point lies in the framed picture: its upper left neighbour, and how far it is from that.
  struct Places {
    std::vector<Index> corners;
    std::vector<float> right;
    std::vector<float> down;
  };

  void frame(const float* from, const PictureSize& size, const Ground& ground);
  void find_places(Index x, const PictureSize& size, const ImageMap& map, const ElasticField* field);
  void mix(Index channel, const PictureSize& size, float* to) const;

  std::vector<float> framed_;  // the old picture with ground around it: [width + 3, height + 3, channels]
  Places places_;              // [height], of a new column
};

}  // namespace rnnlib
