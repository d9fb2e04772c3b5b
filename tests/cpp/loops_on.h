// SPDX-License-Identifier: Apache-2.0
// Loops with a team of their own.
#pragma once

#include "base/parallel/loops.h"

namespace rnnlib {

inline void loop_on(int threads, Index n, FunctionRef<void(Index i, int thread)> work) {
  with_team(threads, [&] { parallel_for(n, work); });
}

inline void ordered_loop_on(int threads, Index n, FunctionRef<void(Index i, int thread)> work,
                            FunctionRef<void(Index i, int thread)> in_order) {
  with_team(threads, [&] { parallel_for_ordered(n, work, in_order); });
}

}  // namespace rnnlib
