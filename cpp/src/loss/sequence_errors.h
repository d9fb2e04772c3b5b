// SPDX-License-Identifier: Apache-2.0
// What one sequence adds to the errors of a data set.
#pragma once

#include <vector>

#include "rnnlib/types.h"

namespace rnnlib {

// By the ids of Loss::error_names().
struct SequenceErrors {
  struct Item {
    int id;
    double value;
    double norm;
  };
  // The training criterion first, unless the sequence adds nothing to it: it was skipped, or has no target.
  std::vector<Item> items;
  bool skipped = false;  // a CTC target that needs more steps than there are; deltas are 0
  Index needed = 0;
  Index available = 0;
};

}  // namespace rnnlib
