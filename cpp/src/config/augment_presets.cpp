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

// Strong enough to help lines of handwriting and of print, weak enough that people read the result without effort.
constexpr PresetValue kValues[] = {
    {"images", "augmentShear", "0.2"},        {"images", "augmentScaleX", "0.15"},
    {"images", "augmentScaleY", "0.1"},       {"images", "augmentRotation", "3"},
    {"images", "augmentShift", "0.04"},       {"images", "augmentElastic", "0.025"},
    {"images", "augmentStrokeWidth", "0.01"}, {"images", "augmentContrast", "0.3"},
    {"images", "augmentBlur", "0.012"},       {"images", "augmentNoise", "0.05"},
    {"images", "augmentCutout", "0.02"},
};

}  // namespace

Words augment_words() { return {{"none", "images"}, {}}; }

std::string augment_preset_value(std::string_view word, std::string_view key) {
  const auto found = std::find_if(std::begin(kValues), std::end(kValues),
                                  [&](const PresetValue& row) { return row.word == word && row.key == key; });
  return found == std::end(kValues) ? "" : found->value;
}

}  // namespace rnnlib
