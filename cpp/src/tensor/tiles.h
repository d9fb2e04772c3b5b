// SPDX-License-Identifier: Apache-2.0
// What the kernels of products share: the vector unit through Eigen's packets, and how work is cut into tiles that fit
// the registers (Goto and van de Geijn 2008, "Anatomy of high-performance matrix multiplication").
#pragma once

#include "tensor/eigen.h"
#include "tensor/lanes.h"

namespace rnnlib {

namespace simd = Eigen::internal;

template <class Real>
using Packet = typename simd::packet_traits<Real>::type;
template <class Real>
inline constexpr Index kLanes = simd::packet_traits<Real>::size;
static_assert(kLanes<float> == kVectorLanes<float> && kLanes<double> == kVectorLanes<double>);

// Rows of the largest tile, two packets wide.
inline constexpr int kMaxRows = EIGEN_ARCH_DEFAULT_NUMBER_OF_REGISTERS >= 32 ? 8 : 4;

// Cuts n into tiles of nearly equal size, at most `most`: calls use(first, size).
template <class Use>
EIGEN_STRONG_INLINE void for_tiles(Index n, Index most, const Use& use) {
  const Index tiles = (n + most - 1) / most;
  Index first = 0;
  for (Index i = 0; i < tiles; ++i) {
    const Index size = (n - first + tiles - i - 1) / (tiles - i);
    use(first, size);
    first += size;
  }
}

}  // namespace rnnlib
