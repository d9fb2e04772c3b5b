// SPDX-License-Identifier: Apache-2.0
// What the tests of saves share.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "rnnlib/save.h"

namespace rnnlib::testing_saves {

using Values = std::vector<double>;

inline Save parse(const std::string& text) { return Save::parse(text, "x.save"); }

// As RNNLIB writes them.
inline constexpr char kRnnlibSave[] =
    "autosave true\nhiddenSize 2\ninputSize 3\nlabelDelimiter ,\ntargetLabels a,b\ntask transcription\ntrainer_epoch "
    "7\n"
    "weightContainer_bias_to_output_weight_optimiser_deltas 3 0 0 0\n"
    "weightContainer_bias_to_output_weights 3 0.5 -1e-3 .25 \n";

// A network with weights, and its config.
struct Example {
  Config config;
  Network network;
};

inline Example make_example(const std::string& text, const DataHeader& data, Precision precision) {
  Config config = Config::parse(text, "x.config");
  Network network(make_network_spec(config, data), precision);
  Random random(3);
  network.randomise(random, 0.5);
  return {std::move(config), std::move(network)};
}

inline Example make_2d_example(Precision precision) {
  return make_example(
      "task transcription\nhiddenSize 2,3\nhiddenBlock 2,3\nsubsampleSize 4\nsymmetry true,false\noptimiser rprop\n",
      {2, 1, 0, {"a", "b,c", "new york"}}, precision);
}

inline Save stored(const Example& example) {
  Save save;
  save.config = example.config;
  store_network(example.network, save);
  return save;
}

}  // namespace rnnlib::testing_saves
