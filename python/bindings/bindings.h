// SPDX-License-Identifier: Apache-2.0
// One register function per idea; module.cpp calls them in order. Nothing numeric happens on this side of the border.
#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "rnnlib/rnnlib.h"

namespace rnnlib::python {

namespace py = pybind11;

// A path from Python (str, bytes or os.PathLike) in the file system's own bytes.
struct PathText {
  std::string value;
};

// Text from and to Python. Bytes that are not UTF-8 become what Python makes of them in file names (surrogateescape),
// since configs and saves hold file names.
struct Text {
  std::string value;
};

void register_errors(py::module_& m);
void register_random(py::module_& m);
void register_config(py::module_& m);
void register_tasks(py::module_& m);
void register_sequences(py::module_& m);
void register_graph(py::module_& m);
void register_decoders(py::module_& m);
void register_posteriors(py::module_& m);
void register_network(py::module_& m);
void register_backpropagation(py::module_& m);
void register_stream(py::module_& m);
void register_trainer(py::module_& m);
void register_augmentation(py::module_& m);
void register_save(py::module_& m);
void register_benchmark(py::module_& m);
void register_files(py::module_& m);
void register_language(py::module_& m);
void register_more_scorers(py::module_& m);
void register_token_passing(py::module_& m);
void register_c_table(py::module_& m);
void register_recipe(py::module_& m);

Precision parse_precision(const std::string& name);  // "float32" or "float64"; throws ConfigError
std::string precision_name(Precision precision);

// The array as the engine needs it, or a DataError that says what it is instead; `what`: the subject of the sentence.
template <class T>
py::array_t<T, py::array::c_style> checked_array(const py::object& object, const std::string& what) {
  const bool fits = py::isinstance<py::array_t<T, py::array::c_style>>(object) &&
                    (py::reinterpret_borrow<py::array>(object).flags() & py::detail::npy_api::NPY_ARRAY_ALIGNED_) != 0;
  if (!fits) {
    const std::string type =
        py::isinstance<py::array>(object)
            ? py::str(object.attr("dtype")).cast<std::string>() + " array, not C-contiguous, not aligned or"
            : py::str(py::type::of(object)).cast<std::string>() + ",";
    throw DataError(what + " must be a C-contiguous array of " + py::str(py::dtype::of<T>()).cast<std::string>() +
                    ", but is a " + type + " of another type");
  }
  return py::reinterpret_borrow<py::array_t<T, py::array::c_style>>(object);
}

// A new array holding a copy of the values.
template <class Number>
py::array_t<Number> to_array(const std::vector<Number>& values, const Shape& shape) {
  return py::array_t<Number>(std::vector<py::ssize_t>(shape.begin(), shape.end()), values.data());
}
// [positions, 2] first and last point.
py::array_t<Index> to_array(const std::vector<LabelPosition>& positions);

// A normalisation by variable: "inputs", "targetPatterns" -> (means, standard deviations).
using Scales = std::map<std::string, std::pair<std::vector<double>, std::vector<double>>>;
using Rows = py::array_t<double, py::array::c_style | py::array::forcecast>;
Scales to_scales(const Normalisation& normalisation);
void set_normalisation(Network& network, const Scales& scales);
py::array_t<double> denormalise(const Network& network, const Rows& outputs);

// A TypeError that says why, where something that cannot be is pickled or copied.
template <class Class>
void refuse_pickling(Class& bound, const char* reason) {
  bound.def("__reduce__", [reason](const py::object&) -> py::object { throw py::type_error(reason); });
}

// Sequences with the Python arrays they borrow from.
class SequenceBatch {
 public:
  void add(py::array inputs, py::object target, py::object target_patterns, py::object target_shape,
           py::object importance, const std::string& tag, const std::vector<Text>& words);
  const std::vector<Sequence>& sequences() const { return sequences_; }
  const Sequence& at(Index index) const;

 private:
  std::vector<Sequence> sequences_;
  std::vector<py::object> arrays_;
};

}  // namespace rnnlib::python

namespace pybind11::detail {

template <>
struct type_caster<rnnlib::python::PathText> {
  PYBIND11_TYPE_CASTER(rnnlib::python::PathText, const_name("str | bytes | os.PathLike"));

  bool load(handle source, bool /*convert*/) {
    PyObject* bytes = nullptr;
    if (PyUnicode_FSConverter(source.ptr(), &bytes) == 0) {
      if (PyErr_ExceptionMatches(PyExc_ValueError)) throw error_already_set();  // a NUL in the name
      PyErr_Clear();
      return false;
    }
    value.value = reinterpret_steal<pybind11::bytes>(bytes);
    return true;
  }
};

template <>
struct type_caster<rnnlib::python::Text> {
  PYBIND11_TYPE_CASTER(rnnlib::python::Text, const_name("str"));

  bool load(handle source, bool /*convert*/) {
    if (!PyUnicode_Check(source.ptr())) return false;
    PyObject* const encoded = PyUnicode_AsEncodedString(source.ptr(), "utf-8", "surrogateescape");
    if (encoded == nullptr) throw error_already_set();
    value.value = reinterpret_steal<pybind11::bytes>(encoded);
    return true;
  }
  static handle cast(const rnnlib::python::Text& text, return_value_policy /*policy*/, handle /*parent*/) {
    const auto size = static_cast<Py_ssize_t>(text.value.size());
    PyObject* const decoded = PyUnicode_DecodeUTF8(text.value.data(), size, "surrogateescape");
    if (decoded == nullptr) throw error_already_set();
    return decoded;
  }
};

}  // namespace pybind11::detail
