// SPDX-License-Identifier: Apache-2.0
// Dropout: its gradient, and what it depends on.
#include <gtest/gtest.h>

#include "network/engine.h"
#include "noise_fixture.h"
#include "rnnlib/trainer.h"

namespace rnnlib {
namespace {

using namespace testing_noise;

double dropped_error(const NetworkSpec& spec, const std::vector<double>& weights, const TestSequences& sequences,
                     const Dropout& dropout, std::vector<double>* gradient) {
  Network network = with_weights(spec, Precision::kDouble, weights);
  const auto& engine = static_cast<const Engine<double>&>(network.engine());
  const auto loss = make_loss<double>(spec.task, spec.data, {});
  RunResult result;
  Buffer<double> packed;
  packed.resize(engine.packed_size());
  packed.fill(0);
  engine.run({*loss, *engine.hold_weights()}, sequences.all(), {0, static_cast<Index>(sequences.all().size())}, 1,
             result, gradient == nullptr ? nullptr : packed.data(), false, dropout);
  if (gradient != nullptr) {
    engine.reduce_tied(packed.data());
    engine.broadcast_tied(packed.data());
    *gradient = engine.to_flat(packed.data());
  }
  return result.errors.criterion();
}

TEST(Dropout, GradientIsThatOfCentralDifferences) {
  const std::vector<std::uint64_t> seeds = {11, 12, 13};
  const Dropout dropout{0.4, seeds.data()};
  for (const NetworkCase& example : varied_cases()) {
    if (example.spec.levels.size() < 2 || example.shapes.size() > 3) continue;
    const Network network = make_network(example.spec);
    const TestSequences sequences(network, example.shapes);
    std::vector<double> weights = network.weights();
    std::vector<double> gradient;
    const double error = dropped_error(example.spec, weights, sequences, dropout, &gradient);
    EXPECT_NE(error, dropped_error(example.spec, weights, sequences, {}, nullptr)) << example.name;
    for (std::size_t i = 0; i < weights.size(); i += 3) {
      double difference = 0;
      for (double sign : {-1.0, 1.0}) {
        std::vector<double> moved = weights;
        moved[i] += sign * 1e-5;
        difference += sign * dropped_error(example.spec, moved, sequences, dropout, nullptr) / 2e-5;
      }
      EXPECT_NEAR(gradient[i], difference, 1e-6 * std::max(1.0, std::abs(difference))) << example.name << " " << i;
    }
  }
}

TEST(Dropout, DependsOnTheSequencesSeedAndNotOnItsBatch) {
  const NetworkSpec spec = two_levels();
  const Network network = make_network(spec);
  const TestSequences sequences(network, many_shapes());
  const auto& engine = static_cast<const Engine<double>&>(network.engine());
  const auto loss = make_loss<double>(spec.task, spec.data, {});
  std::vector<std::uint64_t> seeds;
  for (std::uint64_t i = 0; i < 12; ++i) seeds.push_back(100 + i);
  const auto error_of = [&](Index first, Index count, const std::vector<std::uint64_t>& of) {
    RunResult result;
    engine.run({*loss, *engine.hold_weights()}, sequences.all(), {first, count}, 1, result, nullptr, true,
               {0.5, of.data()});
    return result.errors.criterion();
  };
  double sum = 0;
  for (Index i = 0; i < 12; ++i) sum += error_of(i, 1, seeds);
  EXPECT_NEAR(error_of(0, 12, seeds), sum, 1e-9);
  std::vector<std::uint64_t> others = seeds;
  ++others[3];
  EXPECT_NE(error_of(0, 12, others), error_of(0, 12, seeds));
}

}  // namespace
}  // namespace rnnlib
