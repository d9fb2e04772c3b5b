// SPDX-License-Identifier: Apache-2.0
// How the engine was built.
#pragma once

#include <string>

#include "rnnlib/export.h"

namespace rnnlib {

// The library's version, "0.1.0".
RNNLIB_API std::string version();

// Whether the engine was built with threads; without them `threads` has no effect.
RNNLIB_API bool has_threads();

// The instruction set the engine was compiled for: "avx512", "avx2", "neon" or, for none of these, "baseline".
RNNLIB_API std::string instruction_set();

// Version of Eigen, "3.4.0".
RNNLIB_API std::string eigen_version();

}  // namespace rnnlib
