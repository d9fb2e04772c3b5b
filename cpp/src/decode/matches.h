// SPDX-License-Identifier: Apache-2.0
// Which elements of one sequence are found in another at the same place.
#pragma once

#include <vector>

#include "rnnlib/types.h"

namespace rnnlib {

// For each element of `a`, whether an equal one of `b` stands beside it when the two are aligned by the fewest edits
// (Levenshtein 1966).
std::vector<bool> find_matches(const std::vector<Index>& a, const std::vector<Index>& b);

}  // namespace rnnlib
