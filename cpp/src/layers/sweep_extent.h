// SPDX-License-Identifier: Apache-2.0
// How large a sweep is: by this its buffers are given their sizes.
#pragma once

#include "tensor/wave_schedule.h"

namespace rnnlib {

struct SweepExtent {
  Index points = 0;
  Index waves = 0;
  Index max_width = 0;  // points of the widest wave
  Index max_tile = 0;   // points of the largest tile

  // Waves that have room in a buffer of two.
  Index two_waves() const { return (waves < 2 ? waves : 2) * max_width; }
};

SweepExtent extent_of(const WaveSchedule& schedule);

// At most, without making a schedule: the widest waves of all sequences may fall together.
SweepExtent largest_extent(const BatchShape& batch);
// Of points that do not wait for each other.
SweepExtent largest_extent(Index points);

}  // namespace rnnlib
