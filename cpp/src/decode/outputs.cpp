// SPDX-License-Identifier: Apache-2.0
#include "decode/outputs.h"

#include <cmath>
#include <string>

#include "rnnlib/error.h"

namespace rnnlib {

void check_outputs(const std::vector<double>& outputs, Index points, Index units) {
  if (points < 0 || units < 1 || static_cast<Index>(outputs.size()) != points * units) {
    throw DataError("found " + std::to_string(outputs.size()) + " outputs; expected " + std::to_string(points) +
                    " points of " + std::to_string(units) + " units");
  }
  const auto bad = std::find_if(outputs.begin(), outputs.end(), [](double y) { return !std::isfinite(y) || y < 0; });
  if (bad == outputs.end()) return;
  const Index at = bad - outputs.begin();
  throw DataError("output " + std::to_string(at % units) + " of point " + std::to_string(at / units) + " is " +
                  std::to_string(*bad) + "; expected probabilities");
}

std::vector<double> tempered(const std::vector<double>& outputs, Index units, double temperature) {
  if (temperature == 1) return outputs;
  std::vector<double> values(outputs.size());
  for (std::size_t point = 0; point < outputs.size(); point += static_cast<std::size_t>(units)) {
    double sum = 0;
    for (std::size_t i = point; i < point + static_cast<std::size_t>(units); ++i) {
      values[i] = std::pow(std::max(outputs[i], kLeastProbability), 1 / temperature);
      sum += values[i];
    }
    for (std::size_t i = point; i < point + static_cast<std::size_t>(units); ++i) values[i] /= sum;
  }
  return values;
}

void check_labels(const std::vector<Index>& labels, Index units) {
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] >= 0 && labels[i] < units - 1) continue;
    throw DataError("label " + std::to_string(i) + " is " + std::to_string(labels[i]) + "; expected 0 to " +
                    std::to_string(units - 2) + ", since the last unit is the blank");
  }
}

}  // namespace rnnlib
