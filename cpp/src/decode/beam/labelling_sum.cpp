// SPDX-License-Identifier: Apache-2.0
// Only the labels that paths of some weight are at take part at a point.
#include "decode/beam/labelling_sum.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rnnlib {
namespace {

// Below the rounding of the sum, even where the next points favour it by far.
constexpr double kNegligible = 1e-100;

}  // namespace

void LabellingSum::begin() {
  shared_.assign(1, {kNone, 0, 1});
  log_scale_ = 0;
}

void LabellingSum::add_label(Index label) { shared_.push_back({label, 0, 0}); }

void LabellingSum::advance(const double* outputs, Index points, Index units) {
  log_scale_ += run(shared_, outputs, points, units);
  const auto counts = [](const Forward& forward) { return forward.at_label + forward.at_blank > 0; };
  const auto first = std::find_if(shared_.begin(), shared_.end() - 1, counts);
  shared_.erase(shared_.begin(), first);
}

double LabellingSum::log_probability(const std::vector<Index>& rest, const double* outputs, Index points, Index units) {
  all_ = shared_;
  for (const Index label : rest) all_.push_back({label, 0, 0});
  const double log_scale = log_scale_ + run(all_, outputs, points, units);
  return log_scale + std::log(all_.back().at_label + all_.back().at_blank);
}

double LabellingSum::run(std::vector<Forward>& forward, const double* outputs, Index points, Index units) {
  const std::size_t size = forward.size();
  const auto weight = [&](std::size_t i) { return forward[i].at_label + forward[i].at_blank; };
  std::size_t first = 0;  // of the labels that take part
  std::size_t last = size - 1;
  while (last > 0 && weight(last) == 0) --last;
  double log_scale = 0;
  double largest = 0;  // of the point before
  for (const Forward& label : forward) largest = std::max(largest, label.at_label + label.at_blank);
  for (Index t = 0; t < points; ++t) {
    const double* point = outputs + t * units;
    const double blank = point[units - 1];
    if (last + 1 < size && weight(last) >= largest * kNegligible) ++last;
    largest = 0;
    for (std::size_t i = last + 1; i-- > first;) {
      Forward& here = forward[i];
      double before = here.at_label;
      if (i > first) {
        const Forward& previous = forward[i - 1];
        before += previous.at_blank + (previous.label == here.label ? 0 : previous.at_label);
      }
      const double at_blank = (here.at_label + here.at_blank) * blank;
      here.at_label = here.label == kNone ? 0 : before * point[here.label];
      here.at_blank = at_blank;
      largest = std::max(largest, here.at_label + at_blank);
    }
    if (!(largest > 0)) return -std::numeric_limits<double>::infinity();
    for (; first < last && weight(first) < largest * kNegligible; ++first)
      forward[first] = {forward[first].label, 0, 0};
    if (largest < kNegligible) {
      log_scale += std::log(largest);
      for (std::size_t i = first; i <= last; ++i) {
        forward[i].at_label /= largest;
        forward[i].at_blank /= largest;
      }
      largest = 1;
    }
  }
  return log_scale;
}

}  // namespace rnnlib
