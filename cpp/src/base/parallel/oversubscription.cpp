// SPDX-License-Identifier: Apache-2.0
#include "base/parallel/oversubscription.h"

#include <atomic>

namespace rnnlib {

namespace {

// Until when oversubscription is suspected, and until when it counts as certain.
std::atomic<ParallelClock::rep> suspected_until{0};
std::atomic<ParallelClock::rep> certain_until{0};

bool is_before(ParallelClock::time_point now, const std::atomic<ParallelClock::rep>& end) {
  return now.time_since_epoch().count() < end.load(std::memory_order_relaxed);
}

}  // namespace

bool is_oversubscribed() { return is_before(ParallelClock::now(), certain_until); }

void note_descheduled(ParallelClock::time_point now) {
  constexpr std::chrono::milliseconds kSuspected{50};
  constexpr std::chrono::milliseconds kCertain{500};
  if (is_before(now, suspected_until)) certain_until = (now + kCertain).time_since_epoch().count();
  suspected_until = (now + kSuspected).time_since_epoch().count();
}

}  // namespace rnnlib
