// SPDX-License-Identifier: Apache-2.0
// How sure a reading is, from outputs and from a decoder's readings.
#include "bindings.h"
#include "gil.h"
#include "outputs.h"

namespace rnnlib::python {
namespace {

using Labels = std::vector<Index>;

py::tuple to_tuple(const Posteriors& found) {
  return py::make_tuple(to_array(found.labels, {static_cast<Index>(found.labels.size())}),
                        to_array(found.words, {static_cast<Index>(found.words.size())}), found.line);
}

py::tuple of_lattice(const Labels& labels, const OutputArray& outputs, double temperature, Index separator) {
  const PointOutputs given(outputs);
  Posteriors found;
  {
    const GilReleased released;
    found = lattice_posteriors(labels, given.values, given.points, given.units, {temperature, separator});
  }
  return to_tuple(found);
}

py::tuple of_readings(const std::vector<Labels>& labels, const std::vector<double>& scores, double temperature,
                      Index separator) {
  std::vector<Reading> readings(std::min(labels.size(), scores.size()));
  for (std::size_t i = 0; i < readings.size(); ++i) {
    readings[i].labels = labels[i];
    readings[i].score = scores[i];
  }
  return to_tuple(reading_posteriors(readings, {temperature, separator}));
}

double log_probability(const Labels& labels, const OutputArray& outputs, double temperature) {
  const PointOutputs given(outputs);
  const GilReleased released;
  return labelling_log_probability(labels, given.values, given.points, given.units, temperature);
}

}  // namespace

void register_posteriors(py::module_& m) {
  m.def("lattice_posteriors", &of_lattice, py::arg("labels"), py::arg("outputs"), py::arg("temperature") = 1.0,
        py::arg("separator") = -1, "Of the labels, of the words, and of the line.");
  m.def("reading_posteriors", &of_readings, py::arg("labels"), py::arg("scores"), py::arg("temperature") = 1.0,
        py::arg("separator") = -1, "The same of the first of some readings: labels and scores of each.");
  m.def("labelling_log_probability", &log_probability, py::arg("labels"), py::arg("outputs"),
        py::arg("temperature") = 1.0);
}

}  // namespace rnnlib::python
