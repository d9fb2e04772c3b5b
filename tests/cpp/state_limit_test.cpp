// SPDX-License-Identifier: Apache-2.0
// Multidimensional LSTM states can grow exponentially over an image; nothing may become infinite or NaN.
#include <gtest/gtest.h>

#include <cmath>

#include "engine_fixture.h"
#include "layers/cells/cell.h"

namespace rnnlib {
namespace {

using testing_engine::make_network;
using testing_engine::make_spec;
using testing_engine::TestSequences;

// All forget gates (units 1 and 2 of each block's 5) open wide, peepholes 0: states about double with every step.
void open_forget_gates(Network& network) {
  std::vector<double> weights = network.weights();
  for (const Connection& c : network.connections()) {
    for (Index i = 0; i < c.size(); ++i) {
      double& weight = weights[static_cast<std::size_t>(c.offset + i)];
      if (c.name.find("peepholes") != std::string::npos) weight = 0;
      const bool forget = i % 5 == 1 || i % 5 == 2;
      if (c.name.rfind("bias_to_hidden", 0) == 0) weight = forget ? 30 : 0.5;
    }
  }
  network.set_weights(weights);
}

template <class Use>
void for_each_precision(const Use& use) {
  for (Precision precision : {Precision::kFloat, Precision::kDouble}) use(precision);
}

TEST(StateLimit, GradientStaysFiniteWhereStatesExplode) {
  const NetworkSpec spec = make_spec({{"task", "transcription"}, {"hiddenSize", "3"}}, {2});
  for_each_precision([&](Precision precision) {
    Network network = make_network(spec, precision);
    open_forget_gates(network);
    const TestSequences sequences(network, {{700, 80}});
    const GradientResult result = network.gradient(sequences.all());
    EXPECT_TRUE(std::isfinite(result.error));
    for (double g : result.gradient) ASSERT_TRUE(std::isfinite(g));
  });
}

TEST(StateLimit, StatesReachTheLimitAndNotBeyond) {
  const NetworkSpec spec = make_spec({{"task", "transcription"}, {"hiddenSize", "3"}}, {2});
  Network network = make_network(spec, Precision::kFloat);
  open_forget_gates(network);
  const TestSequences sequences(network, {{100, 80}});
  double largest = 0;
  for (const TraceVariable& variable : network.trace(sequences[0])) {
    if (variable.name != "hidden_0_3_states") continue;
    for (double state : variable.values) largest = std::max(largest, std::abs(state));
  }
  EXPECT_FLOAT_EQ(static_cast<float>(largest), kStateLimit<float>);
}

}  // namespace
}  // namespace rnnlib
