// SPDX-License-Identifier: Apache-2.0
// Changes of a signal's values that leave every point where it is: masks (SpecAugment; Park et al. 2019, "SpecAugment:
// a simple data augmentation method for automatic speech recognition"), noise.
#pragma once

#include <cstdint>
#include <vector>

#include "rnnlib/types.h"

namespace rnnlib {

struct SignalSize {
  Index points = 0;
  Index inputs = 0;  // numbers per point
};

// Of each input over a signal.
struct SignalStatistics {
  std::vector<float> means;
  std::vector<float> std_devs;
};

void measure_signal(const float* values, const SignalSize& size, SignalStatistics& statistics);

// Two masks over neighbouring points, which together cover at most this share of them: each input becomes its mean.
void mask_time(std::uint64_t seed, double share, const SignalSize& size, const SignalStatistics& statistics,
               float* values);

// Two masks over neighbouring inputs of all points, likewise.
void mask_inputs(std::uint64_t seed, double share, const SignalSize& size, const SignalStatistics& statistics,
                 float* values);

// Adds normal noise to one input of all points.
void add_noise(std::uint64_t seed, float std_dev, const SignalSize& size, Index input, float* values);

}  // namespace rnnlib
