// SPDX-License-Identifier: Apache-2.0
#include <optional>

#include "bindings.h"
#include "gil.h"

namespace rnnlib::python {

Precision parse_precision(const std::string& name) {
  if (name == "float32" || name == "float") return Precision::kFloat;
  if (name == "float64" || name == "double") return Precision::kDouble;
  throw ConfigError("unknown precision '" + name + "': expected float32 or float64");
}

std::string precision_name(Precision precision) { return precision == Precision::kFloat ? "float32" : "float64"; }

py::array_t<Index> to_array(const std::vector<LabelPosition>& positions) {
  py::array_t<Index> array({static_cast<py::ssize_t>(positions.size()), py::ssize_t{2}});
  Index* to = array.mutable_data();
  for (const LabelPosition& position : positions) {
    *to++ = position.first;
    *to++ = position.last;
  }
  return array;
}

namespace {

py::array_t<double> to_array(const std::vector<double>& values) {
  return python::to_array(values, {static_cast<Index>(values.size())});
}

Shape with_size(Shape shape, Index size) {
  shape.push_back(size);
  return shape;
}

void register_results(py::module_& m) {
  py::class_<Reading>(m, "Reading", "One of the labellings that a decoder found.")
      .def_readonly("labels", &Reading::labels)
      .def_property_readonly("positions", [](const Reading& self) { return python::to_array(self.positions); })
      .def_property_readonly("confidences", [](const Reading& self) { return to_array(self.confidences); })
      .def_readonly("words", &Reading::words)
      .def_readonly("log_probability", &Reading::log_probability)
      .def_readonly("score", &Reading::score);
  py::class_<Prediction>(m, "Prediction", "What a network says about one sequence.")
      .def_readonly("labels", &Prediction::labels)
      .def_property_readonly("positions", [](const Prediction& self) { return python::to_array(self.positions); })
      .def_property_readonly("input_positions",
                             [](const Prediction& self) { return python::to_array(self.input_positions); })
      .def_property_readonly("confidences", [](const Prediction& self) { return to_array(self.confidences); })
      .def_readonly("readings", &Prediction::readings)
      .def_property_readonly("outputs", [](const Prediction& self) {
        return python::to_array(self.outputs, with_size(self.shape, self.size));
      });
  py::class_<Alignment>(m, "Alignment", "Where the labels of a target are.")
      .def_readonly("labels", &Alignment::labels)
      .def_property_readonly("positions", [](const Alignment& self) { return python::to_array(self.positions); })
      .def_property_readonly("input_positions",
                             [](const Alignment& self) { return python::to_array(self.input_positions); })
      .def_property_readonly("scores", [](const Alignment& self) { return to_array(self.scores); })
      .def_readonly("points", &Alignment::points)
      .def_readonly("path_log_probability", &Alignment::path_log_probability)
      .def_readonly("log_probability", &Alignment::log_probability);
  py::class_<GradientCheckConnection>(m, "GradientCheckConnection")
      .def_readonly("name", &GradientCheckConnection::name)
      .def_readonly("checked", &GradientCheckConnection::checked)
      .def_readonly("largest_difference", &GradientCheckConnection::largest_difference);
  py::class_<GradientMismatch>(m, "GradientMismatch")
      .def_readonly("connection", &GradientMismatch::connection)
      .def_readonly("index", &GradientMismatch::index)
      .def_readonly("exact", &GradientMismatch::exact)
      .def_readonly("numeric", &GradientMismatch::numeric);
  py::class_<GradientCheckReport>(m, "GradientCheckReport")
      .def_property_readonly("passed", &GradientCheckReport::passed)
      .def_readonly("connections", &GradientCheckReport::connections)
      .def_readonly("mismatches", &GradientCheckReport::mismatches);
}

py::dict shared_connections(const Network& network) {
  py::dict shared;
  for (const SharedConnection& connection : network.shared_connections()) {
    shared[py::str(connection.name)] = connection.owner;
  }
  return shared;
}

py::dict memory(const Network& network, const Shape& shape, Index sequences, Index target_length, int threads) {
  const MemoryEstimate estimate = network.memory(shape, {sequences, target_length, threads});
  py::dict result;
  result["weights"] = estimate.weights_bytes;
  result["update"] = estimate.update_bytes;
  result["batch"] = estimate.batch_sequences;
  result["workspaces"] = estimate.workspaces;
  result["predict"] = estimate.predict_bytes;
  result["train"] = estimate.train_bytes;
  return result;
}

using Snapshot = std::optional<WeightSnapshot>;

RunOptions run_options(int threads, bool raw, const Snapshot& snapshot) {
  RunOptions options;
  options.threads = threads;
  options.raw = raw;
  if (snapshot) options.weights = *snapshot;
  return options;
}

py::tuple evaluate(const Network& network, const SequenceBatch& batch, int threads, bool verbose, bool confusion_matrix,
                   bool legacy_errors, bool raw, const Snapshot& snapshot, const std::shared_ptr<Decoder>& decoder) {
  RunOptions options = run_options(threads, raw, snapshot);
  options.verbose = verbose;
  options.confusion_matrix = confusion_matrix;
  options.legacy_errors = legacy_errors;
  options.decoder = decoder;
  Metrics metrics;
  std::vector<SkippedTarget> skipped;
  {
    const GilReleased released;
    metrics = network.evaluate(batch.sequences(), options, &skipped);
  }
  return py::make_tuple(metrics.errors(), skipped);
}

py::tuple gradient(const Network& network, const SequenceBatch& batch, int threads, bool clip, bool raw,
                   const Snapshot& snapshot) {
  const RunOptions options = run_options(threads, raw, snapshot);
  GradientResult result;
  {
    const GilReleased released;
    result = network.gradient(batch.sequences(), options, clip);
  }
  return py::make_tuple(result.error, to_array(result.gradient), result.metrics.errors());
}

std::vector<Prediction> predict(const Network& network, const SequenceBatch& batch, int threads, bool raw,
                                const Snapshot& snapshot, const std::shared_ptr<Decoder>& decoder) {
  RunOptions options = run_options(threads, raw, snapshot);
  options.decoder = decoder;
  const GilReleased released;
  return network.predict(batch.sequences(), options);
}

py::tuple align(const Network& network, const SequenceBatch& batch, int threads, bool raw, const Snapshot& snapshot) {
  const RunOptions options = run_options(threads, raw, snapshot);
  std::vector<Alignment> alignments;
  std::vector<SkippedTarget> skipped;
  {
    const GilReleased released;
    alignments = network.align(batch.sequences(), options, &skipped);
  }
  return py::make_tuple(alignments, skipped);
}

py::dict to_dict(const std::vector<TraceVariable>& variables) {
  py::dict result;
  for (const TraceVariable& variable : variables) {
    result[py::str(variable.name)] = python::to_array(variable.values, variable.shape);
  }
  return result;
}

py::dict trace(const Network& network, const SequenceBatch& batch, Index index, bool raw) {
  const Sequence& sequence = batch.at(index);
  std::vector<TraceVariable> variables;
  {
    const GilReleased released;
    variables = network.trace(sequence, run_options(1, raw, {}));
  }
  return to_dict(variables);
}

py::dict jacobian(const Network& network, const SequenceBatch& batch, Index index, const Shape& point,
                  std::optional<Index> unit, bool raw) {
  const Sequence& sequence = batch.at(index);
  // A negative number is not to be taken for "all".
  if (unit && *unit < 0) throw ConfigError("output coordinates: there is no unit " + std::to_string(*unit));
  std::vector<TraceVariable> variables;
  {
    const GilReleased released;
    variables =
        network.jacobian(sequence, {point, unit.value_or(OutputCoordinates::kAllUnits)}, run_options(1, raw, {}));
  }
  return to_dict(variables);
}

GradientCheckReport check(const Network& network, const SequenceBatch& batch, Index index, double perturbation,
                          int significant_figures, bool break_on_error, int threads, bool raw) {
  const Sequence& sequence = batch.at(index);
  const GilReleased released;
  return check_gradient(network, sequence, {perturbation, significant_figures, break_on_error, threads, raw});
}

// A change of weights waits for another thread's: it is made without the GIL.
void set_weights(Network& network, const py::array_t<double, py::array::c_style | py::array::forcecast>& weights,
                 const std::optional<std::vector<std::string>>& names) {
  const std::vector<double> values(weights.data(), weights.data() + weights.size());
  const GilReleased released;
  names ? network.set_weights(values, *names) : network.set_weights(values);
}

// `random` is drawn from with the GIL.
void randomise(Network& network, Random& random, double range) {
  Random own = random;
  {
    const GilReleased released;
    network.randomise(own, range);
  }
  random = own;
}

template <class Result>
Result without_gil(const Network& network, Result (Network::*method)() const) {
  const GilReleased released;
  return (network.*method)();
}

}  // namespace

void register_network(py::module_& m) {
  register_results(m);
  py::class_<WeightSnapshot>(m, "WeightSnapshot",
                             "A network's weights as they were; for calls that must see the same.");
  py::class_<Network>(m, "Network", "A network: spec and weights.")
      .def(py::init([](const Config& config, const DataHeader& header, const std::string& precision) {
             return Network(make_network_spec(config, header), parse_precision(precision));
           }),
           py::arg("config"), py::arg("header"), py::arg("precision") = "float32", "All weights are 0.")
      .def_property_readonly("precision", [](const Network& n) { return precision_name(n.precision()); })
      .def_property_readonly("num_weights", &Network::num_weights)
      .def_property_readonly("header", [](const Network& n) { return n.spec().data; })
      .def_property_readonly("task", [](const Network& n) { return to_string(n.spec().task); })
      .def_property_readonly("output_size", [](const Network& n) { return n.spec().output_size(); })
      .def("connections", &Network::connections)
      .def("shared_connections", &shared_connections, "Name -> owner of connections that own no weights.")
      .def("weights", [](const Network& n) { return to_array(without_gil(n, &Network::weights)); })
      .def("snapshot", [](const Network& n) { return without_gil(n, &Network::snapshot); })
      .def("set_weights", &set_weights, py::arg("weights"), py::arg("names") = py::none(),
           "Of all connections, or of those named only.")
      .def("randomise", &randomise, py::arg("random"), py::arg("range"))
      .def(
          "normalisation", [](const Network& n) { return to_scales(n.normalisation()); },
          "\"inputs\", \"targetPatterns\" -> (means, stds), for those there are.")
      .def("set_normalisation", &set_normalisation, py::arg("scales"))
      .def_property("recipe", &Network::recipe, &Network::set_recipe)
      .def("denormalise", &denormalise, py::arg("outputs"), "Outputs (points, units) in the units of raw targets.")
      .def_property_readonly("graph", &Network::graph, py::return_value_policy::copy)
      .def("layers", &Network::layers)
      .def("layer_shapes", &Network::layer_shapes, py::arg("shape"), "Like graph.layers: shapes of their points.")
      .def("output_shape", &Network::output_shape, py::arg("shape"))
      .def("output_step", &Network::output_step)
      .def("memory", &memory, py::arg("shape"), py::arg("sequences") = 1, py::arg("target_length") = 0,
           py::arg("threads") = 1, "Bytes: weights, update, predict, train; numbers: batch, workspaces.")
      .def("evaluate", &evaluate, py::arg("batch"), py::arg("threads") = 1, py::arg("verbose") = false,
           py::arg("confusion_matrix") = false, py::arg("legacy_errors") = false, py::arg("raw") = false,
           py::arg("snapshot") = py::none(), py::arg("decoder") = py::none())
      .def("gradient", &gradient, py::arg("batch"), py::arg("threads") = 1, py::arg("clip") = true,
           py::arg("raw") = false, py::arg("snapshot") = py::none())
      .def("predict", &predict, py::arg("batch"), py::arg("threads") = 1, py::arg("raw") = false,
           py::arg("snapshot") = py::none(), py::arg("decoder") = py::none())
      .def("align", &align, py::arg("batch"), py::arg("threads") = 1, py::arg("raw") = false,
           py::arg("snapshot") = py::none(), "Alignments, empty for targets that do not fit, and those targets.")
      .def("trace", &trace, py::arg("batch"), py::arg("index"), py::arg("raw") = false)
      .def("jacobian", &jacobian, py::arg("batch"), py::arg("index"), py::arg("point"), py::arg("unit") = py::none(),
           py::arg("raw") = false, "Variables after a backward pass from an output point; unit None: all of its units.")
      .def("check_gradient", &check, py::arg("batch"), py::arg("index"), py::arg("perturbation") = 1e-5,
           py::arg("significant_figures") = 6, py::arg("break_on_error") = true, py::arg("threads") = 1,
           py::arg("raw") = false);
}

}  // namespace rnnlib::python
