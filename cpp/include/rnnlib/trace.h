// SPDX-License-Identifier: Apache-2.0
// What is recorded while a sequence runs through a network, for dumps and pictures.
#pragma once

#include <string>
#include <vector>

#include "rnnlib/types.h"

namespace rnnlib {

// One variable of one layer.
struct TraceVariable {
  std::string name;            // "<layer>_<variable>" (docs/behaviour.md, "Dumps")
  Shape shape;                 // point shape, then units
  std::vector<double> values;  // row-major
};

}  // namespace rnnlib
