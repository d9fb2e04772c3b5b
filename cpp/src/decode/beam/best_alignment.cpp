// SPDX-License-Identifier: Apache-2.0
// Products of probabilities are scaled when they become small; no logarithms are needed.
#include "decode/beam/best_alignment.h"

#include <algorithm>

namespace rnnlib {
namespace {

constexpr double kSmall = 1e-100;

}  // namespace

const std::vector<BestAlignment::Place>& BestAlignment::align(const std::vector<Index>& labels, const double* outputs,
                                                              Index points, Index units) {
  places_.assign(labels.size(), {0, -1, 0});
  if (labels.empty()) return places_;
  forward(labels, outputs, points, units);
  const std::size_t states = best_.size();
  if (points > 0 && std::max(best_[states - 1], best_[states - 2]) > 0) {
    trace_back(labels, outputs, points, units);
  } else {
    spread(labels, outputs, points, units);
  }
  return places_;
}

void BestAlignment::forward(const std::vector<Index>& labels, const double* outputs, Index points, Index units) {
  const std::size_t states = 2 * labels.size() + 1;
  best_.assign(states, 0);
  moves_.resize(static_cast<std::size_t>(points) * states);
  best_[0] = 1;  // before the first point: nothing was read
  for (Index t = 0; t < points; ++t) {
    const double* point = outputs + t * units;
    Move* moves = moves_.data() + static_cast<std::size_t>(t) * states;
    double largest = 0;
    for (std::size_t s = std::min(states, 2 * static_cast<std::size_t>(t) + 2); s-- > 0;) {
      const bool is_label = s % 2 == 1;
      double best = best_[s];
      Move move = kStay;
      if (s > 0 && best_[s - 1] > best) {
        best = best_[s - 1];
        move = kNext;
      }
      if (is_label && s > 1 && labels[s / 2] != labels[s / 2 - 1] && best_[s - 2] > best) {
        best = best_[s - 2];
        move = kSkipBlank;
      }
      moves[s] = move;
      best_[s] = best * point[is_label ? labels[s / 2] : units - 1];
      largest = std::max(largest, best_[s]);
    }
    if (largest < kSmall && largest > 0) {
      for (double& value : best_) value /= largest;
    }
  }
}

void BestAlignment::trace_back(const std::vector<Index>& labels, const double* outputs, Index points, Index units) {
  const std::size_t states = best_.size();
  std::size_t state = best_[states - 1] >= best_[states - 2] ? states - 1 : states - 2;
  for (Index t = points; t-- > 0;) {
    if (state % 2 == 1) {
      Place& place = places_[state / 2];
      place.first = t;
      place.last = std::max(place.last, t);
      place.confidence = std::max(place.confidence, outputs[t * units + labels[state / 2]]);
    }
    state -= moves_[static_cast<std::size_t>(t) * states + state];
  }
}

void BestAlignment::spread(const std::vector<Index>& labels, const double* outputs, Index points, Index units) {
  const Index count = static_cast<Index>(labels.size());
  for (Index i = 0; i < count; ++i) {
    Place& place = places_[static_cast<std::size_t>(i)];
    place.first = place.last = i * points / count;
    if (points > 0) place.confidence = outputs[place.first * units + labels[static_cast<std::size_t>(i)]];
  }
}

}  // namespace rnnlib
