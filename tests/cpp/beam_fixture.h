// SPDX-License-Identifier: Apache-2.0
// Outputs for tests of beam search, and what all paths of them say.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <vector>

#include "rnnlib/beam.h"
#include "rnnlib/language_scorer.h"

namespace rnnlib {

using Labels = std::vector<Index>;

// Rows of probabilities; `sharpness` 1: of all kinds, larger: most points have one probable unit.
inline std::vector<double> random_outputs(Index points, Index units, std::mt19937& random, double sharpness = 1) {
  std::uniform_real_distribution<double> uniform(0.001, 1);
  std::vector<double> outputs(static_cast<std::size_t>(points * units));
  for (Index t = 0; t < points; ++t) {
    double* point = outputs.data() + t * units;
    double sum = 0;
    for (Index k = 0; k < units; ++k) sum += point[k] = std::pow(uniform(random), sharpness);
    for (Index k = 0; k < units; ++k) point[k] /= sum;
  }
  return outputs;
}

// The labelling of a path: repeats merged, blanks dropped.
inline Labels labels_of_path(const Labels& path, Index blank) {
  Labels labels;
  Index previous = blank;
  for (const Index unit : path) {
    if (unit != blank && unit != previous) labels.push_back(unit);
    previous = unit;
  }
  return labels;
}

// The probability of each labelling: the sum over all paths, found by walking through all of them.
inline std::map<Labels, double> sum_all_paths(const std::vector<double>& outputs, Index points, Index units) {
  std::map<Labels, double> sums;
  Labels path(static_cast<std::size_t>(points), 0);
  for (;;) {
    double product = 1;
    for (Index t = 0; t < points; ++t) {
      product *= outputs[static_cast<std::size_t>(t * units + path[static_cast<std::size_t>(t)])];
    }
    if (product > 0) sums[labels_of_path(path, units - 1)] += product;
    Index t = 0;
    while (t < points && ++path[static_cast<std::size_t>(t)] == units) path[static_cast<std::size_t>(t++)] = 0;
    if (t == points) return sums;
  }
}

// Nothing is pruned but by the width.
inline BeamOptions unpruned(Index width = 5000, Index n_best = 5000) {
  BeamOptions options;
  options.width = width;
  options.n_best = n_best;
  options.min_probability = 0;
  options.beam_threshold = std::numeric_limits<double>::infinity();
  return options;
}

inline Prediction read(const BeamDecoder& decoder, const std::vector<double>& outputs, Index units) {
  return decode(decoder, outputs, static_cast<Index>(outputs.size()) / units, units);
}

inline void expect_same_reading(const Reading& a, const Reading& b) {
  EXPECT_EQ(a.labels, b.labels);
  EXPECT_EQ(a.confidences, b.confidences);
  EXPECT_EQ(a.log_probability, b.log_probability);
  EXPECT_EQ(a.score, b.score);
  ASSERT_EQ(a.positions.size(), b.positions.size());
  for (std::size_t i = 0; i < a.positions.size(); ++i) {
    EXPECT_EQ(a.positions[i].first, b.positions[i].first);
    EXPECT_EQ(a.positions[i].last, b.positions[i].last);
  }
}

}  // namespace rnnlib
