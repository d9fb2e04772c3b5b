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

// So long along dimension 0 that the work is worth several threads; `others` are the other sizes.
inline Shape large_shape(const NetworkSpec& spec, const Shape& others) {
  constexpr Index kWork = 5000000;  // points times weights
  const Index points = kWork / Network(spec, Precision::kFloat).num_weights();
  Shape shape = others;
  shape.insert(shape.begin(), std::max<Index>(points / num_points(others), 20));
  return shape;
}

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
      {"joined by sums", {{"hiddenSize", "2,3"}, {"levelDims", "2,1"}, {"task", "sequence_regression"}}, 2},
      {"joined by maxima",
       {{"hiddenSize", "2,3"},
        {"levelDims", "2,1"},
        {"joinRows", "max"},
        {"hiddenBlock", "2"},
        {"task", "sequence_regression"}},
       2},
  };
  struct Data {
    const char* name;
    const char* bidirectional;
    std::vector<Shape> shapes;
    Shape others;  // of the large shape
  };
  static const std::vector<Data> kData{{"1-D one way", "false", {{7}, {1}, {4}}, {}},
                                       {"1-D", "true", {{7}, {1}, {4}}, {}},
                                       {"2-D", "true", {{5, 3}, {1, 1}, {2, 6}}, {60}},
                                       {"3-D", "true,false,false", {{3, 3, 2}, {1, 2, 1}}, {18, 14}}};
  std::vector<LayerCase> cases;
  for (const LayerKeys& layer : kLayers) {
    for (const Data& data : kData) {
      const Index dims = static_cast<Index>(data.others.size()) + 1;
      if (dims < layer.least_dims) continue;
      Keys keys{{"task", "regression"}, {"bidirectional", data.bidirectional}};
      keys.insert(keys.end(), layer.keys.begin(), layer.keys.end());
      const NetworkSpec spec = make_spec(keys, {dims});
      cases.push_back({layer.name + std::string(" ") + data.name, spec, data.shapes, large_shape(spec, data.others)});
    }
  }
  // Columns of one height only.
  const Keys side_by_side{{"task", "sequence_regression"},
                          {"hiddenSize", "2,3"},
                          {"levelDims", "2,1"},
                          {"joinRows", "concat"},
                          {"joinHeight", "3"}};
  const NetworkSpec spec = make_spec(side_by_side, {2});
  cases.push_back({"joined side by side", spec, {{5, 3}, {1, 3}, {2, 3}}, large_shape(spec, {3})});
  return cases;
}

}  // namespace rnnlib::testing_engine
