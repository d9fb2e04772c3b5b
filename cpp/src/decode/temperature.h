// SPDX-License-Identifier: Apache-2.0
// Probabilities of a softmax as they would be with another temperature (Guo et al. 2017, section 4.2): its net inputs
// are divided by it, so that probabilities become p^(1/temperature), scaled to the sum 1.
#pragma once

#include <cmath>
#include <string>

#include "rnnlib/error.h"
#include "rnnlib/types.h"

namespace rnnlib {

// Throws ConfigError unless it is a finite number above 0.
inline void check_temperature(double temperature) {
  if (std::isfinite(temperature) && temperature > 0) return;
  throw ConfigError("a temperature is a number above 0, found " + std::to_string(temperature));
}

// The probability of one unit; `point` [units] are the probabilities at the temperature 1.
inline double tempered(const double* point, Index units, Index unit, double temperature) {
  if (temperature == 1 || point[unit] <= 0) return point[unit];
  double sum = 0;  // of the units beside this one: what it is 1 of
  for (Index k = 0; k < units; ++k) sum += std::pow(point[k] / point[unit], 1 / temperature);
  return 1 / sum;
}

}  // namespace rnnlib
