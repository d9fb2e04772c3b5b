// SPDX-License-Identifier: Apache-2.0
// Augmentation: training sees another variant of a sequence in every epoch (docs/behaviour.md, "Augmentation").
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "rnnlib/config.h"
#include "rnnlib/export.h"
#include "rnnlib/sequence.h"
#include "rnnlib/types.h"

namespace rnnlib {

// The largest strength of each change; every sequence draws its own below it. 0 = off.
struct AugmentationOptions {
  std::string preset = "none";  // the word of the key `augment`, for messages

  // Of images: data of two dimensions, x first. Lengths are shares of the image's height.
  double shear = 0;         // slant: the tangent of its angle
  double scale_x = 0;       // factor 1 / (1 + s) .. 1 + s of the width
  double scale_y = 0;       // likewise of the height, on a canvas that stays as high as it is
  double rotation = 0;      // degrees
  double shift = 0;         // in both directions
  double elastic = 0;       // standard deviation of the displacements of an elastic warp
  double stroke_width = 0;  // by which strokes grow or shrink on each side
  double contrast = 0;      // factor 1 / (1 + s) .. 1 + s of the distance from the ground
  double blur = 0;          // standard deviation of a Gaussian
  double noise = 0;         // standard deviation of normal noise, as a share of the distance of ink and ground; of
                            // signals, of each input's standard deviation
  double cutout = 0;        // share of the image that boxes of ground cover

  // Of signals: data of one dimension.
  double speed = 0;           // factor 1 / (1 + s) .. 1 + s of the length
  double time_warp = 0;       // by which eighths of a signal last longer or shorter, likewise
  double time_mask = 0;       // share of the points that two masks cover
  double frequency_mask = 0;  // share of the inputs that two masks cover

  // Of pen strokes, data of one dimension: pairs of inputs, x and y, of which shear, scale_x, scale_y and rotation make
  // other strokes. Noise is then added to these inputs alone.
  std::vector<std::pair<Index, Index>> columns;

  // Whether anything is to be changed.
  RNNLIB_API bool any() const;
};

// From the keys of a config. Throws ConfigError.
RNNLIB_API AugmentationOptions make_augmentation_options(const Config& config);

// Throws ConfigError, which names the key, for a strength out of its range, or one that sequences with so many
// dimensions and numbers per point cannot have.
RNNLIB_API void check_augmentation(const AugmentationOptions& options, Index num_dims, Index input_size);

// What a network sees in the place of a sequence's inputs.
struct AugmentedInputs {
  std::vector<float> inputs;  // [points of `shape`, input_size]
  Shape shape;                // may differ from the sequence's
};

// The variant of a sequence's inputs that belongs to a seed. Throws as check_augmentation().
RNNLIB_API AugmentedInputs augment(const AugmentationOptions& options, const Sequence& sequence, std::uint64_t seed);

}  // namespace rnnlib
