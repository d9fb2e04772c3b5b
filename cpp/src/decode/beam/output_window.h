// SPDX-License-Identifier: Apache-2.0
// The last output points of a sequence, as a beam search reads them.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "rnnlib/types.h"

namespace rnnlib {

class OutputWindow {
 public:
  OutputWindow(Index units, double temperature) : units_(units), power_(1 / temperature) {}

  void begin() {
    first_ = 0;
    end_ = 0;
  }

  // The probabilities [units] of the next point, at the temperature; NaN and what is below 0 count as 0. The result is
  // valid until the next call.
  const double* add(const double* point) {
    const std::size_t at = static_cast<std::size_t>((end_ - first_) * units_);
    if (values_.size() < at + static_cast<std::size_t>(units_))
      values_.resize(std::max(2 * at, at + static_cast<std::size_t>(units_)));
    double* added = values_.data() + at;
    ++end_;
    for (Index k = 0; k < units_; ++k) {
      const double value = point[k];
      added[k] = value > 0 ? std::min(value, 1.0) : 0;
    }
    if (power_ != 1) temper(added);
    return added;
  }

  Index units() const { return units_; }
  Index first() const { return first_; }  // points of the sequence
  Index end() const { return end_; }
  const double* from(Index point) const { return values_.data() + (point - first_) * units_; }

  // Forgets the points before this one.
  void drop_before(Index point) {
    std::copy(from(point), from(end_), values_.data());
    first_ = point;
  }

 private:
  void temper(double* point) const {
    double sum = 0;
    for (Index k = 0; k < units_; ++k) {
      if (point[k] > 0) point[k] = std::pow(point[k], power_);
      sum += point[k];
    }
    for (Index k = 0; sum > 0 && k < units_; ++k) point[k] /= sum;
  }

  Index units_;
  double power_;
  Index first_ = 0;
  Index end_ = 0;
  std::vector<double> values_;  // [end - first, units], and space for more
};

}  // namespace rnnlib
