// SPDX-License-Identifier: Apache-2.0
// What training with augmentation sees, for pictures of it.
#include "bindings.h"
#include "gil.h"

namespace rnnlib::python {

namespace {

using Inputs = py::array_t<float, py::array::c_style | py::array::forcecast>;

py::array_t<float> augment_inputs(const Config& config, const Inputs& inputs, std::uint64_t seed) {
  if (inputs.ndim() < 1) throw DataError("inputs need the shape (*shape, input size)");
  const AugmentationOptions options = make_augmentation_options(config);
  const Index input_size = inputs.shape(inputs.ndim() - 1);
  Sequence sequence;
  sequence.set_inputs(inputs.data(), Shape(inputs.shape(), inputs.shape() + inputs.ndim() - 1), input_size);
  const AugmentedInputs result = without_gil([&] { return augment(options, sequence, seed); });
  Shape shape = result.shape;
  shape.push_back(input_size);
  return to_array(result.inputs, shape);
}

}  // namespace

void register_augmentation(py::module_& m) {
  m.def(
      "has_augmentation", [](const Config& config) { return make_augmentation_options(config).any(); },
      py::arg("config"), "Whether the config switches any augmentation on.");
  m.def("augment", &augment_inputs, py::arg("config"), py::arg("inputs"), py::arg("seed"),
        "Inputs (*shape, input size) as training with the config's augmentation sees them for that seed; the shape may "
        "differ.");
}

}  // namespace rnnlib::python
