// SPDX-License-Identifier: Apache-2.0
// Data for the tests of connectionist temporal classification.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "loss_runner.h"

namespace rnnlib::testing_losses {

using Labels = std::vector<std::int32_t>;

inline Sequence label_sequence(const Labels& target, Index points) {
  Sequence sequence;
  sequence.set_inputs(nullptr, {points}, 1);
  sequence.set_target(target);
  return sequence;
}

inline std::vector<double> random_net(Index n, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(0, 1.5);
  std::vector<double> net(static_cast<std::size_t>(n));
  for (double& x : net) x = normal(random);
  return net;
}

}  // namespace rnnlib::testing_losses
