// SPDX-License-Identifier: Apache-2.0
// The engine's outputs against its naive twin's.
#include <gtest/gtest.h>

#include "engine_fixture.h"
#include "naive_network.h"

namespace rnnlib {
namespace {

using namespace testing_engine;

const std::vector<Shape> kShapes = {{}, {5}, {3, 4}, {2, 3, 2}, {2, 1, 2, 3}};

void expect_twin_agrees(const NetworkSpec& spec, const std::vector<Shape>& shapes) {
  const Network network = make_network(spec);
  const TestSequences sequences(network, shapes);
  const NaiveNetwork twin(network);
  for (const Sequence& sequence : sequences.all()) {
    const Grid expected = twin.run(sequence);
    const Prediction found = network.predict({sequence})[0];
    EXPECT_EQ(found.shape, expected.shape);
    ASSERT_EQ(found.size, expected.units);
    std::vector<double> values;
    for (const auto& point : expected.points) values.insert(values.end(), point.begin(), point.end());
    EXPECT_LT(largest_difference(values, found.outputs), 1e-12) << to_string(sequence.shape());
  }
}

TEST(EngineForward, EveryHiddenTypeInZeroToFourDimensions) {
  for (std::size_t dims = 0; dims < kShapes.size(); ++dims) {
    for (HiddenType type : hidden_types()) {
      for (const char* recurrent : {"true", "false"}) {
        SCOPED_TRACE(std::to_string(dims) + "-D " + to_string(type) + " recurrent " + recurrent);
        expect_twin_agrees(make_spec({{"task", "regression"},
                                      {"hiddenSize", "2"},
                                      {"hiddenType", to_string(type)},
                                      {"recurrent", recurrent}},
                                     {static_cast<Index>(dims)}),
                           {kShapes[dims]});
      }
    }
  }
}

TEST(EngineForward, EveryDirectionAndSymmetryInTwoDimensions) {
  for (const char* directions : {"false,false", "false,true", "true,false", "true,true"}) {
    for (const char* symmetry : {"false,false", "false,true", "true,false", "true,true"}) {
      for (const char* type : {"tanh", "lstm"}) {
        SCOPED_TRACE(std::string(type) + " bidirectional " + directions + " symmetry " + symmetry);
        expect_twin_agrees(make_spec({{"task", "transcription"},
                                      {"hiddenSize", "2,2"},
                                      {"hiddenType", type},
                                      {"bidirectional", directions},
                                      {"symmetry", symmetry}},
                                     {2}),
                           {{3, 4}, {1, 2}});
      }
    }
  }
}

TEST(EngineForward, EveryDirectionInThreeDimensions) {
  for (const char* directions : {"true,false,false", "false,true,false", "false,false,true", "true,false,true"}) {
    SCOPED_TRACE(directions);
    expect_twin_agrees(make_spec({{"task", "regression"}, {"hiddenSize", "2"}, {"bidirectional", directions}}, {3}),
                       {{2, 3, 4}});
  }
}

TEST(EngineForward, TasksBlocksSubsamplingAndGathering) {
  for (const NetworkCase& c : varied_cases()) {
    SCOPED_TRACE(c.name);
    expect_twin_agrees(c.spec, c.shapes);
  }
}

TEST(EngineForward, FloatIsCloseToDouble) {
  for (const NetworkCase& c : varied_cases()) {
    SCOPED_TRACE(c.name);
    const Network exact = make_network(c.spec);
    const Network rough = make_network(c.spec, Precision::kFloat);
    const TestSequences sequences(exact, c.shapes);
    const auto expected = exact.predict(sequences.all());
    const auto found = rough.predict(sequences.all());
    for (std::size_t i = 0; i < found.size(); ++i) {
      EXPECT_LT(largest_difference(expected[i].outputs, found[i].outputs), 1e-5);
    }
  }
}

TEST(EngineForward, DecisionsAreTheLargestOutputs) {
  const Network network = make_network(make_spec({{"task", "classification"}, {"hiddenSize", "3"}}, {1, 2, 4}));
  const TestSequences sequences(network, {{30}});
  const Prediction prediction = network.predict(sequences.all())[0];
  ASSERT_EQ(prediction.labels.size(), 30u);
  for (std::size_t t = 0; t < 30; ++t) {
    const auto first = prediction.outputs.begin() + static_cast<std::ptrdiff_t>(4 * t);
    EXPECT_EQ(prediction.labels[t], std::max_element(first, first + 4) - first);
  }
}

}  // namespace
}  // namespace rnnlib
