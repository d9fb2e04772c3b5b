// SPDX-License-Identifier: Apache-2.0
// Memory that is refused at any point of a call is an error of that call, and all that it used stays good.
#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "counted_memory.h"
#include "engine_fixture.h"
#include "rnnlib/c_api.h"
#include "rnnlib/c_handle.h"
#include "rnnlib/error.h"
#include "rnnlib/save.h"
#include "rnnlib/stream.h"
#include "rnnlib/trainer.h"
#include "rnnlib/workspace.h"

#ifdef RNNLIB_COUNTS_ALLOCATIONS
namespace rnnlib {
namespace {

using namespace testing_engine;
using namespace counted_memory;

// Refuses one allocation after the other, and then all from each on, until the call needs no more of them. Returns how
// often it was refused one. `check` is called after each.
int refuse_each(const std::function<void()>& call, const std::function<void()>& check) {
  int refused = 0;
  for (const bool all_from_there : {false, true}) {
    bool failed = true;
    for (long long n = 0; failed; n += 1 + n / 16) {
      refused_to = all_from_there ? std::numeric_limits<long long>::max() : allocations + n + 1;
      refused_from = allocations + n;
      failed = false;
      try {
        call();
      } catch (const OutOfMemoryError&) {
        failed = true;
      } catch (const std::bad_alloc&) {
        failed = true;
      }
      failed = failed || allocations > refused_from;  // it may have done without
      refused_from = refused_to = 0;
      refused += failed ? 1 : 0;
      check();
    }
  }
  return refused;
}

class RefusedMemory : public testing::Test {
 protected:
  RefusedMemory()
      : network_(make_network(
            make_spec({{"task", "transcription"}, {"hiddenSize", "9,6"}, {"bidirectional", "false"}}, {1, 2, 3}))),
        sequences_(network_, {{400}, {30}, {200}, {7}}),
        expected_(outputs()) {
    two_.threads = 2;
  }

  std::vector<double> outputs() const { return network_.predict(sequences_.all())[0].outputs; }
  void expect_each_refusal(const std::function<void()>& call) const {
    EXPECT_GT(refuse_each(call, [&] { ASSERT_EQ(outputs(), expected_); }), 2);
  }

  Network network_;
  TestSequences sequences_;
  std::vector<double> expected_;
  RunOptions two_;
};

TEST_F(RefusedMemory, RunsOfSequences) {
  expect_each_refusal([&] { (void)network_.predict(sequences_.all(), two_); });
  expect_each_refusal([&] { (void)network_.evaluate(sequences_.all(), two_); });
  expect_each_refusal([&] { (void)network_.gradient(sequences_.all(), two_); });
  expect_each_refusal([&] { (void)network_.trace(sequences_[1]); });
  expect_each_refusal([&] { (void)network_.jacobian(sequences_[1], {{2}}); });
}

TEST_F(RefusedMemory, WorkspacesAndStreams) {
  expect_each_refusal([&] {
    Workspace workspace(network_);
    (void)workspace.predict(sequences_[1]);
  });
  expect_each_refusal([&] {
    Stream stream(network_);
    (void)stream.push(sequences_[1].inputs(), 30, 2);
    (void)stream.finish();
  });
  Stream stream(network_);
  const std::vector<double> whole = stream.push(sequences_[1].inputs(), 30, 2).outputs;
  stream.finish();
  EXPECT_GT(refuse_each(
                [&] {
                  Stream kept(network_);
                  (void)kept.push(sequences_[1].inputs(), 30, 2);
                },
                [&] {
                  stream.reset();
                  EXPECT_EQ(stream.push(sequences_[1].inputs(), 30, 2).outputs, whole);
                }),
            2);
}

// Some layers have seen more points than others when memory runs out midway: the sequence must not go on from there.
TEST_F(RefusedMemory, AStreamBeginsItsSequenceAnew) {
  Stream first(network_);
  const std::vector<double> whole = first.push(sequences_[1].inputs(), 30, 2).outputs;
  bool failed = true;
  for (long long n = 0; failed; ++n) {
    Stream stream(network_);
    failed = false;
    refused_from = allocations + n;
    refused_to = std::numeric_limits<long long>::max();
    try {
      (void)stream.push(sequences_[0].inputs(), 400, 2);
    } catch (const std::exception&) {
      failed = true;
    }
    refused_from = refused_to = 0;
    if (!failed) break;
    const StreamOutput& again = stream.push(sequences_[1].inputs(), 30, 2);
    EXPECT_EQ(again.first_point, 0);
    EXPECT_EQ(again.outputs, whole);
  }
}

TEST_F(RefusedMemory, ChangesOfWeights) {
  const std::vector<double> weights = network_.weights();
  const WeightSnapshot held = network_.snapshot();  // so that they are copied
  expect_each_refusal([&] { network_.set_weights(weights); });
  expect_each_refusal([&] { network_.set_weights(weights, {network_.connections()[0].name}); });
}

TEST_F(RefusedMemory, Training) {
  const std::vector<double> weights = network_.weights();
  TrainerOptions options;
  options.run.threads = 2;
  EXPECT_GT(refuse_each(
                [&] {
                  Trainer trainer(network_, options);
                  trainer.begin_epoch(4);
                  trainer.train(sequences_.all());
                  trainer.end_epoch();
                },
                [&] {
                  network_.set_weights(weights);
                  ASSERT_EQ(outputs(), expected_);
                }),
            2);
}

TEST_F(RefusedMemory, Saves) {
  Config config;
  config.set("task", "transcription");
  config.set("hiddenSize", "9,6");
  config.set("bidirectional", "false");
  Save save;
  save.config = config;
  store_network(network_, save);
  const std::string text = save.text(Precision::kDouble);
  expect_each_refusal([&] { (void)save.text(Precision::kDouble); });
  expect_each_refusal([&] { (void)parse_network(text, "memory", Precision::kDouble).weights(); });
}

TEST_F(RefusedMemory, TheCInterfaceSaysSo) {
  const std::shared_ptr<const Network> borrowed(std::shared_ptr<const Network>(), &network_);
  rnnlib_network* const network = make_c_handle(borrowed);
  expect_each_refusal([&] {
    rnnlib_workspace* workspace = nullptr;
    rnnlib_prediction prediction;
    const int64_t shape[] = {30};
    rnnlib_status status = rnnlib_workspace_new(network, &workspace);
    if (status == RNNLIB_OK)
      status = rnnlib_workspace_run(workspace, sequences_[1].inputs(), 30, 2, shape, 1, &prediction);
    rnnlib_workspace_free(workspace);
    if (status == RNNLIB_ERROR_MEMORY) throw std::bad_alloc();
    ASSERT_EQ(status, RNNLIB_OK) << rnnlib_last_error();
  });
  rnnlib_network_free(network);
}

}  // namespace
}  // namespace rnnlib
#endif
