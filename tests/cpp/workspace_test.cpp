// SPDX-License-Identifier: Apache-2.0
// Workspaces in the caller's hands: the same predictions, from many threads, without new memory.
#include "rnnlib/workspace.h"

#include <gtest/gtest.h>

#include <limits>
#include <thread>

#include "engine_fixture.h"
#include "expect_error.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

using namespace testing_engine;

void expect_same(const Prediction& a, const Prediction& b) {
  EXPECT_EQ(a.labels, b.labels);
  EXPECT_EQ(a.shape, b.shape);
  EXPECT_EQ(a.size, b.size);
  EXPECT_EQ(a.outputs, b.outputs);
  ASSERT_EQ(a.positions.size(), b.positions.size());
  for (std::size_t i = 0; i < a.positions.size(); ++i) {
    EXPECT_EQ(a.positions[i].first, b.positions[i].first);
    EXPECT_EQ(a.positions[i].last, b.positions[i].last);
  }
}

TEST(Workspace, SameAsNetworkPredict) {
  for (const NetworkCase& network_case : varied_cases()) {
    SCOPED_TRACE(network_case.name);
    for (Precision precision : {Precision::kFloat, Precision::kDouble}) {
      const Network network = make_network(network_case.spec, precision);
      const TestSequences sequences(network, network_case.shapes);
      Workspace workspace(network);
      for (int again = 0; again < 2; ++again) {
        for (std::size_t i = 0; i < sequences.all().size(); ++i) {
          expect_same(workspace.predict(sequences[i]), network.predict(sequences.one(i)).front());
        }
      }
    }
  }
}

TEST(Workspace, OneNetworkManyThreads) {
  const Network network =
      make_network(make_spec({{"task", "transcription"}, {"hiddenSize", "6"}, {"inputBlock", "2,1"}}, {2, 1, 4}));
  const TestSequences sequences(network, {{9, 4}, {5, 6}, {12, 3}, {2, 2}});
  std::vector<Prediction> expected;
  for (std::size_t i = 0; i < 4; ++i) expected.push_back(network.predict(sequences.one(i)).front());
  std::vector<std::vector<Prediction>> found(4);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < found.size(); ++t) {
    threads.emplace_back([&, t] {
      Workspace workspace(network);
      for (int again = 0; again < 5; ++again) {
        found[t].clear();
        for (const Sequence& sequence : sequences.all()) found[t].push_back(workspace.predict(sequence));
        network.predict(sequences.all());  // those that borrow workspaces do not get in the way
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::vector<Prediction>& predictions : found) {
    ASSERT_EQ(predictions.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) expect_same(predictions[i], expected[i]);
  }
}

TEST(Workspace, StaysGoodAfterErrors) {
  const Network network = make_network(make_spec({{"task", "regression"}, {"hiddenSize", "3"}}, {2, 1}));
  TestSequences sequences(network, {{4, 3}, {2, 2}});
  Workspace workspace(network);
  const Prediction before = workspace.predict(sequences[0]);
  Sequence bad = sequences[1];
  bad.set_inputs(bad.inputs(), {4}, 1);
  expect_error<DataError>([&] { workspace.predict(bad); }, {"sequence_1", "1 dimensions"});
  bad.set_inputs(bad.inputs(), {4, 0}, 1);
  expect_error<DataError>([&] { workspace.predict(bad); }, {"at least 1"});
  sequences.inputs(1)[2] = std::numeric_limits<float>::quiet_NaN();
  expect_error<NumericError>([&] { workspace.predict(sequences[1]); }, {"sequence_1", "input 0 of point 2", "nan"});
  expect_same(workspace.predict(sequences[0]), before);
}

TEST(Workspace, MovedNetworkAndWorkspace) {
  Network network = make_network(make_spec({{"task", "regression"}, {"hiddenSize", "3"}}, {1, 1}));
  const TestSequences sequences(network, {{4}});
  Workspace workspace(network);
  const Network moved = std::move(network);
  Workspace other = std::move(workspace);
  expect_same(other.predict(sequences[0]), moved.predict(sequences.all()).front());
}

}  // namespace
}  // namespace rnnlib
