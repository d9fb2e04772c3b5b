// SPDX-License-Identifier: Apache-2.0
#include "network/normalise.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "rnnlib/error.h"

namespace rnnlib {

namespace {

double divisor(double std) { return std == 0 ? 1 : std; }

void check_scale(const Scale& scale, Index columns, const std::string& what) {
  if (scale.empty() && scale.stds.empty()) return;
  for (const std::vector<double>* numbers : {&scale.means, &scale.stds}) {
    if (static_cast<Index>(numbers->size()) == columns) continue;
    throw DataError("the normalisation of " + what + " has " + std::to_string(numbers->size()) +
                    (numbers == &scale.means ? " means" : " standard deviations") + ", the network has " +
                    std::to_string(columns) + " " + what + " per point");
  }
  const auto is_finite = [](double x) { return std::isfinite(x); };
  const bool good =
      std::all_of(scale.means.begin(), scale.means.end(), is_finite) &&
      std::all_of(scale.stds.begin(), scale.stds.end(), [](double x) { return std::isfinite(x) && x >= 0; });
  if (!good) throw DataError("the normalisation of " + what + " holds NaN, infinite or negative numbers");
}

}  // namespace

Normalisation checked_normalisation(Normalisation normalisation, const NetworkSpec& spec) {
  if (task_info(spec.task).target != TargetKind::kPatterns) normalisation.targets = {};
  check_scale(normalisation.inputs, spec.data.input_size, "inputs");
  check_scale(normalisation.targets, spec.data.target_size, "targets");
  return normalisation;
}

void normalise_rows(const Scale& scale, const float* from, Index rows, float* to) {
  const std::size_t columns = scale.means.size();
  for (Index row = 0; row < rows; ++row) {
    for (std::size_t i = 0; i < columns; ++i) {
      *to++ = static_cast<float>((static_cast<double>(*from++) - scale.means[i]) / divisor(scale.stds[i]));
    }
  }
}

void denormalise_rows(const Scale& scale, double* values, Index rows) {
  const std::size_t columns = scale.means.size();
  for (Index row = 0; row < rows; ++row) {
    for (std::size_t i = 0; i < columns; ++i, ++values) *values = *values * divisor(scale.stds[i]) + scale.means[i];
  }
}

const Sequence& NormalisedSequence::make(const Normalisation& normalisation, const Sequence& given, bool with_targets) {
  sequence_ = given;
  if (!normalisation.inputs.empty()) {
    const Index points = num_points(given.shape());
    inputs_.resize(static_cast<std::size_t>(points * given.input_size()));
    normalise_rows(normalisation.inputs, given.inputs(), points, inputs_.data());
    sequence_.set_inputs(inputs_.data(), given.shape(), given.input_size());
  }
  if (with_targets && !normalisation.targets.empty() && given.target_patterns() != nullptr) {
    const Index rows = given.target_length();
    patterns_.resize(static_cast<std::size_t>(rows * given.target_size()));
    normalise_rows(normalisation.targets, given.target_patterns(), rows, patterns_.data());
    sequence_.set_target_patterns(patterns_.data(), rows, given.target_size());
  }
  return sequence_;
}

}  // namespace rnnlib
