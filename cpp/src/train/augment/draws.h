// SPDX-License-Identifier: Apache-2.0
// The random numbers of one augmented sequence. Each depends on the sequence's seed and on what it is for alone, so
// that switching one change on or off leaves the others as they are.
#pragma once

#include <cmath>
#include <cstdint>

#include "base/mix.h"

namespace rnnlib {

constexpr double kRadians = 3.14159265358979323846 / 180;  // of a degree

enum class DrawnFor : std::uint64_t {
  kShear,
  kScaleX,
  kScaleY,
  kRotation,
  kShiftX,
  kShiftY,
  kElastic,
  kStrokeWidth,
  kContrast,
  kBlur,
  kNoise,
  kNoiseStdDev,
  kCutout,
  kCutoutShare,
  kSpeed,
  kTimeWarp,
  kTimeMask,
  kFrequencyMask,
};

class Draws {
 public:
  explicit Draws(std::uint64_t seed) : seed_(seed) {}

  // For more numbers than one.
  std::uint64_t seed(DrawnFor use) const { return derive_seed(seed_, static_cast<std::uint64_t>(use), 0); }

  // In [0, most).
  double up_to(DrawnFor use, double most) const { return most * unit_real(seed(use)); }

  // In [-most, most).
  double around_zero(DrawnFor use, double most) const { return up_to(use, 2 * most) - most; }

  // In [1 / (1 + most), 1 + most); a factor is as likely as its inverse.
  double factor(DrawnFor use, double most) const { return std::exp(around_zero(use, std::log1p(most))); }

 private:
  std::uint64_t seed_;
};

}  // namespace rnnlib
