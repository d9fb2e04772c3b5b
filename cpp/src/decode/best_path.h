// SPDX-License-Identifier: Apache-2.0
// Best path decoding (Graves et al. 2006, section 3.2): the most active unit of every point, repeats merged, blanks
// dropped.
#pragma once

#include <vector>

#include "decode/reduce.h"
#include "rnnlib/network.h"
#include "rnnlib/types.h"

namespace rnnlib {

// Writes to `labels` the best path of output [points, size]; the blank is the last unit.
template <class Real, class Label>
void best_path(const Real* output, Index points, Index size, std::vector<Label>& labels) {
  labels.clear();
  const Index blank = size - 1;
  Index previous = blank;
  for (Index t = 0; t < points; ++t) {
    const Index unit = argmax(output + t * size, size);
    if (unit != blank && unit != previous) labels.push_back(static_cast<Label>(unit));
    previous = unit;
  }
}

// The same with the points that each label comes from: the first and the last of those where it is the most active
// unit.
template <class Real, class Label>
void best_path(const Real* output, Index points, Index size, std::vector<Label>& labels,
               std::vector<LabelPosition>& positions) {
  labels.clear();
  positions.clear();
  const Index blank = size - 1;
  Index previous = blank;
  for (Index t = 0; t < points; ++t) {
    const Index unit = argmax(output + t * size, size);
    if (unit != blank && unit != previous) {
      labels.push_back(static_cast<Label>(unit));
      positions.push_back({t, t});
    } else if (unit != blank) {
      positions.back().last = t;
    }
    previous = unit;
  }
}

}  // namespace rnnlib
