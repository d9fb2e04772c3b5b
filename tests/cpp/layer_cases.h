// SPDX-License-Identifier: Apache-2.0
// Small networks in which every kind of layer occurs, for the tests that hold for all of them (layer_test.cpp). A new
// kind of layer gets all of these tests by a line in kLayers.
#pragma once

#include <string>
#include <vector>

#include "engine_fixture.h"

namespace rnnlib::testing_engine {

struct LayerCase {
  std::string name;
  NetworkSpec spec;
  std::vector<Shape> shapes;  // of small sequences
  Shape large;                // worth several threads
};

struct LayerKeys {
  const char* name;
  Keys keys;
  Index least_dims = 1;
};

inline std::vector<LayerCase> layer_cases() {
  static const std::vector<LayerKeys> kLayers{
      {"levels gathered", {{"hiddenSize", "2,3"}}},
      {"blocks", {{"hiddenSize", "2,3"}, {"hiddenBlock", "2"}}},
      {"subsampled", {{"hiddenSize", "2,3"}, {"subsampleSize", "3"}, {"subsampleBias", "true"}}},
      {"max pooling", {{"hiddenSize", "2,3"}, {"poolSize", "2;2"}}},
      {"convolutions",
       {{"hiddenSize", "9,17"}, {"hiddenType", "conv"}, {"kernelSize", "3;2"}, {"convType", "relu,tanh"}}},
      {"a convolution under a level",
       {{"hiddenSize", "4,3"}, {"hiddenType", "conv,lstm"}, {"convType", "leaky_relu"}, {"poolSize", "2"}}},
      {"subsampled blocks", {{"hiddenSize", "2,3"}, {"hiddenBlock", "2"}, {"subsampleSize", "3"}}},
  };
  struct Data {
    const char* name;
    const char* bidirectional;
    std::vector<Shape> shapes;
    Shape large;
  };
  static const std::vector<Data> kData{{"1-D one way", "false", {{7}, {1}, {4}}, {30000}},
                                       {"1-D", "true", {{7}, {1}, {4}}, {20000}},
                                       {"2-D", "true", {{5, 3}, {1, 1}, {2, 6}}, {90, 60}},
                                       {"3-D", "true,false,false", {{3, 3, 2}, {1, 2, 1}}, {22, 18, 14}}};
  std::vector<LayerCase> cases;
  for (const LayerKeys& layer : kLayers) {
    for (const Data& data : kData) {
      const Index dims = static_cast<Index>(data.large.size());
      if (dims < layer.least_dims) continue;
      Keys keys = layer.keys;
      keys.push_back({"task", "regression"});
      keys.push_back({"bidirectional", data.bidirectional});
      cases.push_back({layer.name + std::string(" ") + data.name, make_spec(keys, {dims}), data.shapes, data.large});
    }
  }
  return cases;
}

}  // namespace rnnlib::testing_engine
