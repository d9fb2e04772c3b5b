// SPDX-License-Identifier: Apache-2.0
// Forced alignment: where each label of a text that is known was written or spoken.
#pragma once

#include <vector>

#include "rnnlib/export.h"
#include "rnnlib/prediction.h"
#include "rnnlib/types.h"

namespace rnnlib {

// A labelling laid over a network's outputs. Probabilities are given the outputs; logarithms are natural.
struct Alignment {
  std::vector<Index> labels;
  std::vector<LabelPosition> positions;        // [labels] output points
  std::vector<LabelPosition> input_positions;  // [labels] as those of a Prediction; of Network::align only
  std::vector<double> scores;                  // [labels] mean probability of the label at its points, in [0, 1]
  Index points = 0;                            // of the output
  double path_log_probability = 0;             // of the most probable path that reads the labels
  double log_probability = 0;                  // of the labels: the sum over all paths that read them
};

// Output points that a labelling needs: one for each label, and one for a blank between equal neighbours.
RNNLIB_API Index points_needed(const std::vector<Index>& labels);

// The most probable path through outputs [points, units] that reads the labels; the blank is the last unit. Where best
// path decoding reads just these labels, the positions are the same as its own. An output below 1e-38, where numbers in
// float end, counts as that. Throws DataError for labels that need more points than there are, labels that are none,
// and outputs that are not probabilities.
RNNLIB_API Alignment align(const std::vector<Index>& labels, const std::vector<double>& outputs, Index points,
                           Index units);

}  // namespace rnnlib
