// SPDX-License-Identifier: Apache-2.0
// Threads. The only module that knows OpenMP; without it everything runs on the calling thread.
#pragma once

#include "base/function_ref.h"
#include "rnnlib/types.h"

namespace rnnlib {

// Runs work(i, thread) for every i in [0, n) on up to `threads` threads, thread in [0, threads). After an exception no
// task of a higher number is begun; the exception of the lowest i is thrown again here. Must not be nested. Works in
// both processes after fork().
void parallel_for(Index n, int threads, FunctionRef<void(Index i, int thread)> work);

// The same, and after each work(i) runs in_order(i) strictly in the order of i: sums made there do not depend on the
// number of threads.
void parallel_for_ordered(Index n, int threads, FunctionRef<void(Index i, int thread)> work,
                          FunctionRef<void(Index i, int thread)> in_order);

}  // namespace rnnlib
