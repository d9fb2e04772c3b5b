// SPDX-License-Identifier: Apache-2.0
// What must hold for every network: mirror images, batches, sums of gradients, traces, forward with nothing kept.
#include <gtest/gtest.h>

#include "engine_expectations.h"
#include "naive_network.h"

namespace rnnlib {
namespace {

using namespace testing_engine;

const std::vector<Shape> kManyShapes[] = {
    {{}, {}, {}, {}, {}, {}, {}, {}, {}, {}},
    {{5}, {1}, {8}, {3}, {3}, {7}, {2}, {9}, {4}, {6}, {1}},
    {{3, 5}, {1, 1}, {5, 3}, {2, 7}, {6, 1}, {1, 4}, {3, 3}, {4, 2}, {2, 2}, {3, 5}},
    {{2, 3, 2}, {1, 1, 1}, {3, 1, 2}, {2, 2, 2}, {1, 4, 1}, {3, 2, 1}, {1, 1, 3}, {2, 3, 2}, {4, 1, 1}},
    {{2, 1, 3, 2}, {1, 2, 1, 1}, {2, 2, 2, 2}}};

const std::vector<Shape>& many_shapes(const NetworkCase& c) {
  return kManyShapes[static_cast<std::size_t>(c.spec.data.num_dims)];
}

// One label is learnt from targets of at most one: longer ones would repeat it.
bool one_by_one_fits(const NetworkCase& c) { return c.name != "one label"; }

// The name that a connection has when everything runs the other way along dimension d.
std::string mirrored_name(const std::string& name, const NetworkSpec& spec, std::size_t d) {
  unsigned bit = 1;
  for (std::size_t e = d + 1; e < spec.bidirectional.size(); ++e) bit *= spec.bidirectional[e] ? 2 : 1;
  std::string result = name;
  for (std::size_t at = result.find("hidden_"); at != std::string::npos; at = result.find("hidden_", at + 1)) {
    const std::size_t first = result.find('_', at + 7) + 1;  // behind "hidden_<level>_"
    std::size_t used = 0;
    const unsigned long direction = std::stoul(result.substr(first), &used);
    result.replace(first, used, std::to_string(direction ^ bit));
  }
  const std::size_t delay = result.find("_delay");
  if (delay == std::string::npos) return result;
  std::size_t first = delay + 6;  // "_<offset>" per dimension
  for (std::size_t e = 0; e < d; ++e) first = result.find('_', first + 1);
  const std::size_t last = std::min(result.find('_', first + 1), result.size());
  const int offset = std::stoi(result.substr(first + 1, last - first - 1));
  return result.substr(0, first + 1) + std::to_string(-offset) + result.substr(last);
}

Network mirrored_network(const Network& network, std::size_t d) {
  const std::vector<double> weights = network.weights();
  std::vector<double> swapped(weights.size(), NAN);
  for (const Connection& c : network.connections()) {
    const std::string name = mirrored_name(c.name, network.spec(), d);
    const auto found = std::find_if(network.connections().begin(), network.connections().end(),
                                    [&](const Connection& other) { return other.name == name; });
    if (found == network.connections().end()) {
      ADD_FAILURE() << "no connection " << name;
      break;
    }
    std::copy_n(weights.begin() + c.offset, c.size(), swapped.begin() + found->offset);
  }
  return with_weights(network.spec(), network.precision(), swapped);
}

// Rows of units with their points in the opposite order along dimension d.
template <class Value>
std::vector<Value> flipped(const std::vector<Value>& rows, const Shape& shape, Index units, std::size_t d) {
  std::vector<Value> result;
  for (Shape point : points_of(shape)) {
    point[d] = shape[d] - 1 - point[d];
    Index row = 0;
    for (std::size_t e = 0; e < shape.size(); ++e) row = row * shape[e] + point[e];
    result.insert(result.end(), rows.begin() + row * units, rows.begin() + (row + 1) * units);
  }
  return result;
}

TEST(EngineProperty, AMirroredInputThroughMirroredDirectionsGivesTheMirroredOutput) {
  const std::vector<Shape> shapes{{}, {6}, {3, 4}, {2, 3, 2}};
  for (const char* task : {"regression", "sequence_regression", "transcription"}) {
    for (const char* type : {"lstm", "softsign", "gru"}) {
      for (std::size_t dims = 1; dims <= 3; ++dims) {
        const Shape& shape = shapes[dims];
        const Network network = make_network(
            make_spec({{"task", task}, {"hiddenType", type}, {"hiddenSize", "2,2"}, {"subsampleSize", "3"}},
                      {static_cast<Index>(dims)}));
        const TestSequences sequences(network, {shape});
        const Prediction straight = network.predict(sequences.all())[0];
        for (std::size_t d = 0; d < dims; ++d) {
          SCOPED_TRACE(std::string(task) + " " + type + " " + std::to_string(dims) + "-D along " + std::to_string(d));
          const std::vector<float> inputs(sequences[0].inputs(), sequences[0].inputs() + num_points(shape) * 2);
          const std::vector<float> turned = flipped(inputs, shape, 2, d);
          Sequence sequence = sequences[0];
          sequence.set_inputs(turned, shape, 2);
          const Prediction mirrored = mirrored_network(network, d).predict({sequence})[0];
          const bool turns = d < straight.shape.size();
          const std::vector<double> expected =
              turns ? flipped(straight.outputs, straight.shape, straight.size, d) : straight.outputs;
          EXPECT_LT(largest_difference(expected, mirrored.outputs), 1e-13);
          if (turns && shape[d] > 1) {
            EXPECT_GT(largest_difference(straight.outputs, mirrored.outputs), 1e-6);
          }
        }
      }
    }
  }
}

TEST(EngineProperty, ABatchIsItsSequencesOneByOne) {
  for (const NetworkCase& c : varied_cases()) {
    if (!one_by_one_fits(c)) continue;
    SCOPED_TRACE(c.name);
    const Network network = make_network(c.spec);
    expect_batch_is_one_by_one(network, TestSequences(network, many_shapes(c)));
  }
}

// Evaluation keeps nothing, training everything: their errors have the same bits.
TEST(EngineProperty, ForwardIsTheSameWhateverIsKept) {
  for (Precision precision : {Precision::kFloat, Precision::kDouble}) {
    for (const NetworkCase& c : varied_cases()) {
      if (!one_by_one_fits(c)) continue;
      SCOPED_TRACE(c.name);
      const Network network = make_network(c.spec, precision);
      const TestSequences sequences(network, many_shapes(c));
      const GradientResult trained = network.gradient(sequences.all());
      expect_same_bits(network.evaluate(sequences.all()), trained.metrics);
      EXPECT_EQ(trained.error, trained.metrics.errors()[0].value);
      for (std::size_t i = 0; i < sequences.all().size(); ++i) {
        const TraceVariable traced = find_variable(network.trace(sequences[i]), "output_outputActivations");
        EXPECT_EQ(network.predict(sequences.one(i))[0].outputs, traced.values);
      }
    }
  }
}

TEST(EngineProperty, ATraceWithoutTargetHasActivationsOnly) {
  const Network network = make_network(make_spec({{"task", "transcription"}, {"hiddenSize", "2"}}, {2}));
  const TestSequences sequences(network, {{4, 3}});
  Sequence sequence = sequences[0];
  sequence.set_target(nullptr, 0);
  const auto trace = network.trace(sequence);
  const auto full = network.trace(sequences[0]);
  EXPECT_LT(trace.size(), full.size());
  for (const TraceVariable& variable : trace) {
    EXPECT_EQ(variable.name.find("rrors"), std::string::npos) << variable.name;
    const TraceVariable same = find_variable(full, variable.name);
    EXPECT_EQ(variable.shape, same.shape);
    EXPECT_EQ(variable.values, same.values) << variable.name;
    EXPECT_EQ(num_points(variable.shape), static_cast<Index>(variable.values.size()));
  }
}

// Targets far away drive the deltas of cells with a state beyond 1, where they are clipped (docs/behaviour.md, "Units")
// before they reach the gradient; a bias's gradient is their sum over the points.
TEST(EngineProperty, GradientsAreMadeOfDeltasClippedAtOne) {
  for (HiddenType type : hidden_types()) {
    if (!cell_info(type, 2).has_state) continue;
    SCOPED_TRACE(to_string(type));
    const Network network = make_network(
        make_spec({{"task", "regression"}, {"hiddenSize", "3"}, {"hiddenType", to_string(type)}}, {2, 2, 3, 1}));
    const TestSequences sequences(network, {{4, 3}});
    const std::vector<float> targets(12, 500.0F);
    Sequence sequence = sequences[0];
    sequence.set_target_patterns(targets, 1);
    const std::vector<double> gradient = network.gradient({sequence}).gradient;
    const auto trace = network.trace(sequence);
    double largest = 0;
    for (const Connection& c : network.connections()) {
      if (c.name.find("bias_to_hidden") != 0) continue;
      const TraceVariable& deltas = find_variable(trace, c.name.substr(8) + "_inputErrors");
      std::vector<double> sums(static_cast<std::size_t>(c.size()), 0.0);
      for (std::size_t i = 0; i < deltas.values.size(); ++i) {
        sums[i % sums.size()] += deltas.values[i];
        largest = std::max(largest, std::abs(deltas.values[i]));
      }
      const auto own = gradient.begin() + c.offset;
      EXPECT_LT(largest_difference(sums, std::vector<double>(own, own + c.size())), 1e-13) << c.name;
    }
    EXPECT_EQ(largest, 1.0);
  }
}

// What a workspace held before must not matter: large, small, another kind of run, large again.
TEST(EngineProperty, RunsLeaveNoTraces) {
  for (const NetworkCase& c : varied_cases()) {
    if (!one_by_one_fits(c)) continue;
    SCOPED_TRACE(c.name);
    const Network network = make_network(c.spec);
    const TestSequences sequences(network, many_shapes(c));
    const GradientResult fresh = network.gradient(sequences.all());
    network.trace(sequences[1]);
    network.predict(sequences.range(0, 2));
    network.gradient(sequences.one(2));
    const GradientResult again = network.gradient(sequences.all());
    EXPECT_EQ(fresh.gradient, again.gradient);
    expect_same_bits(fresh.metrics, again.metrics);
  }
}

TEST(EngineProperty, NoSequencesGiveNoErrorsAndNoGradient) {
  const Network network = make_network(make_spec({{"task", "regression"}, {"hiddenSize", "2"}}, {1}));
  EXPECT_EQ(network.evaluate({}).num_sequences, 0);
  EXPECT_TRUE(network.evaluate({}).errors().empty());
  EXPECT_TRUE(network.predict({}).empty());
  const GradientResult none = network.gradient({});
  EXPECT_EQ(none.error, 0);
  EXPECT_EQ(none.gradient, std::vector<double>(static_cast<std::size_t>(network.num_weights()), 0.0));
}

TEST(EngineProperty, WeightsComeBackAsTheyWereSet) {
  for (const NetworkCase& c : varied_cases()) {
    Network network(c.spec, Precision::kDouble);
    EXPECT_EQ(network.weights(), std::vector<double>(static_cast<std::size_t>(network.num_weights()), 0.0));
    Random random(2);
    network.randomise(random, 0.1);
    const std::vector<double> weights = network.weights();
    for (double weight : weights) EXPECT_LE(std::abs(weight), 0.1);
    Network other(c.spec, Precision::kDouble);
    other.set_weights(weights);
    EXPECT_EQ(other.weights(), weights);
  }
}

}  // namespace
}  // namespace rnnlib
