// SPDX-License-Identifier: Apache-2.0
// How the engine was built.
#pragma once

#include <string>

namespace rnnlib {

// Whether the engine was built with threads (OpenMP); without them `threads` has no effect.
bool has_threads();

// The instruction set the engine was compiled for: "avx512", "avx2", "neon" or, for none of these, "baseline".
std::string instruction_set();

// Version of Eigen, "3.4.0".
std::string eigen_version();

}  // namespace rnnlib
