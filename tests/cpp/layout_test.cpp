// SPDX-License-Identifier: Apache-2.0
// Names, order and sharing of connections (docs/behaviour.md, "Weights"), and where the packed weights come from.
#include "network/layout.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "engine_fixture.h"
#include "expect_error.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

using testing_engine::make_spec;
using testing_engine::varied_cases;

std::map<std::string, std::pair<Index, Index>> sizes_by_name(const NetworkLayout& layout) {
  std::map<std::string, std::pair<Index, Index>> sizes;
  for (const Connection& c : layout.connections) sizes[c.name] = {c.rows, c.cols};
  return sizes;
}

using Sizes = std::map<std::string, std::pair<Index, Index>>;

TEST(Layout, OneDimensionalLstm) {
  const NetworkLayout layout(make_spec({{"task", "transcription"}, {"hiddenSize", "5"}}, {1, 2, 3}));
  const Sizes expected{{"bias_to_hidden_0_0", {20, 1}},
                       {"bias_to_hidden_0_1", {20, 1}},
                       {"bias_to_output", {4, 1}},
                       {"hidden_0_0_peepholes", {15, 1}},
                       {"hidden_0_1_peepholes", {15, 1}},
                       {"hidden_0_0_to_hidden_0_0_delay_1", {20, 5}},
                       {"hidden_0_1_to_hidden_0_1_delay_-1", {20, 5}},
                       {"hidden_0_0_to_output", {4, 5}},
                       {"hidden_0_1_to_output", {4, 5}},
                       {"input_to_hidden_0_0", {20, 2}},
                       {"input_to_hidden_0_1", {20, 2}}};
  EXPECT_EQ(sizes_by_name(layout), expected);
}

TEST(Layout, BlocksSubsamplingAndCollapse) {
  const NetworkLayout layout(make_spec({{"task", "transcription"},
                                        {"hiddenSize", "2,3"},
                                        {"hiddenType", "tanh"},
                                        {"inputBlock", "3,4"},
                                        {"hiddenBlock", "2,1"},
                                        {"subsampleSize", "6"},
                                        {"subsampleBias", "true"},
                                        {"bidirectional", "true,false"}},
                                       {2, 1, 3}));
  const Sizes expected{{"bias_to_hidden_0_0", {2, 1}},
                       {"bias_to_hidden_0_1", {2, 1}},
                       {"input_block_to_hidden_0_0", {2, 12}},
                       {"input_block_to_hidden_0_1", {2, 12}},
                       {"hidden_0_0_to_hidden_0_0_delay_1_0", {2, 2}},
                       {"hidden_0_0_to_hidden_0_0_delay_0_-1", {2, 2}},
                       {"hidden_0_1_to_hidden_0_1_delay_-1_0", {2, 2}},
                       {"hidden_0_1_to_hidden_0_1_delay_0_-1", {2, 2}},
                       {"hidden_0_0_block_to_subsample_0", {6, 4}},
                       {"hidden_0_1_block_to_subsample_0", {6, 4}},
                       {"bias_to_subsample_0", {6, 1}},
                       {"bias_to_hidden_1_0", {3, 1}},
                       {"bias_to_hidden_1_1", {3, 1}},
                       {"subsample_0_to_hidden_1_0", {3, 6}},
                       {"subsample_0_to_hidden_1_1", {3, 6}},
                       {"hidden_1_0_to_hidden_1_0_delay_1_0", {3, 3}},
                       {"hidden_1_0_to_hidden_1_0_delay_0_-1", {3, 3}},
                       {"hidden_1_1_to_hidden_1_1_delay_-1_0", {3, 3}},
                       {"hidden_1_1_to_hidden_1_1_delay_0_-1", {3, 3}},
                       {"hidden_1_0_to_output_collapse", {4, 3}},
                       {"hidden_1_1_to_output_collapse", {4, 3}},
                       {"bias_to_output", {4, 1}}};
  EXPECT_EQ(sizes_by_name(layout), expected);

  std::vector<std::string> names;
  for (const LayerInfo& layer : layout.graph.layers) names.push_back(layer.name);
  EXPECT_EQ(names, (std::vector<std::string>{"input", "input_block", "hidden_0_0", "hidden_0_1", "hidden_0_0_block",
                                             "hidden_0_1_block", "subsample_0", "hidden_1_0", "hidden_1_1",
                                             "output_collapse", "output"}));
  EXPECT_EQ(layout.graph.layers[2].directions, (std::vector<int>{-1, 1}));
  EXPECT_EQ(layout.graph.layers[3].directions, (std::vector<int>{1, 1}));
  EXPECT_EQ(layout.output_shape({20, 9}), (Shape{4}));
}

TEST(Layout, DirectionsCountWithTheFirstDimensionSlowest) {
  const NetworkLayout layout(make_spec({{"task", "regression"}, {"hiddenSize", "1"}}, {2}));
  std::vector<std::vector<int>> directions;
  for (const LayerInfo& layer : layout.graph.layers) {
    if (!layer.directions.empty()) directions.push_back(layer.directions);
  }
  EXPECT_EQ(directions, (std::vector<std::vector<int>>{{-1, -1}, {-1, 1}, {1, -1}, {1, 1}}));
}

