// SPDX-License-Identifier: Apache-2.0
// Vectors as long as all weights, cut into connections and put together again.
#pragma once

#include <string>
#include <vector>

#include "rnnlib/network.h"
#include "rnnlib/save.h"

namespace rnnlib {

using Values = std::vector<double>;

// Throws FormatError unless a vector of the save has as many numbers as expected, all finite. `what` names it:
// "connection bias_to_output", …
void check_values(const std::string& what, const Values& values, Index expected, const Save& save);

// One connection's part of a vector as long as all weights.
Values part_of(const Values& all, const Connection& connection);
void put_part(const Values& part, const Connection& connection, Values& all);

}  // namespace rnnlib
