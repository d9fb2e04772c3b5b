// SPDX-License-Identifier: Apache-2.0
// All paths through the outputs of a tiny problem, one by one: what cleverer sums must agree with.
#pragma once

#include <cmath>
#include <map>
#include <random>
#include <vector>

#include "rnnlib/types.h"

namespace rnnlib::testing_paths {

using Labels = std::vector<Index>;

// Outputs [points, units], each point's of the sum 1; `sharpness` 0 makes them equal.
inline std::vector<double> random_outputs(Index points, Index units, double sharpness, std::mt19937& random) {
  std::normal_distribution<double> normal(0, sharpness);
  std::vector<double> outputs;
  for (Index t = 0; t < points; ++t) {
    double sum = 0;
    for (Index k = 0; k < units; ++k) outputs.push_back(std::exp(normal(random)));
    for (Index k = 0; k < units; ++k) sum += outputs[static_cast<std::size_t>(t * units + k)];
    for (Index k = 0; k < units; ++k) outputs[static_cast<std::size_t>(t * units + k)] /= sum;
  }
  return outputs;
}

// What a path [points] of units reads.
inline Labels labels_of_path(const Labels& path, Index units) {
  Labels labels;
  for (std::size_t t = 0; t < path.size(); ++t) {
    if (path[t] != units - 1 && (t == 0 || path[t] != path[t - 1])) labels.push_back(path[t]);
  }
  return labels;
}

// Calls use(path, probability) for each.
template <class Use>
void for_all_paths(const std::vector<double>& outputs, Index points, Index units, const Use& use) {
  Labels path(static_cast<std::size_t>(points), 0);
  for (bool more = true; more;) {
    double probability = 1;
    for (Index t = 0; t < points; ++t) {
      probability *= outputs[static_cast<std::size_t>(t * units + path[static_cast<std::size_t>(t)])];
    }
    use(path, probability);
    more = false;
    for (Index& unit : path) {
      if (++unit < units) {
        more = true;
        break;
      }
      unit = 0;
    }
  }
}

// The probability of each labelling.
inline std::map<Labels, double> all_labellings(const std::vector<double>& outputs, Index points, Index units) {
  std::map<Labels, double> found;
  for_all_paths(outputs, points, units,
                [&](const Labels& path, double probability) { found[labels_of_path(path, units)] += probability; });
  return found;
}

}  // namespace rnnlib::testing_paths
