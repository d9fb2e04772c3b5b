// SPDX-License-Identifier: Apache-2.0
// Whether the machine is oversubscribed: other programs run on the cores that this process's threads need.
#pragma once

#include <chrono>

namespace rnnlib {

using ParallelClock = std::chrono::steady_clock;

// True for half a second after threads of this process were descheduled twice within a short time. A small loop is then
// faster on one thread.
bool is_oversubscribed();

// To be called by whoever sees that a thread of this process was descheduled: it had work, but no core. Once may be
// chance.
void note_descheduled(ParallelClock::time_point now);

}  // namespace rnnlib
