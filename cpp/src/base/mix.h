// SPDX-License-Identifier: Apache-2.0
// Hashes of counters: random numbers that depend on where they are used and not on what was drawn before.
#pragma once

#include <cstdint>

namespace rnnlib {

// The finaliser of splitmix64 (Steele, Lea and Flood 2014): a bijection in which every bit depends on every other.
inline std::uint64_t mix_bits(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

constexpr std::uint64_t kGoldenGamma = 0x9e3779b97f4a7c15ULL;

// The upper 53 bits as a number in [0, 1).
inline double unit_real(std::uint64_t bits) { return static_cast<double>(bits >> 11) * 0x1.0p-53; }

// A seed of its own for every pair of numbers.
inline std::uint64_t derive_seed(std::uint64_t seed, std::uint64_t a, std::uint64_t b) {
  return mix_bits(mix_bits(seed + kGoldenGamma * (a + 1)) + kGoldenGamma * (b + 1));
}

}  // namespace rnnlib
