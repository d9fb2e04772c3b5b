// SPDX-License-Identifier: Apache-2.0
// A team of threads for a whole call. Whoever begins a call decides how many there are, once; all loops inside of it
// (base/parallel/loops.h) use the team without asking.
#pragma once

#include "base/function_ref.h"

namespace rnnlib {

// Runs body() on the calling thread while up to threads - 1 others (fewer where the system gives no more) stand by for
// its loops: starting threads takes much longer than letting them join a loop. They sleep when they have had nothing to
// do for a while. Inside another with_team() no thread is started: the loops of body() use at most `threads` of the
// team. body() must not fork().
void with_team(int threads, FunctionRef<void()> body);

// How many threads a loop on the calling thread may use: those of its team, 1 outside of any.
int team_threads();

}  // namespace rnnlib
