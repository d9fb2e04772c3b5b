// SPDX-License-Identifier: Apache-2.0
#include "bindings.h"
#include "gil.h"

namespace rnnlib::python {

void register_benchmark(py::module_& m) {
  m.def(
      "product_rate",
      [](Index size, const std::string& precision, double seconds) {
        const Precision parsed = parse_precision(precision);
        const GilReleased released;
        return product_rate(size, parsed, seconds);
      },
      py::arg("size") = 1024, py::arg("precision") = "float32", py::arg("seconds") = 0.2,
      "Multiply-accumulates per second of the engine's own product of square matrices in one thread.");
}

}  // namespace rnnlib::python
