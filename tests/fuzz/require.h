// SPDX-License-Identifier: Apache-2.0
// What fuzz targets check with.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace rnnlib::fuzz {

// Fails in a way that sanitizers and libFuzzer report.
inline void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "fuzz: %s\n", what);
  std::abort();
}

}  // namespace rnnlib::fuzz
