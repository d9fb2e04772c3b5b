// SPDX-License-Identifier: Apache-2.0
// Handles of the C interface for networks that C++ has.
#include "rnnlib/c_handle.h"

#include <gtest/gtest.h>

#include "engine_fixture.h"

namespace rnnlib {
namespace {

using namespace testing_engine;

NetworkSpec transcription_spec() { return make_spec({{"task", "transcription"}, {"hiddenSize", "3"}}, {1, 2, 3, 0}); }

// Runs the sequence through a handle's workspace.
void expect_same_outputs(const rnnlib_network* handle, const Network& network, const Sequence& sequence) {
  rnnlib_workspace* workspace = nullptr;
  ASSERT_EQ(rnnlib_workspace_new(handle, &workspace), RNNLIB_OK);
  rnnlib_prediction found;
  ASSERT_EQ(rnnlib_workspace_run(workspace, sequence.inputs(), num_points(sequence.shape()), sequence.input_size(),
                                 sequence.shape().data(), 1, &found),
            RNNLIB_OK);
  const std::vector<double> outputs(found.outputs, found.outputs + found.points * found.size);
  EXPECT_EQ(outputs, network.predict({sequence}).front().outputs);
  rnnlib_workspace_free(workspace);
}

TEST(CHandle, SharesTheNetwork) {
  auto network = std::make_shared<const Network>(make_network(transcription_spec()));
  const TestSequences sequences(*network, {{7}});
  rnnlib_network* handle = make_c_handle(network);
  EXPECT_STREQ(rnnlib_network_task(handle), "transcription");
  EXPECT_EQ(rnnlib_network_num_weights(handle), network->num_weights());
  EXPECT_EQ(network.use_count(), 2);
  expect_same_outputs(handle, *network, sequences[0]);
  rnnlib_network_free(handle);
  EXPECT_EQ(network.use_count(), 1);
}

TEST(CHandle, BorrowsWhatIsNotOwned) {
  Network network = make_network(transcription_spec());
  const TestSequences sequences(network, {{5}});
  rnnlib_network* handle = make_c_handle({std::shared_ptr<const Network>(), &network});
  expect_same_outputs(handle, network, sequences[0]);
  std::vector<double> weights = network.weights();
  for (double& weight : weights) weight *= 0.5;
  network.set_weights(weights);  // which the handle sees
  expect_same_outputs(handle, network, sequences[0]);
  rnnlib_network_free(handle);
}

}  // namespace
}  // namespace rnnlib
