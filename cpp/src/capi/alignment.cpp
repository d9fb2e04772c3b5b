// SPDX-License-Identifier: Apache-2.0
#include "rnnlib/alignment.h"

#include <algorithm>

#include "capi/guard.h"

namespace {

// Before any number is read.
void check_counts(int64_t points, int64_t size, int64_t num_labels) {
  constexpr int64_t kMost = int64_t{1} << 31;
  if (points >= 0 && points <= kMost && size >= 1 && size <= kMost && num_labels >= 0 && num_labels <= points) return;
  throw rnnlib::DataError(std::to_string(num_labels) + " labels cannot be aligned with " + std::to_string(points) +
                          " points of " + std::to_string(size) + " outputs");
}

}  // namespace

extern "C" {

rnnlib_status rnnlib_align(const double* outputs, int64_t points, int64_t size, const int64_t* labels,
                           int64_t num_labels, rnnlib_position* positions, double* scores, double* log_probability) {
  if (points != 0) RNNLIB_NEED(outputs);
  if (num_labels != 0) RNNLIB_NEED(labels);
  if (num_labels != 0) RNNLIB_NEED(positions);
  return rnnlib::capi::guard([&] {
    check_counts(points, size, num_labels);
    const std::vector<double> values(outputs, outputs + points * size);
    const rnnlib::Alignment found = rnnlib::align({labels, labels + num_labels}, values, points, size);
    const auto to_c = [](const rnnlib::LabelPosition& p) { return rnnlib_position{p.first, p.last}; };
    std::transform(found.positions.begin(), found.positions.end(), positions, to_c);
    if (scores != nullptr) std::copy(found.scores.begin(), found.scores.end(), scores);
    if (log_probability != nullptr) *log_probability = found.log_probability;
  });
}

}  // extern "C"
