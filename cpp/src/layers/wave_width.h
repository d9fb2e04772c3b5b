// SPDX-License-Identifier: Apache-2.0
// How wide the waves of a batch are, and how many there are, without making a schedule.
#pragma once

#include "tensor/batch_shape.h"

namespace rnnlib {

// Points of the widest wave at most: the widest waves of all sequences may fall together.
Index max_wave_width(const BatchShape& batch);

// Waves of the batch.
Index num_waves(const BatchShape& batch);

}  // namespace rnnlib
