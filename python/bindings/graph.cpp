// SPDX-License-Identifier: Apache-2.0
// A network as data.
#include "rnnlib/graph.h"

#include "bindings.h"

namespace rnnlib::python {

void register_graph(py::module_& m) {
  py::class_<Connection>(m, "Connection", "A connection, and the range of the flat weight vector that it uses.")
      .def_readonly("name", &Connection::name)
      .def_readonly("offset", &Connection::offset)
      .def_readonly("rows", &Connection::rows)
      .def_readonly("cols", &Connection::cols)
      .def_property_readonly("size", &Connection::size)
      .def_property_readonly("kind", [](const Connection& self) { return to_string(self.kind); })
      .def_readonly("source", &Connection::source)
      .def_readonly("target", &Connection::target)
      .def_readonly("delay", &Connection::delay)
      .def_readonly("owner", &Connection::owner)
      .def_readonly("gates", &Connection::gates);
  py::class_<LayerInfo>(m, "LayerInfo", "A layer; a row of the network table.")
      .def_readonly("name", &LayerInfo::name)
      .def_readonly("type", &LayerInfo::type)
      .def_readonly("directions", &LayerInfo::directions)
      .def_readonly("size", &LayerInfo::size)
      .def_readonly("num_weights", &LayerInfo::num_weights)
      .def_readonly("kind", &LayerInfo::kind)
      .def_readonly("level", &LayerInfo::level)
      .def_readonly("direction", &LayerInfo::direction)
      .def_readonly("block", &LayerInfo::block)
      .def_readonly("kernel", &LayerInfo::kernel)
      .def_readonly("sources", &LayerInfo::sources);
  py::class_<Graph>(m, "Graph", "A network's layers, from the input up, and its connections.")
      .def_readonly("layers", &Graph::layers)
      .def_readonly("connections", &Graph::connections);
}

}  // namespace rnnlib::python
