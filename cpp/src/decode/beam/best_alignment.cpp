// SPDX-License-Identifier: Apache-2.0
// Products of probabilities are scaled when they become small; no logarithms are needed.
#include "decode/beam/best_alignment.h"

#include <algorithm>

namespace rnnlib {
namespace {

// Paths that are so far behind the best of their point are not followed.
constexpr double kNegligible = 1e-100;

}  // namespace

const std::vector<BestAlignment::Place>& BestAlignment::align(const std::vector<Index>& labels, const double* outputs,
                                                              Index points, Index units) {
  places_.assign(labels.size(), {0, -1, 0});
  if (labels.empty()) return places_;
  forward(labels, outputs, points, units);
  if (points > 0 && std::max(best_.back().at_label, best_.back().at_blank) > 0) {
    trace_back(labels, outputs, points, units);
  } else {
    spread(labels, outputs, points, units);
  }
  return places_;
}

void BestAlignment::forward(const std::vector<Index>& labels, const double* outputs, Index points, Index units) {
  const std::size_t size = labels.size() + 1;
  best_.assign(size, {0, 0});
  if (moves_.size() < static_cast<std::size_t>(points) * size) moves_.resize(static_cast<std::size_t>(points) * size);
  best_[0].at_blank = 1;  // before the first point: nothing was read
  std::size_t first = 0;  // of the paths that are followed
  std::size_t last = 0;
  double largest = 1;
  for (Index t = 0; t < points; ++t) {
    const double* point = outputs + t * units;
    const double blank = point[units - 1];
    Moves* moves = moves_.data() + static_cast<std::size_t>(t) * size;
    if (last + 1 < size && std::max(best_[last].at_label, best_[last].at_blank) >= largest * kNegligible) ++last;
    largest = 0;
    for (std::size_t i = last + 1; i-- > first;) {
      Best& here = best_[i];
      moves[i] = {kStay, here.at_label > here.at_blank ? kFromLabel : kStay};
      const double at_blank = std::max(here.at_label, here.at_blank) * blank;
      if (i > 0) {
        double before = here.at_label;
        if (i > first && best_[i - 1].at_blank > before) {
          before = best_[i - 1].at_blank;
          moves[i].to_label = kFromBlank;
        }
        if (i > first && i > 1 && labels[i - 1] != labels[i - 2] && best_[i - 1].at_label > before) {
          before = best_[i - 1].at_label;
          moves[i].to_label = kFromLabel;
        }
        here.at_label = before * point[labels[i - 1]];
      }
      here.at_blank = at_blank;
      largest = std::max(largest, std::max(here.at_label, at_blank));
    }
    while (first < last && std::max(best_[first].at_label, best_[first].at_blank) < largest * kNegligible) ++first;
    if (largest >= kNegligible || largest == 0) continue;
    for (std::size_t i = first; i <= last; ++i) best_[i] = {best_[i].at_label / largest, best_[i].at_blank / largest};
    largest = 1;
  }
}

void BestAlignment::trace_back(const std::vector<Index>& labels, const double* outputs, Index points, Index units) {
  const std::size_t size = best_.size();
  std::size_t i = size - 1;
  bool is_label = best_[i].at_label > best_[i].at_blank;
  for (Index t = points; t-- > 0;) {
    const Moves moves = moves_[static_cast<std::size_t>(t) * size + i];
    if (!is_label) {
      is_label = moves.to_blank == kFromLabel;
      continue;
    }
    Place& place = places_[i - 1];
    place.first = t;
    place.last = std::max(place.last, t);
    place.confidence = std::max(place.confidence, outputs[t * units + labels[i - 1]]);
    if (moves.to_label == kStay) continue;
    is_label = moves.to_label == kFromLabel;
    --i;
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
