// SPDX-License-Identifier: Apache-2.0
#include "rnnlib/files.h"

#include "bindings.h"
#include "gil.h"

namespace rnnlib::python {

void register_files(py::module_& m) {
  m.def(
      "read_file",
      [](const PathText& path) {
        std::string text;
        {
          const GilReleased released;
          text = read_file(path.value);
        }
        return py::bytes(text);
      },
      py::arg("path"), "A regular file's content.");
  m.def(
      "replace_file",
      [](const PathText& path, const py::bytes& text) {
        const auto view = static_cast<std::string_view>(text);
        const GilReleased released;
        replace_file(path.value, view);
      },
      py::arg("path"), py::arg("text"), "Gives a file a new content: all of it, or none.");
  py::class_<Replacement>(m, "Replacement", "A new content for a file, written under a temporary name.")
      .def(py::init([](const PathText& path) { return std::make_unique<Replacement>(path.value); }), py::arg("path"))
      .def_property_readonly("temporary", [](const Replacement& self) { return py::bytes(self.temporary()); })
      .def("commit", &Replacement::commit, py::call_guard<GilReleased>())
      .def("discard", &Replacement::discard);
}

}  // namespace rnnlib::python
