// SPDX-License-Identifier: Apache-2.0
// A network of the package reads a sequence.
#include <rnnlib/rnnlib.h>

#include <cstdio>
#include <vector>

int main() {
  const rnnlib::Config config = rnnlib::Config::parse("task sequence_classification\nhiddenSize 4\n", "test_package");
  rnnlib::Network network(make_network_spec(config, {1, 1, 0, {"up", "down", "still"}}), rnnlib::Precision::kFloat);
  rnnlib::Random random(1);
  network.randomise(random, 0.1);
  const std::vector<float> inputs = {0.5F, -0.25F, 1.0F};
  rnnlib::Sequence sequence;
  sequence.set_inputs(inputs, {3}, 1);
  const auto predictions = network.predict({sequence});
  std::printf("rnnlib %s, threads: %s, outputs: %d\n", rnnlib::version().c_str(), rnnlib::has_threads() ? "yes" : "no",
              static_cast<int>(predictions.at(0).outputs.size()));
  return predictions.at(0).outputs.size() == 3 ? 0 : 1;
}
