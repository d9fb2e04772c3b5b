// SPDX-License-Identifier: Apache-2.0
// Which keys fill the options, and which data each of them is for.
#include <algorithm>
#include <iterator>

#include "base/numbers.h"
#include "config/value.h"
#include "rnnlib/error.h"
#include "train/augment/augmenter.h"
#include "train/augment/options.h"

namespace rnnlib {
namespace {

using Options = AugmentationOptions;

struct Strength {
  const char* key;
  double Options::* value;
  bool moves_points;  // so that a target of each point would no longer fit
};

constexpr Strength kStrengths[] = {
    {"augmentShear", &Options::shear, true},
    {"augmentScaleX", &Options::scale_x, true},
    {"augmentScaleY", &Options::scale_y, true},
    {"augmentRotation", &Options::rotation, true},
    {"augmentShift", &Options::shift, true},
    {"augmentElastic", &Options::elastic, true},
    {"augmentStrokeWidth", &Options::stroke_width, false},
    {"augmentContrast", &Options::contrast, false},
    {"augmentBlur", &Options::blur, false},
    {"augmentNoise", &Options::noise, false},
    {"augmentCutout", &Options::cutout, false},
};

// "augmentShear 0.2", or, where no key of its own gave the strength, "augment images (augmentShear 0.2)".
std::string what_asks(const Strength& strength, const Options& options) {
  const std::string own = std::string(strength.key) + " " + number_text(options.*strength.value);
  return options.preset == "none" ? own : "augment " + options.preset + " (" + own + ")";
}

void check_range(const Strength& strength, double value) {
  const KeyInfo& key = *find_key(strength.key);
  if (is_valid(key, number_text(value))) return;
  throw ConfigError(key.name + " is " + number_text(value) + ", expected " + expected_value(key));
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
  return options;
}

void check_augmentation(const AugmentationOptions& options, Index num_dims) {
  for (const Strength& strength : kStrengths) {
    const double value = options.*strength.value;
    check_range(strength, value);
    if (value > 0 && num_dims != 2) {
      throw ConfigError(what_asks(strength, options) + " is for images, data of 2 dimensions; the data have " +
                        std::to_string(num_dims));
    }
  }
}

void check_augmentation(const AugmentationOptions& options, const NetworkSpec& spec) {
  check_augmentation(options, spec.data.num_dims);
  const TaskInfo& task = task_info(spec.task);
  if (!task.per_point) return;
  for (const Strength& strength : kStrengths) {
    if (!strength.moves_points || !(options.*strength.value > 0)) continue;
    throw ConfigError(what_asks(strength, options) + " moves the points of a sequence, but task " + task.name +
                      " has a target at every point");
  }
}

AugmentedInputs augment(const AugmentationOptions& options, const Sequence& sequence, std::uint64_t seed) {
  check_augmentation(options, static_cast<Index>(sequence.shape().size()));
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
