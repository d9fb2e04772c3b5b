// SPDX-License-Identifier: Apache-2.0
// The units of a point in blocks of the vector unit's size.
#pragma once

#include <type_traits>

#include "tensor/lanes.h"

namespace rnnlib {

// Calls use(size as a constant, first unit, number of the block) for blocks that cover n units. All have the same size,
// the largest that fits; when it does not divide n, the last block begins earlier and computes some units again. So
// what `use` computes must not depend on what it wrote before.
template <class Real, class Use>
inline void for_unit_blocks(Index n, const Use& use) {
  constexpr Index kUnits = kVectorLanes<Real>;
  const auto blocks_of = [&](auto size) {
    Index block = 0;
    Index first = 0;
    for (; first + size() <= n; first += size()) use(size, first, block++);
    if (first < n) use(size, n - size(), block);
  };
  if (n >= kUnits) {
    blocks_of(std::integral_constant<int, kUnits>());
  } else if (n >= kUnits / 2 && kUnits >= 4) {
    blocks_of(std::integral_constant<int, kUnits / 2>());
  } else if (n >= kUnits / 4 && kUnits >= 8) {
    blocks_of(std::integral_constant<int, kUnits / 4>());
  } else {
    blocks_of(std::integral_constant<int, 1>());
  }
}

// Elements that a value per unit takes when every block has its own, and sums of such values by unit.
template <class Real>
Index blocked_elements(Index n) {
  Index total = 0;
  for_unit_blocks<Real>(n, [&](auto count, Index, Index) { total += count(); });
  return total;
}

// sums[v * n + u] += blocked[block of u][v][place of u] for v in [0, values)
template <class Real>
void add_blocked(const Real* blocked, Index values, Index n, Real* sums) {
  Index done = 0;
  for_unit_blocks<Real>(n, [&](auto count, Index first, Index block) {
    for (Index v = 0; v < values; ++v) {
      for (Index u = done; u < first + count(); ++u)
        sums[v * n + u] += blocked[(block * values + v) * count() + u - first];
    }
    done = first + count();
  });
}

}  // namespace rnnlib
