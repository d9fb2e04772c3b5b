// SPDX-License-Identifier: Apache-2.0
// The engine's one random generator: the same numbers on every platform; its state is part of a save.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "rnnlib/export.h"
#include "rnnlib/types.h"

namespace rnnlib {

// xoshiro256** (Blackman and Vigna 2018), seeded by splitmix64.
class RNNLIB_API Random {
 public:
  explicit Random(std::uint64_t seed = 0);

  std::uint64_t next();
  double uniform();                         // in [0, 1), 53 bits
  double uniform(double low, double high);  // in [low, high)
  std::uint64_t below(std::uint64_t n);     // in [0, n), unbiased; n > 0
  double normal();                          // mean 0, standard deviation 1 (ziggurat; no value kept between calls)
  std::vector<Index> permutation(Index n);  // Fisher-Yates

  std::string state() const;                 // four hexadecimal words joined by ':' (no white space)
  void set_state(const std::string& state);  // throws FormatError

 private:
  double normal_tail();

  std::array<std::uint64_t, 4> s_;
};

}  // namespace rnnlib
