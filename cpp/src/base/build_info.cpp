// SPDX-License-Identifier: Apache-2.0
#include "rnnlib/build_info.h"

namespace rnnlib {

std::string version() { return RNNLIB_VERSION; }

std::string instruction_set() {
#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512CD__) && defined(__AVX512DQ__) && \
    defined(__AVX512VL__)
  return "avx512";
#elif defined(__AVX2__) && (defined(__FMA__) || defined(_MSC_VER))
  return "avx2";
#elif defined(__ARM_NEON) || defined(_M_ARM64)
  return "neon";
#elif defined(__wasm_simd128__)
  return "simd128";
#else
  return "baseline";
#endif
}

std::string eigen_version() { return RNNLIB_EIGEN; }

}  // namespace rnnlib
