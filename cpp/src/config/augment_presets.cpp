// SPDX-License-Identifier: Apache-2.0
#include "config/augment_presets.h"

#include <algorithm>
#include <iterator>

namespace rnnlib {
namespace {

struct PresetValue {
  std::string_view word;
  std::string_view key;
  const char* value;
};

// Strong enough to help, weak enough that people still read the lines, in handwriting and in print, without effort.
constexpr PresetValue kValues[] = {
    {"images", "augmentShear", "0.2"},           {"images", "augmentScaleX", "0.15"},
    {"images", "augmentScaleY", "0.1"},          {"images", "augmentRotation", "3"},
    {"images", "augmentShift", "0.04"},          {"images", "augmentElastic", "0.025"},
    {"images", "augmentStrokeWidth", "0.01"},    {"images", "augmentContrast", "0.3"},
    {"images", "augmentBlur", "0.012"},          {"images", "augmentNoise", "0.05"},
    {"images", "augmentCutout", "0.02"},         {"signals", "augmentSpeed", "0.1"},
    {"signals", "augmentTimeWarp", "0.15"},      {"signals", "augmentTimeMask", "0.1"},
    {"signals", "augmentFrequencyMask", "0.15"}, {"signals", "augmentNoise", "0.1"},
    {"strokes", "augmentColumns", "0,1"},        {"strokes", "augmentShear", "0.2"},
    {"strokes", "augmentScaleX", "0.15"},        {"strokes", "augmentScaleY", "0.15"},
    {"strokes", "augmentRotation", "8"},         {"strokes", "augmentNoise", "0.05"},
};

}  // namespace

Words augment_words() { return {{"none", "images", "signals", "strokes"}, {}}; }

std::string augment_preset_value(std::string_view word, std::string_view key) {
  const auto found = std::find_if(std::begin(kValues), std::end(kValues),
                                  [&](const PresetValue& row) { return row.word == word && row.key == key; });
  return found == std::end(kValues) ? "" : found->value;
}

}  // namespace rnnlib
