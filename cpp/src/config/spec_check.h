// SPDX-License-Identifier: Apache-2.0
// What no network can be, wherever its spec comes from. The whole check is the public check_spec().
#pragma once

#include "rnnlib/spec.h"

namespace rnnlib {

// Far beyond any network that could run: they keep a mistyped or hostile size from becoming an endless allocation.
inline constexpr Index kMaxSpecDims = 8;  // tables of 2^dims directions
inline constexpr std::size_t kMaxLevels = 100;
inline constexpr Index kMaxBlockPoints = Index{1} << 24;
inline constexpr Index kMaxKernelPoints = Index{1} << 16;
inline constexpr Index kMaxUnits = Index{1} << 31;
inline constexpr double kMaxWeights = 2147483648.0;  // 2^31, which the tables of places count to

// What a network must know of its data. Throws ConfigError.
void check_data(const DataHeader& data, Task task);

// The dimensions of the levels, and how rows are joined. The sizes of their blocks are checked after it. Throws
// ConfigError.
void check_level_dims(const NetworkSpec& spec);

}  // namespace rnnlib
