// SPDX-License-Identifier: Apache-2.0
// Posterior probabilities: how sure the labels, the words and the whole of a reading are.
#pragma once

#include <vector>

#include "rnnlib/export.h"
#include "rnnlib/prediction.h"
#include "rnnlib/types.h"

namespace rnnlib {

// All in [0, 1].
struct Posteriors {
  std::vector<double> labels;  // [labels]
  std::vector<double> words;   // [words] what stands between separators
  double line = 0;             // of the whole reading
};

struct PosteriorOptions {
  double temperature = 1;  // of the softmax that the outputs come from; readings: what their scores are divided by
  Index separator = -1;    // the label between words; -1: there are no words
};

// Of labels that were read from outputs [points, units]; the blank is the last unit. By the forward-backward algorithm
// over all paths (Graves et al. 2006, section 4.1):
//
// - line: the probability of the labels, given the outputs;
// - a label: its share among all that could stand at its place, between the labels before and after it: each of the
//   labels, and nothing;
// - a word: the product of the posteriors of its labels and of the separators on both sides of it.
//
// An output below 1e-38, where numbers in float end, counts as that. Throws DataError for outputs that are not
// probabilities and labels that are none, ConfigError for a temperature that is not above 0.
RNNLIB_API Posteriors lattice_posteriors(const std::vector<Index>& labels, const std::vector<double>& outputs,
                                         Index points, Index units, const PosteriorOptions& options = {});

// The logarithm of the labels' probability alone, which is finite where that is below the least double.
// kImpossible where there are fewer points than the labels need. Throws as lattice_posteriors().
RNNLIB_API double labelling_log_probability(const std::vector<Index>& labels, const std::vector<double>& outputs,
                                            Index points, Index units, double temperature = 1);
inline constexpr double kImpossible = -1e100;

// Of the first of a decoder's readings, where dictionaries and language models had a say: a reading's weight is
// exp(score), and a posterior the share of the weight of those readings that hold the line, the word, or the label at
// the same place when they are aligned with the first one by the fewest edits. Throws ConfigError for a temperature
// that is not above 0.
RNNLIB_API Posteriors reading_posteriors(const std::vector<Reading>& readings, const PosteriorOptions& options = {});

}  // namespace rnnlib
