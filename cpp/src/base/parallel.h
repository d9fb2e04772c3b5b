// SPDX-License-Identifier: Apache-2.0
// Threads. The only module that knows OpenMP; without it everything runs on the calling thread.
#pragma once

#include "base/function_ref.h"
#include "rnnlib/types.h"

namespace rnnlib {

// Runs body() on this thread while up to threads - 1 others (fewer where the system gives no more) stand by for its
// loops: starting them takes much longer than letting them join a loop. They sleep when they have had nothing to do for
// a while. Inside another with_team() its team stays. body() must not fork().
void with_team(int threads, FunctionRef<void()> body);

// Whether threads of this process have lately waited for cores that other programs had: small loops are then faster on
// one thread.
bool cores_are_taken();

// Those of the team that the calling thread is in, 1 outside of any.
int team_threads();

// Runs work(i, thread) for every i in [0, n) on up to `threads` threads, thread in [0, threads). After an exception no
// task of a higher number is begun; the exception of the lowest i is thrown again here. A task may run loops of its
// own, with threads that have nothing else to do. Works in both processes after fork().
void parallel_for(Index n, int threads, FunctionRef<void(Index i, int thread)> work);

// The same, and after each work(i) runs in_order(i) strictly in the order of i: sums made there do not depend on the
// number of threads.
void parallel_for_ordered(Index n, int threads, FunctionRef<void(Index i, int thread)> work,
                          FunctionRef<void(Index i, int thread)> in_order);

// [0, n) in blocks of `block` numbers, the last one shorter: use(first, count, thread) for each.
template <class Use>
void parallel_blocks(Index n, Index block, int threads, const Use& use) {
  parallel_for((n + block - 1) / block, threads,
               [&](Index i, int thread) { use(i * block, n - i * block < block ? n - i * block : block, thread); });
}

}  // namespace rnnlib
