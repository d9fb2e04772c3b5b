// SPDX-License-Identifier: Apache-2.0
// Weights that change while threads run sequences: every call sees one set of them, whole. The thread sanitizer looks
// at the same tests.
#include "network/shared_weights.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <thread>

#include "engine_fixture.h"
#include "expect_error.h"
#include "network/engine.h"
#include "rnnlib/error.h"
#include "rnnlib/stream.h"
#include "rnnlib/trainer.h"
#include "rnnlib/workspace.h"

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define RNNLIB_TSAN
#endif
#endif
#if defined(__unix__) || defined(__APPLE__)
#define RNNLIB_FORKS
#include <sys/wait.h>
#include <unistd.h>
#endif

namespace rnnlib {
namespace {

using namespace testing_engine;

using Weights = std::vector<double>;

NetworkSpec shared_spec() {
  return make_spec({{"task", "classification"}, {"hiddenSize", "7,5"}, {"bidirectional", "false"}}, {1, 2, 3});
}

Weights weights_of(unsigned seed) {
  Network network(shared_spec(), Precision::kDouble);
  Random random(seed);
  network.randomise(random, 0.8);
  return network.weights();
}

// Two sets of weights, the outputs of each, and a network that changes between them on a thread of its own.
class SharedWeightsTest : public testing::Test {
 protected:
  SharedWeightsTest()
      : sets_{weights_of(1), weights_of(2)},
        network_(with_weights(shared_spec(), Precision::kDouble, sets_[0])),
        sequences_(network_, {{40}, {3}, {25}}) {
    for (const Weights& set : sets_) {
      outputs_.push_back(outputs(with_weights(shared_spec(), Precision::kDouble, set).predict(sequences_.all())));
    }
  }

  static std::vector<double> outputs(const std::vector<Prediction>& predictions) {
    std::vector<double> all;
    for (const Prediction& p : predictions) all.insert(all.end(), p.outputs.begin(), p.outputs.end());
    return all;
  }
  bool is_of_one_set(const std::vector<double>& found) const { return found == outputs_[0] || found == outputs_[1]; }

  // Runs work(n) for n in [0, times) while another thread changes the weights, at least once for each of them.
  void while_weights_change(int times, const std::function<void(int)>& work) {
    std::atomic<int> changes{0};
    std::atomic<bool> stop{false};
    std::thread changer([&] {
      for (int i = 1; !stop; ++i) {
        network_.set_weights(sets_[static_cast<std::size_t>(i % 2)]);
        ++changes;
      }
    });
    for (int n = 0; n < times; ++n) {
      work(n);
      for (const int before = changes; changes == before;) std::this_thread::yield();
    }
    stop = true;
    changer.join();
  }

