// SPDX-License-Identifier: Apache-2.0
// A normalisation as Python has it: "inputs", "targetPatterns" -> (means, standard deviations), for those there are.
#include "bindings.h"

namespace rnnlib::python {

Scales to_scales(const Normalisation& normalisation) {
  Scales scales;
  if (!normalisation.inputs.empty()) scales["inputs"] = {normalisation.inputs.means, normalisation.inputs.stds};
  if (!normalisation.targets.empty()) {
    scales["targetPatterns"] = {normalisation.targets.means, normalisation.targets.stds};
  }
  return scales;
}

void set_normalisation(Network& network, const Scales& scales) {
  Normalisation normalisation;
  for (const auto& [variable, columns] : scales) {
    if (variable != "inputs" && variable != "targetPatterns") {
      throw DataError("a normalisation is of inputs and targetPatterns, found '" + variable + "'");
    }
    Scale& scale = variable == "inputs" ? normalisation.inputs : normalisation.targets;
    scale = {columns.first, columns.second};
  }
  network.set_normalisation(normalisation);
}

py::array_t<double> denormalise(const Network& network, const Rows& outputs) {
  if (outputs.ndim() != 2) throw DataError("outputs need the shape (points, units)");
  std::vector<double> values(outputs.data(), outputs.data() + outputs.size());
  network.denormalise(values.data(), outputs.shape(0), outputs.shape(1));
  return to_array(values, {outputs.shape(0), outputs.shape(1)});
}

}  // namespace rnnlib::python
