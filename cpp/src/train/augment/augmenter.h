// SPDX-License-Identifier: Apache-2.0
// All changes of a sequence, in their order.
#pragma once

#include <cstdint>
#include <vector>

#include "base/function_ref.h"
#include "rnnlib/augmentation.h"
#include "train/augment/elastic_field.h"
#include "train/augment/image_map.h"
#include "train/augment/picture.h"
#include "train/augment/resample.h"
#include "train/augment/signal_values.h"

namespace rnnlib {

// Memory is kept from sequence to sequence. One thread at a time.
class Augmenter {
 public:
  explicit Augmenter(const AugmentationOptions& options) : options_(options) {}

  // Writes the variant of the sequence's inputs that belongs to the seed. `fits` says whether the sequence's target
  // fits inputs of another shape. The sequence must have been checked.
  void augment(const Sequence& sequence, std::uint64_t seed, FunctionRef<bool(const Shape&)> fits,
               AugmentedInputs& result);

  // The shape of that variant, much quicker than the variant itself.
  Shape shape(const Sequence& sequence, std::uint64_t seed, FunctionRef<bool(const Shape&)> fits) const;

 private:
  bool moves_points() const;
  bool moves_times() const { return options_.speed > 0 || options_.time_warp > 0; }
  void augment_picture(const Sequence& sequence, const Draws& draws, FunctionRef<bool(const Shape&)> fits,
                       AugmentedInputs& result);
  void augment_signal(const Sequence& sequence, const Draws& draws, FunctionRef<bool(const Shape&)> fits,
                      AugmentedInputs& result);
  void change_signal(const Draws& draws, const SignalSize& size, float* values);
  void change_values(const Draws& draws, const PictureSize& size, float* values);

  AugmentationOptions options_;
  Ground ground_;
  ElasticField field_;
  Resampler resampler_;
  SignalStatistics statistics_;
  std::vector<float> scratch_;
};

}  // namespace rnnlib
