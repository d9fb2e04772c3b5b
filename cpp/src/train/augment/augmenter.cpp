// SPDX-License-Identifier: Apache-2.0
#include "train/augment/augmenter.h"

#include "train/augment/blur.h"
#include "train/augment/resample.h"
#include "train/augment/shades.h"
#include "train/augment/stroke_width.h"

namespace rnnlib {

void Augmenter::augment(const Sequence& sequence, std::uint64_t seed, FunctionRef<bool(const Shape&)> fits,
                        AugmentedInputs& result) {
  augment_picture(sequence, Draws(seed), fits, result);
}

bool Augmenter::moves_points() const {
  const AugmentationOptions& o = options_;
  return o.shear > 0 || o.scale_x > 0 || o.scale_y > 0 || o.rotation > 0 || o.shift > 0 || o.elastic > 0;
}

void Augmenter::augment_picture(const Sequence& sequence, const Draws& draws, FunctionRef<bool(const Shape&)> fits,
                                AugmentedInputs& result) {
  PictureSize size{sequence.shape()[0], sequence.shape()[1], sequence.input_size()};
  measure_ground(sequence.inputs(), size, ground_);
  result.shape = sequence.shape();
  if (moves_points()) {
    const auto fits_width = [&](Index width) { return fits({width, size.height}); };
    const ImageMap map = draw_image_map(options_, draws, size, fits_width);
    const double warp = options_.elastic * static_cast<double>(size.height);
    if (warp > 0) field_.draw(draws.seed(DrawnFor::kElastic), warp, map.width, size.height);
    result.shape[0] = map.width;
    result.inputs.resize(static_cast<std::size_t>(map.width * size.column()));
    resample(sequence.inputs(), size, map, warp > 0 ? &field_ : nullptr, ground_, result.inputs.data());
    size.width = map.width;
  } else {
    result.inputs.assign(sequence.inputs(), sequence.inputs() + size.count());
  }
  change_values(draws, size, result.inputs.data());
}

void Augmenter::change_values(const Draws& draws, const PictureSize& size, float* values) {
  const AugmentationOptions& o = options_;
  const double height = static_cast<double>(size.height);
  if (o.stroke_width > 0) {
    const double amount = draws.around_zero(DrawnFor::kStrokeWidth, o.stroke_width * height);
    change_stroke_width(amount, size, ground_.ink_is_larger, values, scratch_);
  }
  if (o.contrast > 0) change_contrast(draws.factor(DrawnFor::kContrast, o.contrast), size, ground_, values);
  if (o.blur > 0) blur(draws.up_to(DrawnFor::kBlur, o.blur * height), size, values, scratch_);
  if (o.cutout > 0) {
    const std::uint64_t seed = draws.seed(DrawnFor::kCutout);
    cut_out(seed, draws.up_to(DrawnFor::kCutoutShare, o.cutout), size, ground_, values);
  }
  if (o.noise > 0) {
    const double std_dev = draws.up_to(DrawnFor::kNoiseStdDev, o.noise);
    add_noise(draws.seed(DrawnFor::kNoise), std_dev, size, ground_, values);
  }
}

}  // namespace rnnlib
