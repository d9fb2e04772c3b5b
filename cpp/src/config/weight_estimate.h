// SPDX-License-Identifier: Apache-2.0
// How many weights a network has, without building it.
#pragma once

#include "rnnlib/spec.h"

namespace rnnlib {

// Exact without symmetry; with it, shared weights are counted for every connection that uses them. A double, so that
// absurd sizes do not overflow.
double estimate_weights(const NetworkSpec& spec);

// Directions that share one direction's weights at most: those that differ in symmetric dimensions only. At least 1.
Index num_sharing(const NetworkSpec& spec);

}  // namespace rnnlib
