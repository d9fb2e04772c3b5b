// SPDX-License-Identifier: Apache-2.0
// Best path decoding (Graves et al. 2006, section 3.2): the most active unit of every point, repeats merged, blanks
// dropped.
#pragma once

#include <vector>

#include "decode/reduce.h"
#include "rnnlib/types.h"

namespace rnnlib {

// Writes to `labels` the best path of output [points, size]; the blank is the last unit.
template <class Real>
void best_path(const Real* output, Index points, Index size, std::vector<std::int32_t>& labels) {
  labels.clear();
  const Index blank = size - 1;
  Index previous = blank;
  for (Index t = 0; t < points; ++t) {
    const Index unit = argmax(output + t * size, size);
    if (unit != blank && unit != previous) labels.push_back(static_cast<std::int32_t>(unit));
    previous = unit;
  }
}

}  // namespace rnnlib
