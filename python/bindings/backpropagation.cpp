// SPDX-License-Identifier: Apache-2.0
// A network as a part of a larger model: arrays are read and written where they lie.
#include "rnnlib/backpropagation.h"

#include <optional>
#include <variant>

#include "bindings.h"
#include "gil.h"
#include "one_thread.h"

namespace rnnlib::python {

namespace {

NetworkRows parse_rows(const std::string& name) {
  if (name == "outputs") return NetworkRows::kOutputs;
  if (name == "net_inputs") return NetworkRows::kNetInputs;
  if (name == "hidden") return NetworkRows::kHidden;
  throw ConfigError("unknown rows '" + name + "': expected outputs, net_inputs or hidden");
}

template <class Real>
Numbers<const Real> to_read(const py::object& object, const char* what) {
  if (object.is_none()) return {};
  const auto array = checked_array<Real>(object, what);
  return {array.data(), array.size()};
}

template <class Real>
Numbers<Real> to_write(const py::object& object, const char* what) {
  if (object.is_none()) return {};
  auto array = checked_array<Real>(object, what);
  if (!array.writeable()) throw DataError(std::string(what) + ": the array is read-only");
  return {array.mutable_data(), array.size()};
}

using AnyPass = std::variant<Backpropagation<float>, Backpropagation<double>>;

AnyPass make_pass(const Network& network, BackpropagationOptions options) {
  if (network.precision() == Precision::kFloat) return Backpropagation<float>(network, std::move(options));
  return Backpropagation<double>(network, std::move(options));
}

// Keeps its network alive.
class PyBackpropagation {
 public:
  PyBackpropagation(py::object network, BackpropagationOptions options)
      : network_(std::move(network)), pass_(make_pass(network_.cast<const Network&>(), std::move(options))) {}

  Index row_size() const {
    return std::visit([](const auto& pass) { return pass.row_size(); }, pass_);
  }
  Shape row_shape(const Shape& shape) const {
    return std::visit([&](const auto& pass) { return pass.row_shape(shape); }, pass_);
  }

  void forward(const std::vector<py::object>& weights, const std::vector<Shape>& shapes, const py::object& inputs,
               const py::object& rows) {
    const OneThread::Use use(user_, kName);
    std::visit([&](auto& pass) { forward_in(pass, weights, shapes, inputs, rows); }, pass_);
  }
  void backward(const std::vector<py::object>& d_weights, const py::object& d_inputs, const py::object& d_rows) {
    const OneThread::Use use(user_, kName);
    std::visit([&](auto& pass) { backward_in(pass, d_weights, d_inputs, d_rows); }, pass_);
  }

 private:
  static constexpr const char* kName = "Backpropagation";

  template <class Real>
  static void forward_in(Backpropagation<Real>& pass, const std::vector<py::object>& weights,
                         const std::vector<Shape>& shapes, const py::object& inputs, const py::object& rows) {
    std::vector<Numbers<const Real>> parts;
    for (const py::object& part : weights) parts.push_back(to_read<Real>(part, "weights"));
    const Numbers<const Real> from = to_read<Real>(inputs, "inputs");
    const Numbers<Real> to = to_write<Real>(rows, "rows");
    const GilReleased released;
    pass.forward(parts, shapes, from, to);
  }

  template <class Real>
  static void backward_in(Backpropagation<Real>& pass, const std::vector<py::object>& d_weights,
                          const py::object& d_inputs, const py::object& d_rows) {
    std::vector<Numbers<Real>> parts;
    for (const py::object& part : d_weights) parts.push_back(to_write<Real>(part, "gradients of weights"));
    const Numbers<Real> to = to_write<Real>(d_inputs, "gradients of inputs");
    const Numbers<const Real> from = to_read<Real>(d_rows, "errors of rows");
    const GilReleased released;
    pass.backward(parts, to, from);
  }

  py::object network_;
  AnyPass pass_;
  OneThread user_;
};

}  // namespace

void register_backpropagation(py::module_& m) {
  py::class_<PyBackpropagation> pass(m, "Backpropagation", "A forward pass, and a backward pass from given errors.");
  pass.def(py::init([](py::object network, const std::string& rows, bool with_gradient, bool with_input_gradient,
                       int threads, double dropout, std::vector<std::uint64_t> seeds) {
             return std::make_unique<PyBackpropagation>(
                 std::move(network), BackpropagationOptions{parse_rows(rows), with_gradient, with_input_gradient,
                                                            threads, dropout, std::move(seeds)});
           }),
           py::arg("network"), py::arg("rows") = "outputs", py::arg("with_gradient") = true,
           py::arg("with_input_gradient") = true, py::arg("threads") = 1, py::arg("dropout") = 0.0,
           py::arg("seeds") = std::vector<std::uint64_t>())
      .def_property_readonly("row_size", &PyBackpropagation::row_size)
      .def("row_shape", &PyBackpropagation::row_shape, py::arg("shape"))
      .def("forward", &PyBackpropagation::forward, py::arg("weights"), py::arg("shapes"), py::arg("inputs"),
           py::arg("rows"), "Writes rows (points of all sequences, row_size).")
      .def("backward", &PyBackpropagation::backward, py::arg("d_weights"), py::arg("d_inputs"), py::arg("d_rows"),
           "Writes d_weights and d_inputs.");
  refuse_pickling(pass, "a Backpropagation is a pass under way and cannot be pickled or copied");
}

}  // namespace rnnlib::python
