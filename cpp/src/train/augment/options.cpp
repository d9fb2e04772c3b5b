// SPDX-License-Identifier: Apache-2.0
// Which keys fill the options, and which data each of them is for.
#include <algorithm>
#include <iterator>

#include "base/numbers.h"
#include "config/augment_presets.h"
#include "config/value.h"
#include "rnnlib/error.h"
#include "train/augment/augmenter.h"
#include "train/augment/options.h"

namespace rnnlib {
namespace {

using Options = AugmentationOptions;

// Kinds of data.
enum Kind : unsigned { kImages = 1, kSignals = 2, kStrokes = 4 };

struct Strength {
  const char* key;
  double Options::* value;
  unsigned kinds;  // that it is for
  unsigned moves;  // kinds of which it moves points, so that a target of each point would no longer fit
};

constexpr Strength kStrengths[] = {
    {"augmentShear", &Options::shear, kImages | kStrokes, kImages},
    {"augmentScaleX", &Options::scale_x, kImages | kStrokes, kImages},
    {"augmentScaleY", &Options::scale_y, kImages | kStrokes, kImages},
    {"augmentRotation", &Options::rotation, kImages | kStrokes, kImages},
    {"augmentShift", &Options::shift, kImages, kImages},
    {"augmentElastic", &Options::elastic, kImages, kImages},
    {"augmentStrokeWidth", &Options::stroke_width, kImages, 0},
    {"augmentContrast", &Options::contrast, kImages, 0},
    {"augmentBlur", &Options::blur, kImages, 0},
    {"augmentNoise", &Options::noise, kImages | kSignals, 0},
    {"augmentCutout", &Options::cutout, kImages, 0},
    {"augmentSpeed", &Options::speed, kSignals, kSignals},
    {"augmentTimeWarp", &Options::time_warp, kSignals, kSignals},
    {"augmentTimeMask", &Options::time_mask, kSignals, 0},
    {"augmentFrequencyMask", &Options::frequency_mask, kSignals, 0},
};

unsigned kinds_of(const Options& options, Index num_dims) {
  if (num_dims == 2) return kImages;
  if (num_dims != 1) return 0;
  return options.columns.empty() ? kSignals : kSignals | kStrokes;
}

std::string name_kinds(unsigned kinds) {
  if (kinds == kSignals) return "signals, data of 1 dimension";
  if (kinds == (kImages | kSignals)) return "images and signals, data of 2 or 1 dimensions";
  if (kinds == kImages) return "images, data of 2 dimensions";
  return "images, data of 2 dimensions, and for pen strokes, whose columns augmentColumns names";
}

// "augmentShear 0.2", or, where no key of its own gave the strength, "augment images (augmentShear 0.2)".
std::string what_asks(const Strength& strength, const Options& options) {
  const std::string value = number_text(options.*strength.value);
  const std::string own = std::string(strength.key) + " " + value;
  const bool is_presets = augment_preset_value(options.preset, strength.key) == value;
  return is_presets ? "augment " + options.preset + " (" + own + ")" : own;
}

void check_range(const Strength& strength, double value) {
  const KeyInfo& key = *find_key(strength.key);
  if (is_valid(key, number_text(value))) return;
  throw ConfigError(key.name + " is " + number_text(value) + ", expected " + expected_value(key));
}

void check_columns(const Options& options, Index num_dims, Index input_size) {
  if (options.columns.empty()) return;
  if (num_dims != 1) {
    throw ConfigError("augmentColumns is for pen strokes, data of 1 dimension; the data have " +
                      std::to_string(num_dims));
  }
  for (const auto& [x, y] : options.columns) {
    if (x != y && std::min(x, y) >= 0 && std::max(x, y) < input_size) continue;
    throw ConfigError("augmentColumns " + std::to_string(x) + "," + std::to_string(y) +
                      ": expected two different inputs, x and y, of 0 .. " + std::to_string(input_size - 1));
  }
}

std::vector<std::pair<Index, Index>> read_columns(const Config& config) {
  std::vector<std::pair<Index, Index>> columns;
  if (!config.has("augmentColumns") && augment_preset_value(config.get_string("augment"), "augmentColumns").empty()) {
    return columns;
  }
  for (const std::vector<Index>& pair : config.get_int_lists("augmentColumns")) {
    if (pair.size() != 2) {
      throw ConfigError("augmentColumns is " + config.get_string("augmentColumns") +
                        ", expected pairs such as 0,1 or 0,1;2,3: x and y of pen strokes");
    }
    columns.emplace_back(pair[0], pair[1]);
  }
  return columns;
}

}  // namespace

bool AugmentationOptions::any() const {
  return std::any_of(std::begin(kStrengths), std::end(kStrengths),
                     [&](const Strength& strength) { return this->*strength.value > 0; });
}

AugmentationOptions make_augmentation_options(const Config& config) {
  AugmentationOptions options;
  options.preset = config.get_string("augment");
  for (const Strength& strength : kStrengths) options.*strength.value = config.get_real(strength.key);
  options.columns = read_columns(config);
  return options;
}

void check_augmentation(const AugmentationOptions& options, Index num_dims, Index input_size) {
  for (const Strength& strength : kStrengths) {
    const double value = options.*strength.value;
    check_range(strength, value);
    if (value > 0 && (strength.kinds & kinds_of(options, num_dims)) == 0) {
      throw ConfigError(what_asks(strength, options) + " is for " + name_kinds(strength.kinds) + "; the data have " +
                        std::to_string(num_dims));
    }
  }
  check_columns(options, num_dims, input_size);
}

void check_augmentation(const AugmentationOptions& options, const NetworkSpec& spec) {
  check_augmentation(options, spec.data.num_dims, spec.data.input_size);
  const TaskInfo& task = task_info(spec.task);
  if (!task.per_point) return;
  const unsigned kinds = kinds_of(options, spec.data.num_dims);
  for (const Strength& strength : kStrengths) {
    if ((strength.moves & kinds) == 0 || !(options.*strength.value > 0)) continue;
    throw ConfigError(what_asks(strength, options) + " moves the points of a sequence, but task " + task.name +
                      " has a target at every point");
  }
}

AugmentedInputs augment(const AugmentationOptions& options, const Sequence& sequence, std::uint64_t seed) {
  check_augmentation(options, static_cast<Index>(sequence.shape().size()), sequence.input_size());
  if (sequence.inputs() == nullptr || num_points(sequence.shape()) < 1 || sequence.input_size() < 1) {
    throw DataError("augmentation: the sequence has no inputs");
  }
  AugmentedInputs result;
  if (!options.any()) {
    result.shape = sequence.shape();
    const Index count = num_points(sequence.shape()) * sequence.input_size();
    result.inputs.assign(sequence.inputs(), sequence.inputs() + count);
    return result;
  }
  Augmenter(options).augment(sequence, seed, [](const Shape&) { return true; }, result);
  return result;
}

}  // namespace rnnlib
