// SPDX-License-Identifier: Apache-2.0
#include "rnnlib/network.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "network/impl.h"
#include "network/raw_sequences.h"
#include "rnnlib/error.h"

namespace rnnlib {

namespace {

template <class Real>
std::unique_ptr<Loss<Real>> loss_for(const Engine<Real>& engine, const RunOptions& options = {}) {
  return make_loss<Real>(engine.layout().spec, {options.verbose, options.confusion_matrix, options.legacy_errors});
}

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

// The weights that a snapshot holds, or else the network's as they are now.
template <class Real>
HeldWeights<Real> weights_for(const Engine<Real>& engine, const WeightSnapshot& snapshot) {
  if (snapshot.weights_ == nullptr) return engine.hold_weights();
  if (snapshot.engine_ != &engine) throw DataError("the snapshot's weights are those of another network");
  return *static_cast<const HeldWeights<Real>*>(snapshot.weights_.get());
}

Network::Network(const NetworkSpec& spec, Precision precision)
    : impl_(std::make_unique<NetworkImpl>(spec, precision)) {}
Network::~Network() = default;
Network::Network(Network&&) noexcept = default;
Network& Network::operator=(Network&&) noexcept = default;

const NetworkSpec& Network::spec() const {
  return impl_->visit([](const auto& engine) -> const NetworkSpec& { return engine.layout().spec; });
}

Precision Network::precision() const { return impl_->precision(); }

Index Network::num_weights() const {
  return impl_->visit([](const auto& engine) { return engine.layout().num_weights; });
}

const std::vector<Connection>& Network::connections() const {
  return impl_->visit([](const auto& engine) -> const std::vector<Connection>& { return engine.layout().connections; });
}

const std::vector<SharedConnection>& Network::shared_connections() const {
  return impl_->visit(
      [](const auto& engine) -> const std::vector<SharedConnection>& { return engine.layout().shared_connections; });
}

std::vector<double> Network::weights() const {
  return impl_->visit([](const auto& engine) { return engine.flat_weights(); });
}

WeightSnapshot Network::snapshot() const {
  return impl_->visit([](const auto& engine) {
    using Real = RealOf<decltype(engine)>;
    return WeightSnapshot(&engine, std::make_shared<HeldWeights<Real>>(engine.hold_weights()));
  });
}

void Network::set_weights(const std::vector<double>& weights) {
  check_weights(weights, connections(), num_weights(), precision());
  impl_->visit(
      [&](auto& engine) { engine.change_weights(1, [&](auto& values) { engine.to_packed(weights, values.data()); }); });
}

void Network::set_weights(const std::vector<double>& weights, const std::vector<std::string>& names) {
  std::vector<Connection> chosen;
  for (const std::string& name : names) chosen.push_back(find_connection(name, connections()));
  check_weights(weights, chosen, num_weights(), precision());
  impl_->visit([&](auto& engine) {
    engine.change_weights(1, [&](auto& values) {
      std::vector<double> all = engine.to_flat(values.data());
      for (const Connection& connection : chosen) {
        std::copy_n(weights.data() + connection.offset, connection.size(), all.data() + connection.offset);
      }
      engine.to_packed(all, values.data());
    });
  });
}

void Network::randomise(Random& random, double range) {
  std::vector<double> weights(static_cast<std::size_t>(num_weights()));
  for (double& weight : weights) weight = random.uniform(-range, range);
  set_weights(weights);
}

Normalisation Network::normalisation() const { return *impl_->hold_normalisation(); }

bool Network::normalises_inputs() const { return !impl_->hold_normalisation()->inputs.empty(); }

void Network::set_normalisation(const Normalisation& normalisation) {
  impl_->visit([&](auto& engine) { engine.set_normalisation(normalisation); });
}

void Network::normalise(float* inputs, Index points, Index input_size) const {
  check_input_size(input_size, spec().data.input_size);
  check_rows(inputs, points, "inputs");
  normalise_rows(impl_->hold_normalisation()->inputs, inputs, points, inputs);
}

void Network::denormalise(double* outputs, Index points, Index output_size) const {
  if (output_size != spec().output_size()) {
    throw DataError("outputs have " + std::to_string(output_size) + " numbers per point, the network has " +
                    std::to_string(spec().output_size()));
  }
  check_rows(outputs, points, "outputs");
  denormalise_rows(impl_->hold_normalisation()->targets, outputs, points);
}

std::vector<LayerInfo> Network::layers() const {
  return impl_->visit([](const auto& engine) { return engine.layout().layers; });
}

Shape Network::output_shape(const Shape& input_shape) const {
  return impl_->visit([&](const auto& engine) {
    engine.layout().check_shape(input_shape);
    return engine.layout().output_shape(input_shape);
  });
}

Shape Network::output_step() const {
  return impl_->visit([&](const auto& engine) { return engine.layout().output_step(); });
}

MemoryEstimate Network::memory(const Shape& input_shape, const MemoryOptions& options) const {
  return impl_->visit([&](const auto& engine) {
    using Real = RealOf<decltype(engine)>;
    return engine.memory(*loss_for<Real>(engine), input_shape, options);
  });
}

Metrics Network::evaluate(const std::vector<Sequence>& sequences, const RunOptions& options,
                          std::vector<SkippedTarget>* skipped) const {
  return impl_->visit([&](const auto& engine) {
    using Real = RealOf<decltype(engine)>;
    const auto loss = loss_for<Real>(engine, options);
    const auto weights = weights_for(engine, options.weights);
    const RawSequences given(engine, *loss, sequences, options.raw);
    RunResult result;
    engine.run({*loss, *weights}, given.all(), 0, static_cast<Index>(sequences.size()), options.threads, result,
               static_cast<Real*>(nullptr), true);
    if (skipped != nullptr) skipped->insert(skipped->end(), result.skipped.begin(), result.skipped.end());
    return result.errors.metrics(loss->error_names());
  });
}

GradientResult Network::gradient(const std::vector<Sequence>& sequences, const RunOptions& options,
                                 bool clip_deltas) const {
  return impl_->visit([&](const auto& engine) {
    using Real = RealOf<decltype(engine)>;
    const auto loss = loss_for<Real>(engine, options);
    const RawSequences given(engine, *loss, sequences, options.raw);
    const auto weights = weights_for(engine, options.weights);
    RunResult result;
    Buffer<Real> gradient;
    gradient.resize(engine.packed_size());
    gradient.fill(Real(0));
    engine.run({*loss, *weights}, given.all(), 0, static_cast<Index>(sequences.size()), options.threads, result,
               gradient.data(), clip_deltas);
    engine.fold_shared(gradient.data());
    engine.spread_shared(gradient.data());
    return GradientResult{result.errors.criterion(), engine.to_flat(gradient.data()),
                          result.errors.metrics(loss->error_names())};
  });
}

std::vector<Prediction> Network::predict(const std::vector<Sequence>& sequences, const RunOptions& options) const {
  return impl_->visit([&](const auto& engine) {
    using Real = RealOf<decltype(engine)>;
    const auto weights = weights_for(engine, options.weights);
    const auto loss = loss_for<Real>(engine, options);
    return engine.predict({*loss, *weights}, RawSequences(engine, *loss, sequences, options.raw, false).all(),
                          options.threads);
  });
}

std::vector<TraceVariable> Network::trace(const Sequence& sequence, const RunOptions& options) const {
  const std::vector<Sequence> one{sequence};
  return impl_->visit([&](const auto& engine) {
    using Real = RealOf<decltype(engine)>;
    const auto weights = weights_for(engine, options.weights);
    const auto loss = loss_for<Real>(engine);
    return engine.trace({*loss, *weights},
                        RawSequences(engine, *loss, one, options.raw, sequence.has_target()).front());
  });
}

std::vector<TraceVariable> Network::jacobian(const Sequence& sequence, const OutputCoordinates& coordinates,
                                             const RunOptions& options) const {
  const std::vector<Sequence> one{sequence};
  return impl_->visit([&](const auto& engine) {
    using Real = RealOf<decltype(engine)>;
    const auto weights = weights_for(engine, options.weights);
    const auto loss = loss_for<Real>(engine);
    return engine.jacobian({*loss, *weights}, RawSequences(engine, *loss, one, options.raw, false).front(),
                           coordinates);
  });
}

}  // namespace rnnlib
