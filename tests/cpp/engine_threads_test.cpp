// SPDX-License-Identifier: Apache-2.0
// The same bits for any number of threads, and one network used by several threads at once.
#include <gtest/gtest.h>

#include <thread>

#include "engine_expectations.h"
#include "rnnlib/trainer.h"

namespace rnnlib {
namespace {

using namespace testing_engine;

// Large enough for the engine to start threads: over shards, and over directions and products inside one.
NetworkSpec threaded_spec() {
  return make_spec({{"task", "transcription"}, {"hiddenSize", "8,20"}, {"hiddenBlock", "2,1"}, {"subsampleSize", "12"}},
                   {2, 3, 6});
}

std::vector<Shape> threaded_shapes() {
  std::vector<Shape> shapes;
  for (Index i = 0; i < 20; ++i) shapes.push_back({4 + i % 5, 3 + i % 3});
  return shapes;
}

TEST(EngineThreads, ManySequences) {
  for (Precision precision : {Precision::kFloat, Precision::kDouble}) {
    const Network network = make_network(threaded_spec(), precision, 0.3);
    const TestSequences sequences(network, threaded_shapes());
    Index points = 0;
    for (const Shape& shape : threaded_shapes()) points += num_points(shape);
    ASSERT_GT(points * network.num_weights(), 1000000);
    expect_same_bits_for_any_threads(network, sequences.all());
  }
}

TEST(EngineThreads, OneSequence) {
  for (Precision precision : {Precision::kFloat, Precision::kDouble}) {
    const Network network = make_network(threaded_spec(), precision, 0.3);
    const TestSequences sequences(network, {{40, 15}});
    ASSERT_GT(40 * 15 * network.num_weights(), 4000000);
    expect_same_bits_for_any_threads(network, sequences.all());
  }
}

TEST(EngineThreads, ManyDirections) {
  const Network network =
      make_network(make_spec({{"task", "sequence_regression"}, {"hiddenSize", "9"}}, {4, 3, 2, 2}), Precision::kFloat);
  const TestSequences sequences(network, {{5, 3, 4, 4}});
  ASSERT_GT(240 * network.num_weights(), 4000000);
  expect_same_bits_for_any_threads(network, sequences.all());
}

TEST(EngineThreads, Training) {
  for (Precision precision : {Precision::kFloat, Precision::kDouble}) {
    for (Index seqs_per_update : {1, 12}) {
      std::vector<std::vector<double>> weights;
      for (int threads : {1, 2, 3, 8}) {
        Network network = make_network(threaded_spec(), precision, 0.1);
        const TestSequences sequences(network, threaded_shapes());
        TrainerOptions options;
        options.seqs_per_update = seqs_per_update;
        options.optimiser.learn_rate = 1e-3;
        options.run.threads = threads;
        Trainer trainer(network, options);
        trainer.begin_epoch(20);
        trainer.train(sequences.all());
        trainer.end_epoch();
        weights.push_back(network.weights());
      }
      for (const auto& other : weights) EXPECT_EQ(other, weights[0]);
    }
  }
}

TEST(EngineThreads, OneNetworkUsedBySeveralThreadsAtOnce) {
  const Network network = make_network(threaded_spec(), Precision::kFloat, 0.3);
  const TestSequences sequences(network, threaded_shapes());
  const Metrics errors = network.evaluate(sequences.all());
  const GradientResult gradient = network.gradient(sequences.all());
  const auto trace = network.trace(sequences[3]);
  std::vector<GradientResult> gradients(4);
  std::vector<Metrics> all_errors(4);
  std::vector<std::vector<TraceVariable>> traces(4);
  std::vector<std::thread> users;
  for (std::size_t i = 0; i < 4; ++i) {
    users.emplace_back([&, i] {
      all_errors[i] = network.evaluate(sequences.all());
      gradients[i] = network.gradient(sequences.all());
      traces[i] = network.trace(sequences[3]);
      network.predict(sequences.range(i, i + 5));
    });
  }
  for (std::thread& user : users) user.join();
  for (std::size_t i = 0; i < 4; ++i) {
    expect_same_bits(all_errors[i], errors);
    EXPECT_EQ(gradients[i].gradient, gradient.gradient);
    ASSERT_EQ(traces[i].size(), trace.size());
    for (std::size_t k = 0; k < trace.size(); ++k) EXPECT_EQ(traces[i][k].values, trace[k].values);
  }
}

}  // namespace
}  // namespace rnnlib
