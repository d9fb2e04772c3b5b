// SPDX-License-Identifier: Apache-2.0
#include "io/saved_normalisation.h"

#include "io/saved_values.h"

namespace rnnlib {
namespace {

struct Names {
  const char* means;
  const char* stds;
};
constexpr Names kInputs{"trainer_inputMeans", "trainer_inputStds"};
constexpr Names kTargets{"trainer_targetPatternsMeans", "trainer_targetPatternsStds"};

std::vector<double> read_numbers(const Save& save, const char* name) {
  std::vector<double> numbers;
  for (ValueReader reader(save, name); !reader.at_end();) numbers.push_back(reader.real());
  return numbers;
}

Scale read_scale(const Save& save, const Names& names) {
  const bool has_means = save.values.count(names.means) > 0;
  const bool has_stds = save.values.count(names.stds) > 0;
  if (has_means != has_stds) {
    throw FormatError(save.source + ": has " + (has_means ? names.means : names.stds) + ", but no " +
                      (has_means ? names.stds : names.means));
  }
  if (!has_means) return {};
  return {read_numbers(save, names.means), read_numbers(save, names.stds)};
}

void store_scale(const Scale& scale, const Names& names, Save& save) {
  save.values.erase(names.means);
  save.values.erase(names.stds);
  if (scale.empty()) return;
  save.values[names.means] = line_of(scale.means);
  save.values[names.stds] = line_of(scale.stds);
}

}  // namespace

Normalisation saved_normalisation(const Save& save) { return {read_scale(save, kInputs), read_scale(save, kTargets)}; }

void store_normalisation(const Normalisation& normalisation, Save& save) {
  store_scale(normalisation.inputs, kInputs, save);
  store_scale(normalisation.targets, kTargets, save);
}

}  // namespace rnnlib
