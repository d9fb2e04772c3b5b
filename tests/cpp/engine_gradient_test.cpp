// SPDX-License-Identifier: Apache-2.0
// The engine's gradients against central differences, over every kind of network.
#include <gtest/gtest.h>

#include "engine_expectations.h"
#include "rnnlib/gradient_check.h"

namespace rnnlib {
namespace {

using namespace testing_engine;

TEST(EngineGradient, TasksBlocksSubsamplingGatheringAndSharing) {
  for (const NetworkCase& c : varied_cases()) {
    SCOPED_TRACE(c.name);
    expect_right_gradient(c.spec, {c.shapes[0], c.shapes[c.shapes.size() > 1 ? 1 : 0]});
  }
}

TEST(EngineGradient, EveryHiddenTypeInZeroToFourDimensions) {
  const std::vector<Shape> shapes{{}, {3}, {2, 3}, {2, 1, 2}, {1, 2, 2, 1}};
  for (HiddenType type : hidden_types()) {
    for (const char* recurrent : {"true", "false"}) {
      for (std::size_t dims = 0; dims < shapes.size(); ++dims) {
        SCOPED_TRACE(to_string(type) + " recurrent " + recurrent + " " + std::to_string(dims) + "-D");
        expect_right_gradient(make_spec({{"task", "regression"},
                                         {"hiddenSize", "2"},
                                         {"hiddenType", to_string(type)},
                                         {"recurrent", recurrent},
                                         {"bidirectional", "true"}},
                                        {static_cast<Index>(dims)}),
                              {shapes[dims]});
      }
    }
  }
}

TEST(EngineGradient, EverySymmetryInTwoDimensions) {
  for (const char* directions : {"false,true", "true,false", "true,true"}) {
    for (const char* symmetry : {"false,true", "true,false", "true,true"}) {
      SCOPED_TRACE(std::string("bidirectional ") + directions + " symmetry " + symmetry);
      expect_right_gradient(
          make_spec(
              {{"task", "regression"}, {"hiddenSize", "2"}, {"bidirectional", directions}, {"symmetry", symmetry}},
              {2}),
          {{2, 3}});
    }
  }
}

// Points without a target (-1) and importances reach the gradient.
TEST(EngineGradient, ImportanceAndPointsWithoutTarget) {
  const Network network = make_network(make_spec({{"task", "classification"}, {"hiddenSize", "2"}}, {1}));
  TestSequences sequences(network, {{5}});
  sequences.target(0) = {-1, 2, -1, 0, 1};
  const std::vector<float> importance{1.0F, 0.5F, 3.0F, 0.0F, 2.0F};
  Sequence sequence = sequences[0];
  const double plain = network.gradient({sequence}).error;
  sequence.set_importance(importance);
  EXPECT_NE(network.gradient({sequence}).error, plain);
  EXPECT_TRUE(check_gradient(network, sequence).passed());
}

}  // namespace
}  // namespace rnnlib
