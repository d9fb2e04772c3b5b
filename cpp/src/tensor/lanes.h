// SPDX-License-Identifier: Apache-2.0
// How many numbers the vector unit takes at once, of the processor that a file is compiled for.
#pragma once

#include "rnnlib/types.h"

namespace rnnlib {

#if defined(__AVX512F__)
inline constexpr Index kVectorBytes = 64;
#elif defined(__AVX__)
inline constexpr Index kVectorBytes = 32;
#else
inline constexpr Index kVectorBytes = 16;
#endif

template <class Real>
inline constexpr Index kVectorLanes = kVectorBytes / static_cast<Index>(sizeof(Real));

}  // namespace rnnlib
