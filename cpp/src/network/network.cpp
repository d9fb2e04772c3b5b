// SPDX-License-Identifier: Apache-2.0
#include "rnnlib/network.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "network/check_sequence.h"
#include "network/engine_base.h"
#include "network/normalise.h"
#include "rnnlib/error.h"

namespace rnnlib {

namespace {

void check_rows(const void* rows, Index count, const char* what) {
  if (count < 0) throw DataError(std::to_string(count) + " points of " + what + ", expected at least 0");
  if (count > 0 && rows == nullptr) throw DataError(std::string("there are no ") + what);
}

const Connection& find_connection(const std::string& name, const std::vector<Connection>& connections) {
  const auto found =
      std::find_if(connections.begin(), connections.end(), [&](const Connection& c) { return c.name == name; });
  if (found == connections.end()) throw DataError("the network has no connection " + name + " with weights of its own");
  return *found;
}

// The weights of some connections, in a vector of all.
void check_weights(const std::vector<double>& weights, const std::vector<Connection>& connections, Index num_weights,
                   Precision precision) {
  if (static_cast<Index>(weights.size()) != num_weights) {
    throw DataError("the network has " + std::to_string(num_weights) + " weights, but " +
                    std::to_string(weights.size()) + " were given");
  }
  const double largest = precision == Precision::kFloat ? static_cast<double>(std::numeric_limits<float>::max())
                                                        : std::numeric_limits<double>::max();
  for (const Connection& connection : connections) {
    for (Index i = connection.offset; i < connection.offset + connection.size(); ++i) {
      const double weight = weights[static_cast<std::size_t>(i)];
      if (!(std::abs(weight) <= largest)) {
        throw NumericError("weight " + std::to_string(i - connection.offset) + " of " + connection.name + " is " +
                           std::to_string(weight) + ", no finite number of this precision");
      }
    }
  }
}

}  // namespace

Network::Network(const NetworkSpec& spec, Precision precision) : engine_(make_engine(spec, precision)) {}
Network::~Network() = default;
Network::Network(Network&&) noexcept = default;
Network& Network::operator=(Network&&) noexcept = default;

const NetworkSpec& Network::spec() const { return engine_->layout().spec; }

Precision Network::precision() const { return engine_->precision(); }

Index Network::num_weights() const { return engine_->layout().num_weights; }

const std::vector<Connection>& Network::connections() const { return engine_->layout().connections; }

const std::vector<SharedConnection>& Network::shared_connections() const {
  return engine_->layout().shared_connections;
}

std::vector<double> Network::weights() const { return engine_->flat_weights(); }

WeightSnapshot Network::snapshot() const { return engine_->snapshot(); }

void Network::set_weights(const std::vector<double>& weights) {
  check_weights(weights, connections(), num_weights(), precision());
  engine_->set_flat_weights(weights);
}

void Network::set_weights(const std::vector<double>& weights, const std::vector<std::string>& names) {
  std::vector<Connection> chosen;
  for (const std::string& name : names) chosen.push_back(find_connection(name, connections()));
  check_weights(weights, chosen, num_weights(), precision());
  engine_->set_flat_weights(weights, chosen);
}

void Network::randomise(Random& random, double range) {
  std::vector<double> weights(static_cast<std::size_t>(num_weights()));
  for (double& weight : weights) weight = random.uniform(-range, range);
  set_weights(weights);
}

Normalisation Network::normalisation() const { return *engine_->hold_normalisation(); }

bool Network::normalises_inputs() const { return !engine_->hold_normalisation()->inputs.empty(); }

void Network::set_normalisation(const Normalisation& normalisation) { engine_->set_normalisation(normalisation); }

std::string Network::recipe() const { return engine_->recipe(); }

void Network::set_recipe(const std::string& recipe) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
  if (trim(recipe) != recipe || std::any_of(recipe.begin(), recipe.end(), is_control)) {
    throw DataError("a recipe is one line of text without blanks around it");
  }
  engine_->set_recipe(recipe);
}

void Network::normalise(float* inputs, Index points, Index input_size) const {
  check_input_size(input_size, spec().data.input_size);
  check_rows(inputs, points, "inputs");
  normalise_rows(engine_->hold_normalisation()->inputs, inputs, points, inputs);
}

void Network::denormalise(double* outputs, Index points, Index output_size) const {
  if (output_size != spec().output_size()) {
    throw DataError("outputs have " + std::to_string(output_size) + " numbers per point, the network has " +
                    std::to_string(spec().output_size()));
  }
  check_rows(outputs, points, "outputs");
  denormalise_rows(engine_->hold_normalisation()->targets, outputs, points);
}

const Graph& Network::graph() const { return engine_->layout().graph; }

std::vector<LayerInfo> Network::layers() const { return graph().layers; }

std::vector<Shape> Network::layer_shapes(const Shape& input_shape) const {
  engine_->layout().check_shape(input_shape);
  return engine_->layout().layer_shapes(input_shape);
}

Shape Network::output_shape(const Shape& input_shape) const {
  engine_->layout().check_shape(input_shape);
  return engine_->layout().output_shape(input_shape);
}

Shape Network::output_step() const { return engine_->layout().output_step; }

MemoryEstimate Network::memory(const Shape& input_shape, const MemoryOptions& options) const {
  return engine_->memory(input_shape, options);
}

Metrics Network::evaluate(const std::vector<Sequence>& sequences, const RunOptions& options,
                          std::vector<SkippedTarget>* skipped) const {
  return engine_->evaluate(sequences, options, skipped);
}

GradientResult Network::gradient(const std::vector<Sequence>& sequences, const RunOptions& options,
                                 bool clip_deltas) const {
  return engine_->gradient(sequences, options, clip_deltas);
}

std::vector<Prediction> Network::predict(const std::vector<Sequence>& sequences, const RunOptions& options) const {
  return engine_->predict(sequences, options);
}

std::vector<TraceVariable> Network::trace(const Sequence& sequence, const RunOptions& options) const {
  return engine_->trace(sequence, options);
}

std::vector<TraceVariable> Network::jacobian(const Sequence& sequence, const OutputCoordinates& coordinates,
                                             const RunOptions& options) const {
  return engine_->jacobian(sequence, coordinates, options);
}

}  // namespace rnnlib
