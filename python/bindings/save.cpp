// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "gil.h"
#include "trainer.h"

namespace rnnlib::python {

namespace {

// Its text, in files and out of them.
void add_text(py::class_<Save>& save) {
  save.def_static(
          "parse", [](const Text& text, const Text& source) { return Save::parse(text.value, source.value); },
          py::arg("text"), py::arg("source"))
      .def_static(
          "parse",
          [](const py::bytes& bytes, const Text& source) {
            const auto view = static_cast<std::string_view>(bytes);
            const GilReleased released;
            return Save::parse(view, source.value);
          },
          py::arg("text"), py::arg("source"))
      .def_static(
          "read",
          [](const PathText& path) {
            const GilReleased released;
            return Save::read(path.value);
          },
          py::arg("path"))
      .def(
          "text",
          [](const Save& self, const std::string& precision) { return Text{self.text(parse_precision(precision))}; },
          py::arg("precision") = "float32")
      .def(
          "write",
          [](const Save& self, const PathText& path, const std::string& precision) {
            const Precision digits = parse_precision(precision);
            const GilReleased released;
            self.write(path.value, digits);
          },
          py::arg("path"), py::arg("precision") = "float32");
}

// What it holds beside weights.
void add_parts(py::class_<Save>& save) {
  save.def_property(
          "config", [](const Save& self) { return self.config; },
          [](Save& self, const Config& config) { self.config = config; })
      .def(
          "get_value",
          [](const Save& self, const std::string& name) -> py::object {
            const auto found = self.values.find(name);
            if (found == self.values.end()) return py::none();
            return py::cast(Text{found->second});
          },
          py::arg("name"))
      .def(
          "set_value", [](Save& self, const Text& name, const Text& value) { self.values[name.value] = value.value; },
          py::arg("name"), py::arg("value"))
      .def(
          "normalisation", [](const Save& self) { return to_scales(saved_normalisation(self)); },
          "\"inputs\", \"targetPatterns\" -> (means, stds), for those there are.")
      .def("header", [](const Save& self) { return data_header(self); })
      .def_readwrite("metadata", &Save::metadata)
      .def_property_readonly("tensor_types", [](const Save& self) {
        std::set<std::string> types;
        for (const auto& [name, tensor] : self.tensors) types.insert(to_string(tensor.type));
        return types;
      });
}

// A network and a trainer, into it and out of it.
void add_state(py::class_<Save>& save) {
  save.def(
          "load_network",
          [](const Save& self, const std::string& precision) { return load_network(self, parse_precision(precision)); },
          py::arg("precision") = "float32")
      .def(
          "store_network",
          [](Save& self, const Network& network) {
            const GilReleased released;
            store_network(network, self);
          },
          py::arg("network"))
      .def(
          "store_trainer",
          [](Save& self, const PyTrainer& trainer, const Network& network) {
            const OneThread::Use use(trainer.user, "Trainer");
            const GilReleased released;
            store_trainer(trainer, network, self);
          },
          py::arg("trainer"), py::arg("network"))
      .def(
          "restore_trainer",
          [](const Save& self, const Network& network, PyTrainer& trainer) {
            const OneThread::Use use(trainer.user, "Trainer");
            const GilReleased released;
            return restore_trainer(self, network, trainer);
          },
          py::arg("network"), py::arg("trainer"));
}

}  // namespace

void register_save(py::module_& m) {
  m.def(
      "to_safetensors",
      [](const Network& network, const Config& config, const std::string& type,
         const std::map<std::string, Text>& metadata) {
        SafetensorsOptions options;
        if (!type.empty()) options.type = parse_tensor_type(type);
        for (const auto& [name, text] : metadata) options.metadata[name] = text.value;
        std::string bytes;
        {
          const GilReleased released;
          bytes = to_safetensors(network, config, options);
        }
        return py::bytes(bytes);
      },
      py::arg("network"), py::arg("config"), py::arg("type"), py::arg("metadata"),
      "A safetensors file's content; type \"\": the network's own.");
  m.def(
      "looks_like_safetensors",
      [](const py::bytes& bytes) { return looks_like_safetensors(static_cast<std::string_view>(bytes)); },
      py::arg("bytes"));
  m.def("looks_like_save", [](const Text& text) { return looks_like_save(text.value); }, py::arg("text"));
  py::class_<Save> save(m, "Save", "RNNLIB's save file: a config, then named vectors.");
  save.def(py::init<>());
  add_text(save);
  add_parts(save);
  add_state(save);
}

}  // namespace rnnlib::python
