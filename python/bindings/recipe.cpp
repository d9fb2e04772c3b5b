// SPDX-License-Identifier: Apache-2.0
// Recipes: images as arrays in, ink and inputs as arrays out.
#include "bindings.h"
#include "gil.h"

namespace rnnlib::python {
namespace {

using Pixels = py::array_t<std::uint8_t, py::array::c_style>;

// A view of pixels (rows, columns) or (rows, columns, channels).
ImageView to_image(const Pixels& pixels) {
  if (pixels.ndim() != 2 && pixels.ndim() != 3) {
    throw DataError("an image needs the shape (rows, columns) or (rows, columns, channels)");
  }
  ImageView image;
  image.pixels = pixels.data();
  image.size = pixels.size();
  image.width = pixels.shape(1);
  image.height = pixels.shape(0);
  image.channels = pixels.ndim() == 3 ? pixels.shape(2) : 1;
  return image;
}

// [height, width]: a view of the columns one after another.
py::object line_ink(const Recipe& recipe, const Pixels& pixels) {
  const ImageView image = to_image(pixels);
  const LineInk ink = without_gil([&] { return recipe.line_ink(image); });
  return to_array(ink.values, ink.shape).attr("T");
}

py::array_t<float> line_input(const Recipe& recipe, const Pixels& pixels) {
  const ImageView image = to_image(pixels);
  const LineInput input = without_gil([&] { return recipe.line_input(image); });
  return to_array(input.values, {input.shape[0], input.shape[1], 1});
}

}  // namespace

void register_recipe(py::module_& m) {
  py::class_<Recipe> bound(m, "Recipe", "How a network's inputs are made of files.");
  bound
      .def_static(
          "parse", [](const std::string& json, const Text& source) { return Recipe::parse(json, source.value); },
          py::arg("json"), py::arg("source"))
      .def("line_ink", &line_ink, py::arg("pixels").noconvert(), "uint8 [height, width], 0 is the ground.")
      .def("line_input", &line_input, py::arg("pixels").noconvert(), "float32 [x, y, 1].");
  refuse_pickling(bound, "a recipe's JSON text can be pickled, not what reads it");
}

}  // namespace rnnlib::python
