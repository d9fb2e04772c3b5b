// SPDX-License-Identifier: Apache-2.0
// Is any of many numbers NaN or infinite? By the bits of the exponents, without a way out of the loop, so that it is
// vectorised.
#pragma once

#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

#include "rnnlib/types.h"

namespace rnnlib {

template <class Real>
bool all_finite(const Real* values, Index n) {
  using Bits = std::conditional_t<sizeof(Real) == sizeof(std::uint32_t), std::uint32_t, std::uint64_t>;
  const Real infinity = std::numeric_limits<Real>::infinity();
  Bits exponent;
  std::memcpy(&exponent, &infinity, sizeof(Bits));
  Bits found = 0;
  for (Index i = 0; i < n; ++i) {
    Bits bits;
    std::memcpy(&bits, &values[i], sizeof(Bits));
    found |= (bits & exponent) == exponent ? Bits{1} : Bits{0};
  }
  return found == 0;
}

}  // namespace rnnlib
