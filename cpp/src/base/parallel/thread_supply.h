// SPDX-License-Identifier: Apache-2.0
// Whether the system lets this process make threads. OpenMP ends the program when it cannot make one.
#pragma once

namespace rnnlib {

// Of `wanted` new threads, how many the system gives this process now: fewer where a limit on processes, tasks or
// memory is near. Finds out by making them, one more than needed, and letting them end. That they could all be made
// counts for a tenth of a second.
int startable_threads(int wanted);

}  // namespace rnnlib
