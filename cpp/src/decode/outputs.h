// SPDX-License-Identifier: Apache-2.0
// A sequence's outputs as probabilities.
#pragma once

#include <algorithm>
#include <limits>
#include <vector>

#include "rnnlib/types.h"

namespace rnnlib {

// The least probability that is told from 0: a network in float makes 0 of what is below, and the logarithm of that
// would outweigh all else.
inline constexpr double kLeastProbability = static_cast<double>(std::numeric_limits<float>::min());

// Borrows outputs [points, units]; the blank is the last unit.
struct Outputs {
  const double* values;
  Index points;
  Index units;

  Index blank() const { return units - 1; }
  double at(Index t, Index unit) const { return std::max(values[t * units + unit], kLeastProbability); }
};

// Throws DataError unless there are so many numbers, and all are probabilities: none negative, NaN or infinite.
void check_outputs(const std::vector<double>& outputs, Index points, Index units);

// Outputs [points, units] as they would be with another temperature (decode/temperature.h).
std::vector<double> tempered(const std::vector<double>& outputs, Index units, double temperature);

// Throws DataError unless all are labels and not the blank.
void check_labels(const std::vector<Index>& labels, Index units);

}  // namespace rnnlib
