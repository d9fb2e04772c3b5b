// SPDX-License-Identifier: Apache-2.0
// The probability of a labelling: the sum over all its paths (Graves et al. 2006, section 4.1, the forward variables).
#pragma once

#include <vector>

#include "rnnlib/types.h"

namespace rnnlib {

// Of labellings that begin alike, when the points of their beginning are no longer known.
class LabellingSum {
 public:
  void begin();

  // The next label that all labellings share.
  void add_label(Index label);

  // The points of outputs [points, units] are read, and may be forgotten. Labels that come later begin after them.
  void advance(const double* outputs, Index points, Index units);

  // The natural logarithm of the probability of the shared labels and `rest`, given all points, of which
  // outputs [points, units] are those that advance() has not had.
  double log_probability(const std::vector<Index>& rest, const double* outputs, Index points, Index units);

 private:
  // Of the paths that have read so many labels: those that end at the last of them, and those that end in a blank.
  struct Forward {
    Index label;  // the last one, kNone when there is none
    double at_label;
    double at_blank;
  };
  static constexpr Index kNone = -1;

  // Goes on over the points; returns the logarithm of what the numbers were divided by.
  static double run(std::vector<Forward>& forward, const double* outputs, Index points, Index units);

  std::vector<Forward> shared_;  // after the points that were read, scaled
  double log_scale_ = 0;
  std::vector<Forward> all_;  // shared and further labels, kept for its memory
};

}  // namespace rnnlib
