// SPDX-License-Identifier: Apache-2.0
// What holds for every kind of layer in the registry.
#include "layers/layer.h"

#include <gtest/gtest.h>

#include <set>

#include "engine_expectations.h"
#include "layer_cases.h"
#include "layers/input_layer.h"
#include "layers/registry.h"
#include "network/engine.h"
#include "network/workspace.h"
#include "rnnlib/save.h"
#include "rnnlib/stream.h"

namespace rnnlib {
namespace {

using namespace testing_engine;

// The kinds of layers that a network is made of.
std::set<std::string> kinds_of(const NetworkSpec& spec) {
  std::set<std::string> kinds;
  WeightPlacer placer;
  const InputLayer input(spec);
  std::vector<std::unique_ptr<Layer>> layers;
  for (std::size_t level = 0; level < spec.levels.size(); ++level) {
    for (const LayerKind& kind : layer_kinds()) {
      const LayerContext context{spec, level, layers.empty() ? input.output() : layers.back()->output(), placer};
      if (!kind.is_wanted(context)) continue;
      kinds.insert(kind.name);
      layers.push_back(kind.make(context));
    }
  }
  return kinds;
}

TEST(Layer, EveryKindOccursInACase) {
  std::set<std::string> found;
  for (const LayerCase& c : layer_cases()) found.merge(kinds_of(c.spec));
  for (const LayerKind& kind : layer_kinds()) EXPECT_EQ(found.count(kind.name), 1U) << kind.name;
}

TEST(Layer, GradientsAreExact) {
  for (const LayerCase& c : layer_cases()) {
    SCOPED_TRACE(c.name);
    expect_right_gradient(c.spec, c.shapes);
  }
}

TEST(Layer, ABatchIsItsSequencesOneByOne) {
  for (const LayerCase& c : layer_cases()) {
    SCOPED_TRACE(c.name);
    const Network network = make_network(c.spec);
    expect_batch_is_one_by_one(network, TestSequences(network, c.shapes));
  }
}

TEST(Layer, TheBitsAreTheSameForAnyNumberOfThreads) {
  for (const LayerCase& c : layer_cases()) {
    SCOPED_TRACE(c.name);
    const Network network = make_network(c.spec, Precision::kFloat, 0.3);
    ASSERT_GT(num_points(c.large) * network.num_weights(), 4000000);
    expect_same_bits_for_any_threads(network, TestSequences(network, {c.large, c.shapes[0]}).all());
  }
}

#ifdef RNNLIB_COUNTS_ALLOCATIONS
TEST(Layer, MemoryIsEstimated) {
  for (const LayerCase& c : layer_cases()) {
    for (Precision precision : {Precision::kFloat, Precision::kDouble}) {
      SCOPED_TRACE(c.name);
      expect_memory_as_estimated(c.spec, precision, c.large);
    }
  }
}

TEST(Layer, ASecondPassAsksForNoMemory) {
  const std::vector<std::uint64_t> seeds{1, 2, 3};
  for (const LayerCase& c : layer_cases()) {
    const Network network = make_network(c.spec, Precision::kFloat);
    const TestSequences sequences(network, c.shapes);
    const Engine<float>& engine = static_cast<const Engine<float>&>(network.engine());
    const HeldWeights<float> weights = engine.hold_weights();
    for (Keep keep : {Keep::kNothing, Keep::kForBackward, Keep::kForTrace}) {
      for (double rate : {0.0, 0.5}) {
        SCOPED_TRACE(testing::Message() << c.name << ", keep " << static_cast<int>(keep) << ", dropout " << rate);
        Pass<float> pass;
        pass.keep = keep;
        pass.dropout = {rate, seeds.data()};
        EngineWorkspace<float> workspace(engine.layout());
        const auto run = [&] {
          workspace.forward(*weights, sequences.all().data(), static_cast<Index>(c.shapes.size()), 0, pass);
          if (keep == Keep::kNothing) return;
          const OutputView<float>& all = workspace.output(0, true);
          std::fill_n(all.d_net, workspace.output_batch().points * all.size, 1.0F);
          workspace.backward(*weights, workspace.clear_gradient());
        };
        run();
        const long long before = counted_memory::allocations;
        run();
        EXPECT_EQ(counted_memory::allocations - before, 0);
      }
    }
  }
}
#endif

// Every layer of the graph, at the points that layer_shapes() tells.
TEST(Layer, TracesShowAllLayers) {
  for (const LayerCase& c : layer_cases()) {
    SCOPED_TRACE(c.name);
    const Network network = make_network(c.spec);
    const TestSequences sequences(network, c.shapes);
    for (const Sequence& sequence : sequences.all()) {
      const std::vector<TraceVariable> trace = network.trace(sequence);
      const std::vector<Shape> shapes = network.layer_shapes(sequence.shape());
      const std::vector<LayerInfo>& layers = network.graph().layers;
      ASSERT_EQ(shapes.size(), layers.size());
      for (std::size_t i = 0; i < shapes.size(); ++i) {
        const LayerInfo& layer = layers[i];
        Shape expected = shapes[i];
        expected.push_back(layer.size);
        for (const char* what : {"ctivations", "rrors"}) {
          const auto found = std::find_if(trace.begin(), trace.end(), [&](const TraceVariable& variable) {
            const std::string& name = variable.name;
            return name.rfind(layer.name + "_", 0) == 0 && name.find(what) != std::string::npos &&
                   variable.shape == expected;
          });
          EXPECT_NE(found, trace.end()) << layer.name << " has no " << what;
        }
      }
    }
  }
}

TEST(Layer, OutputPointsStandForAllInputPoints) {
  for (const LayerCase& c : layer_cases()) {
    SCOPED_TRACE(c.name);
    const Network network = make_network(c.spec);
    const Shape step = network.output_step();
    for (const Shape& shape : c.shapes) {
      const Shape output = network.output_shape(shape);
      ASSERT_EQ(output.size(), step.size());
      for (std::size_t d = 0; d < output.size(); ++d) {
        EXPECT_GE(output[d] * step[d], shape[d]);
        EXPECT_LT((output[d] - 1) * step[d], shape[d]);
      }
    }
  }
}

TEST(Layer, StreamsGiveTheOutputsOfTheWholeSequence) {
  for (const LayerCase& c : layer_cases()) {
    if (!why_no_stream(c.spec).empty()) continue;
    SCOPED_TRACE(c.name);
    const Network network = make_network(c.spec);
    const TestSequences sequences(network, c.shapes);
    Stream stream(network);
    for (const Sequence& sequence : sequences.all()) {
      std::vector<double> outputs;
      const auto add = [&](const StreamOutput& part) {
        outputs.insert(outputs.end(), part.outputs.begin(), part.outputs.end());
      };
      for (Index t = 0; t < num_points(sequence.shape()); ++t) add(stream.push(sequence.inputs() + t * 2, 1, 2));
      add(stream.finish());
      EXPECT_LT(largest_difference(network.predict({sequence})[0].outputs, outputs), 1e-14);
    }
  }
}

TEST(Layer, SavesBringThemBack) {
  for (const LayerCase& c : layer_cases()) {
    SCOPED_TRACE(c.name);
    const Network network = make_network(c.spec);
    Save save;
    store_network(network, save);
    const Network loaded = load_network(Save::parse(save.text(Precision::kDouble), "x.save"), Precision::kDouble);
    EXPECT_EQ(loaded.weights(), network.weights());
    const TestSequences sequences(network, c.shapes);
    const std::vector<Prediction> expected = network.predict(sequences.all());
    const std::vector<Prediction> found = loaded.predict(sequences.all());
    for (std::size_t i = 0; i < found.size(); ++i) EXPECT_EQ(found[i].outputs, expected[i].outputs);
  }
}

}  // namespace
}  // namespace rnnlib
