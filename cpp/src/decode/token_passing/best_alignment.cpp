// SPDX-License-Identifier: Apache-2.0
#include "decode/token_passing/best_alignment.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace rnnlib {
namespace {

constexpr double kNever = -std::numeric_limits<double>::infinity();

}  // namespace

// States 0, 2, 4, ... are blanks, state 2 i + 1 is label i.
void align_best(const std::vector<double>& logs, Index units, Reading& reading) {
  const std::vector<Index>& labels = reading.labels;
  const Index points = static_cast<Index>(logs.size()) / units;
  const Index states = 2 * static_cast<Index>(labels.size()) + 1;
  const auto unit_of = [&](Index state) {
    return state % 2 == 0 ? units - 1 : labels[static_cast<std::size_t>(state / 2)];
  };
  std::vector<double> scores(static_cast<std::size_t>(states), kNever);
  scores[0] = 0;
  std::vector<std::uint8_t> steps(static_cast<std::size_t>(points * states));  // how many states a path went on
  for (Index t = 0; t < points; ++t) {
    for (Index s = states - 1; s >= 0; --s) {
      const Index most = s % 2 == 1 && s > 1 && unit_of(s) != unit_of(s - 2) ? 2 : std::min<Index>(s, 1);
      Index best = 0;
      for (Index k = 1; k <= most; ++k) {
        if (scores[static_cast<std::size_t>(s - k)] > scores[static_cast<std::size_t>(s - best)]) best = k;
      }
      scores[static_cast<std::size_t>(s)] =
          scores[static_cast<std::size_t>(s - best)] + logs[static_cast<std::size_t>(t * units + unit_of(s))];
      steps[static_cast<std::size_t>(t * states + s)] = static_cast<std::uint8_t>(best);
    }
  }
  Index state = states - 1;
  if (states > 1 && scores[static_cast<std::size_t>(state - 1)] > scores.back()) --state;
  reading.log_probability = scores[static_cast<std::size_t>(state)];
  reading.positions.assign(labels.size(), {points, 0});
  reading.confidences.assign(labels.size(), 0);
  for (Index t = points - 1; t >= 0; --t) {
    if (state % 2 == 1) {
      const auto label = static_cast<std::size_t>(state / 2);
      LabelPosition& position = reading.positions[label];
      position = {t, std::max(position.last, t)};
      const double probability = std::exp(logs[static_cast<std::size_t>(t * units + unit_of(state))]);
      reading.confidences[label] = std::max(reading.confidences[label], probability);
    }
    state -= steps[static_cast<std::size_t>(t * states + state)];
  }
}

}  // namespace rnnlib
