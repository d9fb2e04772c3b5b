// SPDX-License-Identifier: Apache-2.0
// The largest numbers of each unit over several points, for pooling and joining.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "rnnlib/types.h"

namespace rnnlib {

// Whether a number takes the place of the largest so far. Of equal numbers the first stays, and NaN stays for good.
template <class Real>
bool is_larger(Real number, Real largest) {
  return number > largest || std::isnan(number);
}

// The numbers of the next point.
template <class Real>
void keep_largest(const Real* numbers, Index units, Real* largest) {
  for (Index u = 0; u < units; ++u) largest[u] = is_larger(numbers[u], largest[u]) ? numbers[u] : largest[u];
}

// The numbers of point `at`, where 0 is the first; `winners` [units] gets the point of each largest number, unless
// null.
template <class Real>
void keep_largest(const Real* numbers, Index units, Index at, Real* largest, std::int32_t* winners) {
  const std::int32_t point = static_cast<std::int32_t>(at);
  if (at == 0) {
    std::copy_n(numbers, units, largest);
    if (winners != nullptr) std::fill_n(winners, units, point);
    return;
  }
  if (winners == nullptr) return keep_largest(numbers, units, largest);
  for (Index u = 0; u < units; ++u) {
    const bool wins = is_larger(numbers[u], largest[u]);
    largest[u] = wins ? numbers[u] : largest[u];
    winners[u] = wins ? point : winners[u];
  }
}

// Errors of the largest numbers go to the point that won; d_numbers, of point `at`, is written.
template <class Real>
void to_winner(const Real* errors, const std::int32_t* winners, Index units, Index at, Real* d_numbers) {
  const std::int32_t point = static_cast<std::int32_t>(at);
  for (Index u = 0; u < units; ++u) d_numbers[u] = winners[u] == point ? errors[u] : Real(0);
}

}  // namespace rnnlib
