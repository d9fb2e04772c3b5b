// SPDX-License-Identifier: Apache-2.0
#include "rnnlib/gradient_check.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "base/parallel/loops.h"
#include "network/engine_base.h"
#include "network/raw_sequences.h"
#include "rnnlib/error.h"

namespace rnnlib {

namespace {

// Weights that one task perturbs; each task works on a network of its own.
constexpr Index kWeightsPerTask = 64;

double training_error(const Network& network, const std::vector<Sequence>& sequence) {
  std::vector<SkippedTarget> skipped;
  const Metrics metrics = network.evaluate(sequence, {}, &skipped);
  if (!skipped.empty()) {
    throw DataError("the gradient check's sequence adds no error: its target cannot fit: it needs " +
                    std::to_string(skipped[0].needed) + " steps, the network's output has " +
                    std::to_string(skipped[0].available));
  }
  if (metrics.errors().empty()) throw DataError("the gradient check's sequence adds no error: it has no target");
  return metrics.errors().front().value;
}

// (E(w + pert) - E(w - pert)) / (2 pert) for the weights [first, last).
void central_differences(const Network& network, const std::vector<Sequence>& sequence, double perturbation,
                         Index first, Index last, double* numeric) {
  Network twin(network.spec(), Precision::kDouble);
  std::vector<double> weights = network.weights();
  for (Index i = first; i < last; ++i) {
    double& weight = weights[static_cast<std::size_t>(i)];
    const double before = weight;
    weight = before + perturbation;
    twin.set_weights(weights);
    const double above = training_error(twin, sequence);
    weight = before - perturbation;
    twin.set_weights(weights);
    const double below = training_error(twin, sequence);
    weight = before;
    numeric[i] = (above - below) / (2 * perturbation);
  }
}

// From the output down, as RNNLIB reports: later layers first, connections of one layer by name.
std::vector<const Connection*> from_the_output_down(const Network& network) {
  std::map<std::string, std::size_t> depth;
  for (const LayerInfo& layer : network.graph().layers) depth.emplace(layer.name, depth.size());
  std::vector<const Connection*> connections;
  for (const Connection& connection : network.connections()) connections.push_back(&connection);
  std::stable_sort(connections.begin(), connections.end(),
                   [&](const Connection* a, const Connection* b) { return depth.at(a->target) > depth.at(b->target); });
  return connections;
}

}  // namespace

GradientCheckReport check_gradient(const Network& network, const Sequence& sequence,
                                   const GradientCheckOptions& options) {
  if (!(options.perturbation > 0) || !std::isfinite(options.perturbation)) {
    throw ConfigError("the perturbation of a gradient check is " + std::to_string(options.perturbation) +
                      ", expected a number above 0");
  }
  Network twin(network.spec(), Precision::kDouble);
  twin.set_weights(network.weights());
  twin.set_normalisation(network.normalisation());
  const std::vector<Sequence> given{sequence};
  const RawSequences normalised(twin.engine(), given, options.raw);
  const std::vector<Sequence>& one = normalised.all();
  const GradientResult exact = twin.gradient(one, {}, false);
  const double error = training_error(twin, one);

  // Differences below what rounding in E leaves of a central difference say nothing.
  const double noise =
      64 * std::numeric_limits<double>::epsilon() * std::max(1.0, std::abs(error)) / options.perturbation;
  const double tolerance = std::pow(10.0, 1 - options.significant_figures);
  std::vector<double> numeric(exact.gradient.size());
  GradientCheckReport report;
  for (const Connection* row : from_the_output_down(network)) {
    const Connection& connection = *row;
    const Index tasks = (connection.size() + kWeightsPerTask - 1) / kWeightsPerTask;
    const auto check_task = [&](Index task, int) {
      const Index first = connection.offset + task * kWeightsPerTask;
      const Index last = std::min(first + kWeightsPerTask, connection.offset + connection.size());
      central_differences(twin, one, options.perturbation, first, last, numeric.data());
    };
    with_team(static_cast<int>(std::min<Index>(tasks, options.threads)), [&] { parallel_for(tasks, check_task); });
    GradientCheckConnection checked{connection.name, connection.size(), 0};
    for (Index i = 0; i < connection.size(); ++i) {
      const std::size_t k = static_cast<std::size_t>(connection.offset + i);
      const double difference = std::abs(exact.gradient[k] - numeric[k]);
      const double scale = std::max(std::abs(exact.gradient[k]), std::abs(numeric[k]));
      if (difference > noise) checked.largest_difference = std::max(checked.largest_difference, difference / scale);
      if (!(difference <= noise) && !(difference <= tolerance * scale)) {  // NaN too
        report.mismatches.push_back({connection.name, i, exact.gradient[k], numeric[k]});
      }
    }
    report.connections.push_back(checked);
    if (options.break_on_error && !report.mismatches.empty()) break;
  }
  return report;
}

}  // namespace rnnlib
