// SPDX-License-Identifier: Apache-2.0
// The GRU in one dimension against the equations of PyTorch's GRU and cuDNN, with their weights: rows are those of the
// reset gate, the update gate and the candidate, and there are two biases.
#include <gtest/gtest.h>

#include <map>

#include "engine_fixture.h"

namespace rnnlib {
namespace {

using namespace testing_engine;

constexpr std::size_t kInputs = 3;
constexpr std::size_t kHidden = 21;

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

struct TorchGru {
  std::vector<double> weight_ih;  // [3 * H, I]
  std::vector<double> weight_hh;  // [3 * H, H]
  std::vector<double> bias_ih;    // [3 * H]
  std::vector<double> bias_hh;

  static double row(const std::vector<double>& weights, const std::vector<double>& bias, std::size_t r,
                    const std::vector<double>& x) {
    double sum = bias[r];
    for (std::size_t k = 0; k < x.size(); ++k) sum += weights[r * x.size() + k] * x[k];
    return sum;
  }

  std::vector<double> step(const std::vector<double>& x, const std::vector<double>& h) const {
    std::vector<double> next(kHidden);
    for (std::size_t u = 0; u < kHidden; ++u) {
      const std::size_t n_row = 2 * kHidden + u;
      const double r = sigmoid(row(weight_ih, bias_ih, u, x) + row(weight_hh, bias_hh, u, h));
      const double z = sigmoid(row(weight_ih, bias_ih, kHidden + u, x) + row(weight_hh, bias_hh, kHidden + u, h));
      const double n = std::tanh(row(weight_ih, bias_ih, n_row, x) + r * row(weight_hh, bias_hh, n_row, h));
      next[u] = (1 - z) * n + z * h[u];
    }
    return next;
  }
};

// Our order: unit after unit, each with its gates; of the biases reset, update, recurrent candidate, candidate.
void set_weights(Network& network, const TorchGru& torch) {
  std::map<std::string, std::vector<double>> values;
  for (std::size_t u = 0; u < kHidden; ++u) {
    for (std::size_t gate = 0; gate < 3; ++gate) {
      const std::size_t r = gate * kHidden + u;
      for (std::size_t k = 0; k < kInputs; ++k)
        values["input_to_hidden_0_0"].push_back(torch.weight_ih[r * kInputs + k]);
      for (std::size_t k = 0; k < kHidden; ++k) {
        values["hidden_0_0_to_hidden_0_0_delay_-1"].push_back(torch.weight_hh[r * kHidden + k]);
      }
      if (gate < 2) values["bias_to_hidden_0_0"].push_back(torch.bias_ih[r] + torch.bias_hh[r]);
    }
    values["bias_to_hidden_0_0"].push_back(torch.bias_hh[2 * kHidden + u]);
    values["bias_to_hidden_0_0"].push_back(torch.bias_ih[2 * kHidden + u]);
  }
  std::vector<double> weights = network.weights();
  std::size_t found = 0;
  for (const Connection& c : network.connections()) {
    if (values.count(c.name) == 0) continue;
    ASSERT_EQ(static_cast<Index>(values[c.name].size()), c.size()) << c.name;
    std::copy(values[c.name].begin(), values[c.name].end(), weights.begin() + c.offset);
    ++found;
  }
  ASSERT_EQ(found, values.size());
  network.set_weights(weights);
}

TEST(Gru, InOneDimensionIsThatOfPyTorch) {
  const NetworkSpec spec = make_spec({{"task", "regression"},
                                      {"hiddenSize", std::to_string(kHidden)},
                                      {"hiddenType", "gru"},
                                      {"bidirectional", "false"}},
                                     {1, kInputs});
  Network network(spec, Precision::kDouble);
  Random random(3);
  const auto numbers = [&](std::size_t n) {
    std::vector<double> values(n);
    for (double& value : values) value = random.uniform(-1, 1);
    return values;
  };
  const TorchGru torch{numbers(3 * kHidden * kInputs), numbers(3 * kHidden * kHidden), numbers(3 * kHidden),
                       numbers(3 * kHidden)};
  set_weights(network, torch);
  const TestSequences sequences(network, {{12}});
  std::vector<double> h(kHidden, 0.0);
  std::vector<double> expected;
  for (std::size_t t = 0; t < 12; ++t) {
    const float* x = sequences[0].inputs() + t * kInputs;
    h = torch.step(std::vector<double>(x, x + kInputs), h);
    expected.insert(expected.end(), h.begin(), h.end());
  }
  const auto trace = network.trace(sequences[0]);
  EXPECT_LT(largest_difference(expected, find_variable(trace, "hidden_0_0_outputActivations").values), 1e-13);
}

// Outputs are means of earlier outputs and candidates: in any number of dimensions they stay between -1 and 1.
TEST(Gru, OutputsStayBounded) {
  const Network network = make_network(
      make_spec({{"task", "transcription"}, {"hiddenSize", "3"}, {"hiddenType", "gru"}}, {2}), Precision::kFloat, 8.0);
  const TestSequences sequences(network, {{60, 40}});
  for (const TraceVariable& variable : network.trace(sequences[0])) {
    if (variable.name.find("_states") == std::string::npos) continue;
    for (double state : variable.values) ASSERT_LE(std::abs(state), 1.0 + 1e-5) << variable.name;
  }
  for (double g : network.gradient(sequences.all()).gradient) ASSERT_TRUE(std::isfinite(g));
}

}  // namespace
}  // namespace rnnlib
