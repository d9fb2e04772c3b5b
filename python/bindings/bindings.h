// SPDX-License-Identifier: Apache-2.0
// One register function per idea; module.cpp calls them in order. Nothing numeric happens on this side of the border.
#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <string>
#include <vector>

#include "rnnlib/rnnlib.h"

namespace rnnlib::python {

namespace py = pybind11;

void register_errors(py::module_& m);
void register_random(py::module_& m);
void register_config(py::module_& m);
void register_sequences(py::module_& m);
void register_network(py::module_& m);
void register_stream(py::module_& m);
void register_trainer(py::module_& m);
void register_save(py::module_& m);
void register_benchmark(py::module_& m);
void register_c_table(py::module_& m);

Precision parse_precision(const std::string& name);  // "float32" or "float64"; throws ConfigError
std::string precision_name(Precision precision);

// A new array holding a copy of the values.
py::array_t<double> to_array(const std::vector<double>& values, const Shape& shape);

// A TypeError that says why, where something that cannot be is pickled or copied.
template <class Class>
void refuse_pickling(Class& bound, const char* reason) {
  bound.def("__reduce__", [reason](const py::object&) -> py::object { throw py::type_error(reason); });
}

// Sequences with the Python arrays they borrow from.
class SequenceBatch {
 public:
  void add(py::array inputs, py::object target, py::object target_patterns, py::object target_shape,
           py::object importance, const std::string& tag);
  const std::vector<Sequence>& sequences() const { return sequences_; }
  const Sequence& at(Index index) const;

 private:
  std::vector<Sequence> sequences_;
  std::vector<py::object> arrays_;
};

}  // namespace rnnlib::python