  std::vector<Weights> sets_;
  Network network_;
  TestSequences sequences_;
  std::vector<std::vector<double>> outputs_;  // of both sets
};

TEST_F(SharedWeightsTest, EveryCallSeesOneSet) {
  ASSERT_NE(outputs_[0], outputs_[1]);
  Workspace workspace(network_);
  const auto is_of_one = [&](const auto& use) {
    const auto found = use(network_);
    return found == use(with_weights(shared_spec(), Precision::kDouble, sets_[0])) ||
           found == use(with_weights(shared_spec(), Precision::kDouble, sets_[1]));
  };
  while_weights_change(30, [&](int) {
    EXPECT_TRUE(is_of_one_set(outputs(network_.predict(sequences_.all()))));
    EXPECT_TRUE(is_of_one([&](const Network& n) { return n.weights(); }));
    EXPECT_TRUE(is_of_one([&](const Network& n) { return n.gradient(sequences_.all()).gradient; }));
    EXPECT_TRUE(is_of_one([&](const Network& n) { return n.evaluate(sequences_.all()).errors().front().value; }));
    EXPECT_TRUE(is_of_one([&](const Network& n) { return n.trace(sequences_[0]).back().values; }));
    EXPECT_TRUE(is_of_one([&](const Network& n) { return n.jacobian(sequences_[0], {{3}}).front().values; }));
    std::vector<Prediction> found;
    found.push_back(workspace.predict(sequences_[0]));
    const auto begins = [&](const std::vector<double>& all) {
      return std::equal(found[0].outputs.begin(), found[0].outputs.end(), all.begin());
    };
    EXPECT_TRUE(begins(outputs_[0]) || begins(outputs_[1]));
  });
}

TEST_F(SharedWeightsTest, CallsWithASnapshotSeeThatSet) {
  RunOptions options;
  options.weights = network_.snapshot();
  while_weights_change(30, [&](int) { EXPECT_EQ(outputs(network_.predict(sequences_.all(), options)), outputs_[0]); });
  EXPECT_EQ(network_.gradient(sequences_.all(), options).gradient,
            with_weights(shared_spec(), Precision::kDouble, sets_[0]).gradient(sequences_.all()).gradient);
  const Network other = with_weights(shared_spec(), Precision::kDouble, sets_[0]);
  expect_error<DataError>([&] { (void)other.evaluate(sequences_.all(), options); }, {"another network"});
}

TEST_F(SharedWeightsTest, AStreamKeepsTheSetThatItsSequenceBeganWith) {
  const Sequence& sequence = sequences_[0];
  Stream stream(network_);
  const auto whole = [&](const Weights& set) {
    const Network network = with_weights(shared_spec(), Precision::kDouble, set);
    Stream own(network);
    return own.push(sequence.inputs(), 40, 2).outputs;
  };
  std::vector<double> found = stream.push(sequence.inputs(), 10, 2).outputs;
  network_.set_weights(sets_[1]);
  const std::vector<double> rest = stream.push(sequence.inputs() + 20, 30, 2).outputs;
  found.insert(found.end(), rest.begin(), rest.end());
  EXPECT_EQ(found, whole(sets_[0]));
  stream.finish();
  EXPECT_EQ(stream.push(sequence.inputs(), 40, 2).outputs, whole(sets_[1]));
  network_.set_weights(sets_[0]);
  stream.reset();
  EXPECT_EQ(stream.push(sequence.inputs(), 40, 2).outputs, whole(sets_[0]));
}

TEST_F(SharedWeightsTest, ReadingBesideTraining) {
  std::atomic<bool> stop{false};
  std::thread reader([&] {
    while (!stop) {
      RunOptions options;
      options.weights = network_.snapshot();
      const std::vector<double> found = outputs(network_.predict(sequences_.all(), options));
      EXPECT_EQ(outputs(network_.predict(sequences_.all(), options)), found);
      (void)network_.gradient(sequences_.all());
    }
  });
  TrainerOptions options;
  options.optimiser.learn_rate = 1e-3;
  options.run.threads = 2;
  Network alone = with_weights(shared_spec(), Precision::kDouble, sets_[0]);
  for (Network* network : {&network_, &alone}) {
    Trainer trainer(*network, options);
    for (int epoch = 0; epoch < 30; ++epoch) {
      trainer.begin_epoch(3);
      trainer.train(sequences_.all());
      trainer.end_epoch();
      trainer.evaluate(sequences_.all());
    }
  }
  stop = true;
  reader.join();
  EXPECT_EQ(network_.weights(), alone.weights());  // readers have not disturbed it
}

TEST_F(SharedWeightsTest, WeightsThatNobodyReadsAreChangedWhereTheyLie) {
  const auto& engine = static_cast<const Engine<double>&>(network_.engine());
  const double* const before = engine.hold_weights()->values.data();
  network_.set_weights(sets_[1]);
  EXPECT_EQ(engine.hold_weights()->values.data(), before);
  {
    const WeightSnapshot held = network_.snapshot();
    network_.set_weights(sets_[0]);
    EXPECT_NE(engine.hold_weights()->values.data(), before);
  }
  const double* const copied = engine.hold_weights()->values.data();
  network_.set_weights(sets_[1]);
  EXPECT_EQ(engine.hold_weights()->values.data(), copied);
}

TEST_F(SharedWeightsTest, ConnectionsAreSetApart) {
  const std::vector<Connection>& connections = network_.connections();
  network_.set_weights(sets_[1], {connections[1].name, connections[3].name});
  const Weights found = network_.weights();
  for (std::size_t c = 0; c < connections.size(); ++c) {
    const Weights& expected = sets_[c == 1 || c == 3 ? 1 : 0];
    for (Index i = connections[c].offset; i < connections[c].offset + connections[c].size(); ++i) {
      EXPECT_EQ(found[static_cast<std::size_t>(i)], expected[static_cast<std::size_t>(i)]);
    }
  }
  expect_error<DataError>([&] { network_.set_weights(sets_[1], {"input_to_nowhere"}); }, {"input_to_nowhere"});
  expect_error<DataError>([&] { network_.set_weights({1.0}, {connections[0].name}); }, {"but 1 were given"});
  EXPECT_EQ(network_.weights(), found);
}

TEST_F(SharedWeightsTest, ThreadsThatSetOtherConnectionsLoseNothing) {
  const std::vector<Connection>& connections = network_.connections();
  std::vector<std::thread> threads;
  for (const Connection& connection : connections) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) network_.set_weights(sets_[static_cast<std::size_t>(1 - i % 2)], {connection.name});
      network_.set_weights(sets_[1], {connection.name});
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(network_.weights(), sets_[1]);
}

#if defined(RNNLIB_FORKS) && !defined(RNNLIB_TSAN)  // the sanitizer ends a child that starts threads
TEST_F(SharedWeightsTest, AChildThatIsForkedWhileTheyChange) {
  int failed = 0;
  while_weights_change(40, [&](int) {
    const pid_t child = fork();
    if (child == 0) {
      alarm(20);  // a child that waits for a thread that is not there is ended
      const bool whole = is_of_one_set(outputs(network_.predict(sequences_.all())));
      network_.set_weights(sets_[1]);
      _exit(whole && outputs(network_.predict(sequences_.all())) == outputs_[1] ? 0 : 1);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0) ++failed;
  });
  EXPECT_EQ(failed, 0);
}
#endif

}  // namespace
}  // namespace rnnlib
