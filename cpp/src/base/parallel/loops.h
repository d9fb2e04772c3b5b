// SPDX-License-Identifier: Apache-2.0
// Loops whose tasks are shared among the threads of a team.
#pragma once

#include <algorithm>

#include "base/function_ref.h"
#include "base/parallel/team.h"
#include "rnnlib/types.h"

namespace rnnlib {

// Runs work(i, thread) for every i in [0, n) on the team's threads, on the calling one where there is no team;
// thread is in [0, team_threads()). After an exception no task of a higher number is begun; the exception of the lowest
// i is thrown again here. A task may run loops of its own, with threads that have nothing else to do.
void parallel_for(Index n, FunctionRef<void(Index i, int thread)> work);

// The same, and after each work(i) runs in_order(i) strictly in the order of i: sums made there do not depend on the
// number of threads.
void parallel_for_ordered(Index n, FunctionRef<void(Index i, int thread)> work,
                          FunctionRef<void(Index i, int thread)> in_order);

// [0, n) in blocks of `block` numbers, the last one shorter: use(first, count, thread) for each.
template <class Use>
void parallel_blocks(Index n, Index block, const Use& use) {
  parallel_for((n + block - 1) / block,
               [&](Index i, int thread) { use(i * block, std::min(block, n - i * block), thread); });
}

}  // namespace rnnlib
