// SPDX-License-Identifier: Apache-2.0
#include "bindings.h"

namespace rnnlib::python {

namespace {

template <class T>
py::array_t<T, py::array::c_style> checked(const py::object& object, const char* what, const std::string& tag) {
  return checked_array<T>(object, "sequence '" + tag + "': " + what);
}

}  // namespace

void SequenceBatch::add(py::array inputs, py::object target, py::object target_patterns, py::object target_shape,
                        py::object importance, const std::string& tag, const std::vector<Text>& words) {
  Sequence sequence;
  sequence.set_tag(tag);
  const auto values = checked<float>(inputs, "inputs", tag);
  if (values.ndim() < 1) throw DataError("sequence '" + tag + "': inputs need the shape (*shape, input size)");
  const Shape shape(values.shape(), values.shape() + values.ndim() - 1);
  sequence.set_inputs(values.data(), shape, values.shape(values.ndim() - 1));
  std::vector<py::object> borrowed{values};
  if (!target.is_none()) {
    const auto classes = checked<std::int32_t>(target, "target", tag);
    sequence.set_target(classes.data(), classes.size());
    borrowed.push_back(classes);
  }
  if (!target_patterns.is_none()) {
    const auto patterns = checked<float>(target_patterns, "target_patterns", tag);
    if (patterns.ndim() != 2) {
      throw DataError("sequence '" + tag + "': target_patterns need the shape (target points, target size)");
    }
    sequence.set_target_patterns(patterns.data(), patterns.shape(0), patterns.shape(1));
    borrowed.push_back(patterns);
  }
  if (!target_shape.is_none()) sequence.set_target_shape(target_shape.cast<Shape>());
  if (!importance.is_none()) {
    const auto weights = checked<float>(importance, "importance", tag);
    sequence.set_importance(weights.data(), weights.size());
    borrowed.push_back(weights);
  }
  std::vector<std::string> target_words;
  for (const Text& word : words) target_words.push_back(word.value);
  sequence.set_target_words(std::move(target_words));
  sequences_.push_back(std::move(sequence));
  arrays_.insert(arrays_.end(), borrowed.begin(), borrowed.end());
}

const Sequence& SequenceBatch::at(Index index) const {
  if (index < 0 || index >= static_cast<Index>(sequences_.size())) {
    throw py::index_error("the batch has " + std::to_string(sequences_.size()) + " sequences");
  }
  return sequences_[static_cast<std::size_t>(index)];
}

void register_sequences(py::module_& m) {
  py::class_<SequenceBatch>(m, "SequenceBatch", "Sequences as the engine sees them; keeps their arrays alive.")
      .def(py::init<>())
      .def("add", &SequenceBatch::add, py::arg("inputs"), py::arg("target") = py::none(),
           py::arg("target_patterns") = py::none(), py::arg("target_shape") = py::none(),
           py::arg("importance") = py::none(), py::arg("tag") = "", py::arg("words") = std::vector<Text>())
      .def("__len__", [](const SequenceBatch& self) { return self.sequences().size(); });

  py::class_<NamedError>(m, "NamedError", "An error of a data set: value, norm, and figure = value / norm.")
      .def_readonly("name", &NamedError::name)
      .def_readonly("value", &NamedError::value)
      .def_readonly("norm", &NamedError::norm)
      .def_property_readonly("figure", &NamedError::figure);
  m.def("prints_as_percent", &prints_as_percent, py::arg("name"));

  py::class_<SkippedTarget>(m, "SkippedTarget", "A transcription target that needs more steps than there are.")
      .def(py::init([](std::string tag, Index needed, Index available) {
             return SkippedTarget{std::move(tag), needed, available};
           }),
           py::arg("tag"), py::arg("needed"), py::arg("available"))
      .def_readonly("tag", &SkippedTarget::tag)
      .def_readonly("needed", &SkippedTarget::needed)
      .def_readonly("available", &SkippedTarget::available);
}

}  // namespace rnnlib::python
