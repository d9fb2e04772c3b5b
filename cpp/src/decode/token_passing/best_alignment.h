// SPDX-License-Identifier: Apache-2.0
// Where on its most probable path a reading has its labels (Viterbi over the CTC lattice).
#pragma once

#include <vector>

#include "rnnlib/prediction.h"

namespace rnnlib {

// Sets a reading's positions, confidences and log_probability from its labels and the logarithms [points, units] of the
// outputs. There must be a path.
void align_best(const std::vector<double>& logs, Index units, Reading& reading);

}  // namespace rnnlib
