// SPDX-License-Identifier: Apache-2.0
#include "train/augment/augmenter.h"

#include "train/augment/blur.h"
#include "train/augment/shades.h"
#include "train/augment/signal_map.h"
#include "train/augment/stroke_map.h"
#include "train/augment/stroke_width.h"

namespace rnnlib {

void Augmenter::augment(const Sequence& sequence, std::uint64_t seed, FunctionRef<bool(const Shape&)> fits,
                        AugmentedInputs& result) {
  if (sequence.shape().size() == 2) {
    augment_picture(sequence, Draws(seed), fits, result);
  } else {
    augment_signal(sequence, Draws(seed), fits, result);
  }
}

Shape Augmenter::shape(const Sequence& sequence, std::uint64_t seed, FunctionRef<bool(const Shape&)> fits) const {
  Shape shape = sequence.shape();
  if (shape.size() == 2 && moves_points()) {
    const PictureSize size{shape[0], shape[1], sequence.input_size()};
    const auto fits_width = [&](Index width) { return fits({width, size.height}); };
    shape[0] = draw_image_map(options_, Draws(seed), size, fits_width).width;
  } else if (shape.size() == 1 && moves_times()) {
    const auto fits_length = [&](Index length) { return fits({length}); };
    shape[0] = static_cast<Index>(draw_signal_map(options_, Draws(seed), shape[0], fits_length).size());
  }
  return shape;
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
    resampler_.run(sequence.inputs(), size, map, warp > 0 ? &field_ : nullptr, ground_, result.inputs.data());
    size.width = map.width;
  } else {
    result.inputs.assign(sequence.inputs(), sequence.inputs() + size.count());
  }
  change_values(draws, size, result.inputs.data());
}

void Augmenter::augment_signal(const Sequence& sequence, const Draws& draws, FunctionRef<bool(const Shape&)> fits,
                               AugmentedInputs& result) {
  SignalSize size{sequence.shape()[0], sequence.input_size()};
  result.shape = sequence.shape();
  if (moves_times()) {
    const auto fits_length = [&](Index length) { return fits({length}); };
    const std::vector<double> places = draw_signal_map(options_, draws, size.points, fits_length);
    result.shape[0] = static_cast<Index>(places.size());
    result.inputs.resize(places.size() * static_cast<std::size_t>(size.inputs));
    resample_signal(places, sequence.inputs(), size.points, size.inputs, result.inputs.data());
    size.points = result.shape[0];
  } else {
    result.inputs.assign(sequence.inputs(), sequence.inputs() + size.points * size.inputs);
  }
  change_signal(draws, size, result.inputs.data());
}

void Augmenter::change_signal(const Draws& draws, const SignalSize& size, float* values) {
  const AugmentationOptions& o = options_;
  if (!o.columns.empty()) map_strokes(draw_stroke_map(o, draws), o.columns, size.points, size.inputs, values);
  if (o.noise > 0 || o.time_mask > 0 || o.frequency_mask > 0) measure_signal(values, size, statistics_);
  if (o.noise > 0) {
    const double strength = draws.up_to(DrawnFor::kNoiseStdDev, o.noise);
    const auto add = [&](Index input) {
      const double std_dev = strength * static_cast<double>(statistics_.std_devs[static_cast<std::size_t>(input)]);
      add_noise(draws.seed(DrawnFor::kNoise), static_cast<float>(std_dev), size, input, values);
    };
    for (const auto& [x, y] : o.columns) {
      add(x);
      add(y);
    }
    for (Index input = 0; o.columns.empty() && input < size.inputs; ++input) add(input);
  }
  if (o.time_mask > 0) mask_time(draws.seed(DrawnFor::kTimeMask), o.time_mask, size, statistics_, values);
  if (o.frequency_mask > 0) {
    mask_inputs(draws.seed(DrawnFor::kFrequencyMask), o.frequency_mask, size, statistics_, values);
  }
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