TEST(Layout, SymmetrySharesEverythingButPeepholes) {
  const NetworkLayout layout(
      make_spec({{"task", "regression"}, {"hiddenSize", "2"}, {"symmetry", "true"}}, {1, 2, 3, 2}));
  std::vector<std::pair<std::string, std::string>> shared;
  for (const SharedConnection& s : layout.shared_connections) shared.emplace_back(s.name, s.owner);
  EXPECT_EQ(shared, (std::vector<std::pair<std::string, std::string>>{
                        {"bias_to_hidden_0_0", "bias_to_hidden_0_1"},
                        {"hidden_0_0_to_hidden_0_0_delay_1", "hidden_0_1_to_hidden_0_1_delay_-1"},
                        {"input_to_hidden_0_0", "input_to_hidden_0_1"}}));
  EXPECT_EQ(sizes_by_name(layout).count("hidden_0_0_peepholes"), 1u);
  EXPECT_EQ(sizes_by_name(layout).count("input_to_hidden_0_0"), 0u);
}

TEST(Layout, TenLevelsPadTheirNumbers) {
  const NetworkLayout layout(make_spec(
      {{"task", "regression"}, {"hiddenSize", "1*10"}, {"hiddenType", "tanh"}, {"bidirectional", "false"}}, {1}));
  const auto sizes = sizes_by_name(layout);
  EXPECT_EQ(sizes.count("input_to_hidden_00_0"), 1u);
  EXPECT_EQ(sizes.count("gather_08_to_hidden_09_0"), 1u);
  EXPECT_EQ(sizes.count("hidden_09_0_to_output"), 1u);
}

TEST(Layout, ConnectionsLieInAlphabeticalOrderWithoutGaps) {
  for (const auto& c : varied_cases()) {
    SCOPED_TRACE(c.name);
    const NetworkLayout layout(c.spec);
    Index end = 0;
    std::string last;
    for (const Connection& connection : layout.connections) {
      EXPECT_LT(last, connection.name);
      last = connection.name;
      EXPECT_EQ(connection.offset, end);
      EXPECT_GT(connection.size(), 0);
      end += connection.size();
    }
    EXPECT_EQ(layout.num_weights, end);
  }
}

TEST(Layout, EveryWeightIsPackedOnceOrOncePerSharer) {
  for (const auto& c : varied_cases()) {
    SCOPED_TRACE(c.name);
    const NetworkLayout layout(c.spec);
    std::vector<Index> uses(static_cast<std::size_t>(layout.num_weights), 0);
    for (std::int32_t source : layout.packed_source) {
      if (source >= 0) ++uses.at(static_cast<std::size_t>(source));  // else padding
    }
    Index of_layers = 0;
    for (const LayerInfo& layer : layout.graph.layers) of_layers += layer.num_weights;
    EXPECT_EQ(of_layers, layout.num_weights);
    for (const Connection& connection : layout.connections) {
      const auto sharers = std::count_if(layout.shared_connections.begin(), layout.shared_connections.end(),
                                         [&](const SharedConnection& s) { return s.owner == connection.name; });
      for (Index i = 0; i < connection.size(); ++i) {
        EXPECT_EQ(uses[static_cast<std::size_t>(connection.offset + i)], 1 + sharers) << connection.name;
      }
    }
  }
}

TEST(Layout, SharedPlacesNameTheirOwner) {
  for (const auto& c : varied_cases()) {
    SCOPED_TRACE(c.name);
    const NetworkLayout layout(c.spec);
    Index places = 0;
    for (std::int32_t source : layout.packed_source) places += source >= 0 ? 1 : 0;
    EXPECT_EQ(static_cast<Index>(layout.tied.size()), places - layout.num_weights);
    for (const TiedWeight& shared : layout.tied) {
      EXPECT_LT(shared.owner, shared.copy);
      EXPECT_EQ(layout.packed_source[static_cast<std::size_t>(shared.owner)],
                layout.packed_source[static_cast<std::size_t>(shared.copy)]);
    }
  }
}

TEST(Layout, TheGraphKnowsWhatNamesSay) {
  for (const auto& c : varied_cases()) {
    SCOPED_TRACE(c.name);
    const NetworkLayout layout(c.spec);
    std::map<std::string, LayerInfo> layers;
    for (const LayerInfo& layer : layout.graph.layers) {
      for (const std::string& source : layer.sources) EXPECT_EQ(layers.count(source), 1u) << layer.name << source;
      EXPECT_EQ(layer.sources.empty(), layer.kind == "input") << layer.name;
      layers[layer.name] = layer;
    }
    EXPECT_EQ(layers.size(), layout.graph.layers.size());
    for (const Connection& connection : layout.graph.connections) {
      SCOPED_TRACE(connection.name);
      ASSERT_EQ(layers.count(connection.target), 1u);
      EXPECT_EQ(connection.name,
                make_connection(connection.kind, connection.source, connection.target, connection.delay).name);
      EXPECT_EQ(connection.source.empty(), connection.kind == ConnectionKind::kBias);
      EXPECT_EQ(connection.delay.empty(), connection.kind != ConnectionKind::kRecurrent);
      if (connection.source.empty()) continue;
      const Index units = connection.kind == ConnectionKind::kPeephole ? 1 : layers.at(connection.source).size;
      EXPECT_EQ(connection.cols, units * num_points(layers.at(connection.target).kernel));
    }
  }
}

TEST(Layout, ANetworkWithoutLevelsIsAnError) {
  NetworkSpec spec = make_spec({{"task", "regression"}, {"hiddenSize", "1"}}, {1});
  spec.levels.clear();
  expect_error<ConfigError>([&] { NetworkLayout layout(spec); }, {"0 levels", "expected 1 to 100"});
}

}  // namespace
}  // namespace rnnlib
