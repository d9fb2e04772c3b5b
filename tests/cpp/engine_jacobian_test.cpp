// SPDX-License-Identifier: Apache-2.0
// The Jacobian mode against central differences on every input, in double.
#include <gtest/gtest.h>

#include "engine_fixture.h"
#include "expect_error.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

using namespace testing_engine;

// Half the sum of squares of the outputs at the coordinates.
double energy(const Network& network, const Sequence& sequence, Index first, Index count) {
  const Prediction prediction = network.predict({sequence})[0];
  double sum = 0;
  for (Index i = first; i < first + count; ++i) {
    const double y = prediction.outputs[static_cast<std::size_t>(i)];
    sum += y * y / 2;
  }
  return sum;
}

std::vector<double> numeric(const Network& network, Sequence sequence, std::vector<float> inputs, Index first,
                            Index count) {
  constexpr float kStep = 1.0F / 4096;
  sequence.set_inputs(inputs, sequence.shape(), sequence.input_size());
  std::vector<double> derivatives;
  for (float& input : inputs) {
    const float centre = input;
    const float above = centre + kStep;
    const float below = centre - kStep;
    input = above;
    double difference = energy(network, sequence, first, count);
    input = below;
    difference -= energy(network, sequence, first, count);
    input = centre;
    derivatives.push_back(difference / (static_cast<double>(above) - static_cast<double>(below)));
  }
  return derivatives;
}

Index flat_index(const Shape& point, const Shape& shape) {
  Index index = 0;
  for (std::size_t d = 0; d < shape.size(); ++d) index = index * shape[d] + point[d];
  return index;
}

// The last point of the output with all its units, and a point in its middle with the last unit.
void expect_right_jacobian(const Network& network, TestSequences& sequences) {
  const Shape shape = network.output_shape(sequences[0].shape());
  const Index size = network.spec().output_size();
  Shape last, middle;
  for (Index n : shape) {
    last.push_back(n - 1);
    middle.push_back(n / 2);
  }
  const std::vector<OutputCoordinates> all{{last}, {middle, size - 1}};
  for (const OutputCoordinates& coordinates : all) {
    const bool one = coordinates.unit != OutputCoordinates::kAllUnits;
    const Index first = flat_index(coordinates.point, shape) * size + (one ? coordinates.unit : 0);
    const Index count = one ? 1 : size;
    const TraceVariable found = find_variable(network.jacobian(sequences[0], coordinates), "input_errors");
    Shape expected_shape = sequences[0].shape();
    expected_shape.push_back(network.spec().data.input_size);
    EXPECT_EQ(found.shape, expected_shape);
    const std::vector<double> expected = numeric(network, sequences[0], sequences.inputs(0), first, count);
    EXPECT_LT(largest_difference(found.values, expected), 1e-6);
  }
}

TEST(EngineJacobian, MatchesCentralDifferencesInEveryKindOfNetwork) {
  for (const NetworkCase& c : varied_cases()) {
    SCOPED_TRACE(c.name);
    const Network network = make_network(c.spec);
    TestSequences sequences(network, {c.shapes[0]});
    expect_right_jacobian(network, sequences);
  }
}

// Weights this large make deltas that training would clip.
TEST(EngineJacobian, DeltasAreNotClipped) {
  const NetworkSpec spec = make_spec({{"task", "regression"}, {"hiddenSize", "3"}}, {1});
  const Network network = make_network(spec, Precision::kDouble, 4.0);
  TestSequences sequences(network, {{5}});
  double largest = 0;
  for (const TraceVariable& variable : network.jacobian(sequences[0], {{2}})) {
    if (variable.name != "hidden_0_0_inputErrors" && variable.name != "hidden_0_1_inputErrors") continue;
    for (double delta : variable.values) largest = std::max(largest, std::abs(delta));
  }
  EXPECT_GT(largest, 1.0);
  expect_right_jacobian(network, sequences);
}

TEST(EngineJacobian, StartsFromTheOutputAtTheCoordinatesAlone) {
  const NetworkSpec spec = make_spec({{"task", "transcription"}, {"hiddenSize", "2"}}, {1});
  const Network network = make_network(spec);
  TestSequences sequences(network, {{4}});
  Sequence sequence = sequences[0];
  sequence.set_target(nullptr, 0);  // not needed
  const auto variables = network.jacobian(sequence, {{3}, 1});
  const std::vector<double> outputs = find_variable(variables, "output_outputActivations").values;
  std::vector<double> expected(outputs.size(), 0.0);
  expected[3 * 4 + 1] = outputs[3 * 4 + 1];
  EXPECT_EQ(find_variable(variables, "output_outputErrors").values, expected);
}

TEST(EngineJacobian, FloatAgreesWithDouble) {
  const NetworkSpec spec = make_spec({{"task", "classification"}, {"hiddenSize", "3"}}, {2});
  const Network network = make_network(spec);
  const Network narrow = with_weights(spec, Precision::kFloat, network.weights());
  const TestSequences sequences(network, {{4, 3}});
  const OutputCoordinates coordinates{{1, 2}};
  const auto values = [&](const Network& n) {
    return find_variable(n.jacobian(sequences[0], coordinates), "input_errors").values;
  };
  EXPECT_LT(largest_difference(values(network), values(narrow)), 1e-5);
}

TEST(EngineJacobian, CoordinatesOutsideTheOutputAreRefused) {
  const NetworkSpec spec = make_spec({{"task", "classification"}, {"hiddenSize", "2"}}, {2});
  const Network network = make_network(spec);
  const TestSequences sequences(network, {{4, 3}});
  const auto expect_refused = [&](const OutputCoordinates& coordinates, const std::vector<std::string>& parts) {
    expect_error<ConfigError>([&] { network.jacobian(sequences[0], coordinates); }, parts);
  };
  expect_refused({{4, 0}}, {"sequence_0", "4 is outside dimension 0", "3 units"});
  expect_refused({{0, -1}}, {"-1 is outside dimension 1"});
  expect_refused({{0}}, {"1 coordinates of a point"});
  expect_refused({{0, 0}, 3}, {"no unit 3"});
  expect_refused({{0, 0}, -2}, {"no unit -2"});
}

}  // namespace
}  // namespace rnnlib
