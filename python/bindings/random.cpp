// SPDX-License-Identifier: Apache-2.0
#include "bindings.h"

namespace rnnlib::python {

void register_random(py::module_& m) {
  py::class_<Random>(m, "Random", "xoshiro256**: the same numbers on every platform; its state is part of a save.")
      .def(py::init<std::uint64_t>(), py::arg("seed") = 0)
      .def("next", &Random::next)
      .def("uniform", py::overload_cast<double, double>(&Random::uniform), py::arg("low") = 0.0, py::arg("high") = 1.0)
      .def(
          "below",
          [](Random& self, std::int64_t n) {
            if (n <= 0) throw py::value_error("below(n) needs n > 0");
            return self.below(static_cast<std::uint64_t>(n));
          },
          py::arg("n"))
      .def("normal", &Random::normal)
      .def(
          "permutation",
          [](Random& self, Index n) {
            if (n < 0) throw py::value_error("permutation(n) needs n >= 0");
            const std::vector<Index> order = self.permutation(n);
            return py::array_t<std::int64_t>(static_cast<py::ssize_t>(order.size()), order.data());
          },
          py::arg("n"))
      .def_property("state", &Random::state, &Random::set_state)
      .def(py::pickle([](const Random& self) { return self.state(); },
                      [](const std::string& state) {
                        Random random;
                        random.set_state(state);
                        return random;
                      }));
}

}  // namespace rnnlib::python
