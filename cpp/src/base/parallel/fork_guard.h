// SPDX-License-Identifier: Apache-2.0
// How many threads a new team may have: OpenMP's threads survive neither fork() nor a system that refuses them.
#pragma once

namespace rnnlib {

// The size of the team that the calling thread may start now, of `wanted` threads: fewer where the system gives no
// more, 1 in a forked child whose threads cannot be made anew, and without OpenMP.
int startable_team(int wanted);

}  // namespace rnnlib
