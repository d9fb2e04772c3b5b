// SPDX-License-Identifier: Apache-2.0
// Vectors as long as all weights, cut into connections and put together again.
#pragma once

#include <iterator>
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

template <class Predicate>
void erase_vectors(Save& save, const Predicate& is_unwanted) {
  for (auto it = save.vectors.begin(); it != save.vectors.end();) {
    it = is_unwanted(it->first) ? save.vectors.erase(it) : std::next(it);
  }
}

}  // namespace rnnlib
