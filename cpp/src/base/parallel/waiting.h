// SPDX-License-Identifier: Apache-2.0
// How a thread waits for another one: first it yields its core for a short time, and then it sleeps.
#pragma once

#include <thread>

#include "base/parallel/oversubscription.h"

namespace rnnlib {

// Waits for ready() by yielding, for as long as most waits in a loop take; returns whether it came true. When it did
// not, the caller should sleep on a condition. Yielding leaves the core to other programs that want it. Such a program
// keeps the core for long, and the system gives a core to a sleeping thread sooner than to one that has been yielding:
// on an oversubscribed machine there is therefore no yielding at all.
template <class Ready>
bool ready_soon(const Ready& ready) {
  constexpr std::chrono::microseconds kSoon{50};
  constexpr std::chrono::microseconds kDescheduled{200};  // yields to nobody never take so long
  constexpr int kYields = 8;                              // between two looks at the clock
  if (is_oversubscribed()) return ready();
  const ParallelClock::time_point begin = ParallelClock::now();
  for (ParallelClock::time_point now = begin; now - begin < kSoon;) {
    for (int i = 0; i < kYields; ++i) {
      if (ready()) return true;
      std::this_thread::yield();
    }
    const ParallelClock::time_point last = now;
    now = ParallelClock::now();
    if (now - last > kDescheduled) note_descheduled(now);
  }
  return ready();
}

}  // namespace rnnlib
