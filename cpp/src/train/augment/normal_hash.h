// SPDX-License-Identifier: Apache-2.0
// Nearly normal random numbers from a counter, one hash for each: the sum of four uniform numbers.
#pragma once

#include <cstdint>

#include "base/mix.h"
#include "rnnlib/types.h"

namespace rnnlib {

// Mean 0, standard deviation 1, between -3.47 and 3.47.
inline float normal_hash(std::uint64_t seed, std::uint64_t counter) {
  const std::uint64_t bits = mix_bits(seed + kGoldenGamma * counter);
  const auto sum = static_cast<int>((bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + (bits >> 48));
  constexpr float kStdDev = 37837.227F;  // sqrt(4 * (65536^2 - 1) / 12)
  return static_cast<float>(sum - 2 * 65535) / kStdDev;
}

// Adds normal noise to values[first], values[first + step], ... below count. A number's place is its counter.
inline void add_normal_noise(std::uint64_t seed, float std_dev, Index first, Index step, Index count, float* values) {
  for (Index i = first; i < count; i += step) values[i] += std_dev * normal_hash(seed, static_cast<std::uint64_t>(i));
}

}  // namespace rnnlib
