// SPDX-License-Identifier: Apache-2.0
// What a network's data were normalised with before it learned from them.
#pragma once

#include <vector>

namespace rnnlib {

// Of each column: value -> (value - mean) / standard deviation. A deviation of 0 (a column without variance) counts
// as 1.
struct Scale {
  std::vector<double> means;  // per column; empty: not normalised
  std::vector<double> stds;   // likewise

  // Whether there is nothing to do.
  bool empty() const { return means.empty(); }
};

// Of a network's data.
struct Normalisation {
  Scale inputs;   // [input_size]
  Scale targets;  // [target_size], of regression

  // Whether there is nothing to do.
  bool empty() const { return inputs.empty() && targets.empty(); }
};

}  // namespace rnnlib
