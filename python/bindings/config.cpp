// SPDX-License-Identifier: Apache-2.0
#include "bindings.h"

namespace rnnlib::python {

namespace {

const char* type_name(KeyType type) {
  switch (type) {
    case KeyType::kString:
      return "string";
    case KeyType::kBool:
      return "bool";
    case KeyType::kInt:
      return "int";
    case KeyType::kReal:
      return "real";
    case KeyType::kStringList:
      return "string list";
    case KeyType::kBoolList:
      return "bool list";
    case KeyType::kIntList:
      return "int list";
    case KeyType::kIntLists:
      return "int lists";
  }
  return "";
}

constexpr std::size_t kShownLabels = 20;   // of a long list
constexpr std::size_t kLongestList = 100;  // labels that are shown in full

std::string header_repr(const DataHeader& self) {
  const bool fold = self.labels.size() > kLongestList;
  const auto end = fold ? self.labels.begin() + kShownLabels : self.labels.end();
  std::string labels = py::repr(py::cast(std::vector<std::string>(self.labels.begin(), end)));
  if (fold) {
    labels.insert(labels.size() - 1, ", … " + std::to_string(self.labels.size() - kShownLabels) + " more");
  }
  return "DataHeader(num_dims=" + std::to_string(self.num_dims) + ", input_size=" + std::to_string(self.input_size) +
         ", target_size=" + std::to_string(self.target_size) + ", labels=" + labels + ")";
}

bool same_headers(const DataHeader& a, const DataHeader& b) {
  return a.num_dims == b.num_dims && a.input_size == b.input_size && a.target_size == b.target_size &&
         a.labels == b.labels;
}

void register_header(py::module_& m) {
  py::class_<DataHeader>(m, "DataHeader", "What a network must know of its data.")
      .def(py::init([](Index num_dims, Index input_size, Index target_size, std::vector<std::string> labels) {
             return DataHeader{num_dims, input_size, target_size, std::move(labels)};
           }),
           py::arg("num_dims"), py::arg("input_size"), py::arg("target_size") = 0,
           py::arg("labels") = std::vector<std::string>())
      .def_readwrite("num_dims", &DataHeader::num_dims)
      .def_readwrite("input_size", &DataHeader::input_size)
      .def_readwrite("target_size", &DataHeader::target_size)
      .def_readwrite("labels", &DataHeader::labels)
      .def("__repr__", &header_repr)
      .def("_repr_html_",
           [](const py::object& self) {
             return py::module_::import("rnnlib_py.data.html_tables").attr("header_html")(self).cast<std::string>();
           })
      .def(
          "__eq__", [](const DataHeader& self, const DataHeader& other) { return same_headers(self, other); },
          py::is_operator())
      .def(py::pickle(
          [](const DataHeader& self) {
            return py::make_tuple(self.num_dims, self.input_size, self.target_size, self.labels);
          },
          [](const py::tuple& state) {
            return DataHeader{state[0].cast<Index>(), state[1].cast<Index>(), state[2].cast<Index>(),
                              state[3].cast<std::vector<std::string>>()};
          }));
}

void register_keys(py::module_& m) {
  py::class_<KeyInfo>(m, "KeyInfo", "One row of the key table.")
      .def_readonly("name", &KeyInfo::name)
      .def_property_readonly("type", [](const KeyInfo& key) { return type_name(key.type); })
      .def_readonly("default_value", &KeyInfo::default_value)
      .def_readonly("range", &KeyInfo::range)
      .def_readonly("choices", &KeyInfo::choices)
      .def_readonly("group", &KeyInfo::group)
      .def_readonly("meaning", &KeyInfo::meaning)
      .def_readonly("available", &KeyInfo::available)
      .def_readonly("unavailable_choices", &KeyInfo::unavailable_choices);
  m.def("key_table", &key_table, "Every config key there is.");
  m.def("unknown_key_hint", [](const std::string& name) { return unknown_key_hint(name); }, py::arg("name"));
}

}  // namespace

void register_config(py::module_& m) {
  m.def(
      "ignored_words",
      [](const Text& text, const Text& source) {
        std::map<std::string, Text> sentences;
        for (auto& [name, sentence] : ignored_words(text.value, source.value)) sentences[name] = {sentence};
        return sentences;
      },
      py::arg("text"), py::arg("source"), "Words after a value that are passed over: key -> a sentence.");
  register_keys(m);
  py::class_<Config>(m, "Config", "Known keys with values of the right type and range.")
      .def(py::init<>())
      .def_static(
          "parse", [](const Text& text, const Text& source) { return Config::parse(text.value, source.value); },
          py::arg("text"), py::arg("source"))
      .def(
          "set",
          [](Config& self, const Text& name, const Text& value, const Text& where) {
            self.set(name.value, value.value, where.value);
          },
          py::arg("name"), py::arg("value"), py::arg("where") = "")
      .def("remove", &Config::remove, py::arg("name"))
      .def("has", &Config::has, py::arg("name"))
      .def(
          "get_string", [](const Config& self, const Text& name) { return Text{self.get_string(name.value)}; },
          py::arg("name"))
      .def("get_bool", &Config::get_bool, py::arg("name"))
      .def("get_int", &Config::get_int, py::arg("name"))
      .def("get_real", &Config::get_real, py::arg("name"))
      .def(
          "get_string_list",
          [](const Config& self, const std::string& name) {
            std::vector<Text> texts;
            for (std::string& text : self.get_string_list(name)) texts.push_back({std::move(text)});
            return texts;
          },
          py::arg("name"))
      .def("get_bool_list", &Config::get_bool_list, py::arg("name"))
      .def("get_int_list", &Config::get_int_list, py::arg("name"))
      .def("get_int_lists", &Config::get_int_lists, py::arg("name"))
      .def("items",
           [](const Config& self) {
             std::map<std::string, Text> items;
             for (const auto& [name, value] : self.items()) items[name] = {value};
             return items;
           })
      .def("text", [](const Config& self) { return Text{self.text()}; })
      .def("unused_warnings", &Config::unused_warnings)
      .def("copy", [](const Config& self) { return Config(self); });

  register_header(m);
}

}  // namespace rnnlib::python
