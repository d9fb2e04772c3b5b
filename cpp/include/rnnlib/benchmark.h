// SPDX-License-Identifier: Apache-2.0
// What the machine can do, for comparison with what a network does.
#pragma once

#include "rnnlib/export.h"
#include "rnnlib/types.h"

namespace rnnlib {

// Multiply-accumulates per second of the engine's own matrix product, size x size x size, in one thread: the median of
// as many products as start within `seconds`, at least one, after one to warm up. Throws ConfigError for a size below
// 1.
RNNLIB_API double product_rate(Index size, Precision precision, double seconds);

}  // namespace rnnlib
