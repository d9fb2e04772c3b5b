// SPDX-License-Identifier: Apache-2.0
// How many output points a labelling needs (Graves et al. 2006, section 3.1).
#pragma once

#include "rnnlib/types.h"

namespace rnnlib {

// One for each label, and one for a blank between equal neighbours.
template <class Label>
Index ctc_points_needed(const Label* labels, Index length) {
  Index points = length;
  for (Index i = 1; i < length; ++i) points += labels[i] == labels[i - 1] ? 1 : 0;
  return points;
}

}  // namespace rnnlib
