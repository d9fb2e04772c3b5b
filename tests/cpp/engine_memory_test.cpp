// SPDX-License-Identifier: Apache-2.0
// Network::memory() against what is really allocated, and what happens when there is not enough.
#include <gtest/gtest.h>

#include "engine_expectations.h"
#include "expect_error.h"
#include "rnnlib/error.h"
#include "rnnlib/workspace.h"

namespace rnnlib {
namespace {

using namespace testing_engine;
#ifdef RNNLIB_COUNTS_ALLOCATIONS
using counted_memory::allocations;
using counted_memory::held_bytes;
#endif

std::vector<NetworkSpec> memory_specs() {
  return {make_spec({{"task", "transcription"}, {"hiddenSize", "20"}}, {1, 10, 20}),
          make_spec({{"task", "sequence_regression"}, {"hiddenSize", "30"}, {"hiddenType", "tanh"}}, {1, 3}),
          make_spec({{"task", "transcription"},
                     {"inputBlock", "3,4"},
                     {"hiddenSize", "2,10,50"},
                     {"subsampleSize", "6,20"},
                     {"hiddenBlock", "3,4;2,4"}},
                    {2, 1, 30}),
          make_spec({{"task", "regression"}, {"hiddenSize", "8,8"}}, {2, 1, 2, 1}),
          make_spec({{"task", "regression"},
                     {"hiddenSize", "8"},
                     {"hiddenType", "logistic"},
                     {"recurrent", "false"},
                     {"bidirectional", "false"}},
                    {2, 3, 2, 2}),
          make_spec({{"task", "transcription"},
                     {"hiddenSize", "16,24,20"},
                     {"hiddenType", "conv,conv,lstm"},
                     {"kernelSize", "3;5,3"},
                     {"hiddenBlock", "1,4"},
                     {"subsampleSize", "20"},
                     {"bidirectional", "false"}},
                    {2, 1, 10})};
}

Shape large_shape(const NetworkSpec& spec, Index length) {
  return spec.data.num_dims == 1 ? Shape{length} : Shape{length, 48};
}

#ifdef RNNLIB_COUNTS_ALLOCATIONS
TEST(EngineMemory, IsWithinAFactorOfTwoOfWhatIsAllocated) {
  for (Precision precision : {Precision::kFloat, Precision::kDouble}) {
    for (const NetworkSpec& spec : memory_specs()) {
      SCOPED_TRACE(testing::Message() << spec.levels.size() << " levels, " << spec.data.num_dims << "-D");
      expect_memory_as_estimated(spec, precision, large_shape(spec, 400));
    }
  }
}

// Which thread takes which batch is a matter of time: measured with one.
TEST(EngineMemory, CountsBatchesAndThreads) {
  for (const NetworkSpec& spec : memory_specs()) {
    SCOPED_TRACE(testing::Message() << spec.levels.size() << " levels, " << spec.data.num_dims << "-D");
    const Shape shape = large_shape(spec, 150);
    const Network network = make_network(spec);
    const MemoryEstimate estimate = network.memory(shape, memory_options(network, shape, 16, 2));
    const bool narrow = spec.data.num_dims == 1 || !spec.input_block.empty();
    EXPECT_EQ(estimate.batch_sequences, narrow ? 8 : 1);
    EXPECT_EQ(estimate.workspaces, 2);
    EXPECT_EQ(network.memory(shape, memory_options(network, shape, 4, 2)).workspaces, 1);
    const std::vector<Shape> shapes(16, shape);
    expect_close(static_cast<double>(estimate.predict_bytes), measured(spec, Precision::kDouble, shapes, false));
    expect_close(static_cast<double>(estimate.train_bytes), measured(spec, Precision::kDouble, shapes, true));
  }
}

// One large sequence among small ones: no more than it takes alone, and once, not for each sequence of a batch.
TEST(EngineMemory, OfAMixedSetIsThatOfTheLargest) {
  for (const NetworkSpec& spec : memory_specs()) {
    SCOPED_TRACE(testing::Message() << spec.levels.size() << " levels, " << spec.data.num_dims << "-D");
    std::vector<Shape> shapes(16, large_shape(spec, 20));
    shapes[9] = large_shape(spec, 2000);
    const double alone = measured(spec, Precision::kDouble, {shapes[9]}, true);
    EXPECT_LT(measured(spec, Precision::kDouble, shapes, true), 1.2 * alone);
  }
}

TEST(EngineMemory, OfWeights) {
  for (Precision precision : {Precision::kFloat, Precision::kDouble}) {
    const NetworkSpec spec = make_spec({{"task", "transcription"}, {"hiddenSize", "200,100"}}, {1, 10, 20});
    const long long before = held_bytes;
    const Network network(spec, precision);
    const double held = static_cast<double>(held_bytes - before);
    const MemoryEstimate estimate = network.memory({5});
    expect_close(static_cast<double>(estimate.weights_bytes), held);
  }
}

TEST(EngineMemory, OfAFailedRunIsGivenBack) {
  const Network network = make_network(memory_specs()[0]);
  const TestSequences sequences(network, {{20}, {2000}});
  std::vector<Sequence> wrong = sequences.all();
  wrong[1].set_target(nullptr, 0);
  const long long before = held_bytes;
  EXPECT_THROW(network.gradient(wrong), DataError);
  EXPECT_LT(held_bytes - before, 1000);
  EXPECT_EQ(network.predict(sequences.all()).size(), 2U);
}

// A workspace of the caller's that runs a shape again asks for nothing.
TEST(EngineMemory, WorkspaceRunsWithoutAllocations) {
  const std::vector<NetworkSpec> specs{
      make_spec({{"task", "transcription"}, {"hiddenSize", "20"}, {"inputBlock", "2,2"}}, {2, 1, 10}),
      make_spec({{"task", "transcription"}, {"hiddenSize", "2,10"}, {"hiddenBlock", "2,2"}, {"subsampleSize", "6"}},
                {2, 1, 4}),
      make_spec({{"task", "sequence_classification"}, {"hiddenSize", "9"}}, {2, 3}),
      make_spec({{"task", "classification"}, {"hiddenSize", "30,20"}}, {1, 3}),
      make_spec({{"task", "regression"}, {"hiddenSize", "3"}, {"recurrent", "false"}, {"hiddenType", "tanh"}}, {1, 3}),
      make_spec({{"task", "transcription"}, {"hiddenSize", "5,20"}, {"hiddenType", "conv"}}, {2, 1, 10}),
      make_spec({{"task", "regression"}, {"hiddenSize", "32,3"}, {"hiddenType", "conv"}, {"kernelSize", "4"}}, {1, 3})};
  for (const NetworkSpec& spec : specs) {
    for (Precision precision : {Precision::kFloat, Precision::kDouble}) {
      SCOPED_TRACE(to_string(spec.task));
      Network network = make_network(spec, precision);
      const std::vector<double> ones(static_cast<std::size_t>(spec.data.input_size), 1);
      network.set_normalisation({{ones, ones}, {}});
      const Shape shape = spec.data.num_dims == 2 ? Shape{40, 12} : Shape{50};
      const TestSequences sequences(network, {shape});
      Workspace workspace(network);
      for (bool raw : {false, true}) {
        workspace.set_raw(raw);
        workspace.predict(sequences[0]);
        const long long before = allocations;
        workspace.predict(sequences[0]);
        EXPECT_EQ(allocations - before, 0);
      }
    }
  }
}

// More bytes than an address has bits for: no system promises them, and no input may be read.
TEST(EngineMemory, ThatDoesNotExistIsAnErrorWithTheSequencesName) {
  const Network network(make_spec({{"task", "sequence_regression"},
                                   {"hiddenSize", "20000"},
                                   {"hiddenType", "tanh"},
                                   {"recurrent", "false"},
                                   {"bidirectional", "false"}},
                                  {2, 1, 2, 1}),
                        Precision::kDouble);
  const TestSequences small(network, {{3, 2}, {2, 2}});
  std::vector<Sequence> sequences = small.all();
  sequences[1].set_inputs(sequences[1].inputs(), {Index{1} << 20, Index{1} << 11}, 1);
  sequences[1].set_tag("huge");
  const char* expected = "sequence 'huge' (number 1) of shape 1048576x2048: not enough memory, about";
  expect_error<OutOfMemoryError>([&] { network.predict(sequences); }, {expected});
  expect_error<OutOfMemoryError>([&] { network.evaluate(sequences); }, {expected});
  expect_error<OutOfMemoryError>([&] { network.gradient(sequences); }, {expected});
  expect_error<OutOfMemoryError>([&] { network.trace(sequences[1]); }, {"not enough memory"});
  EXPECT_EQ(network.predict(small.all()).size(), 2U);
}
#endif

TEST(EngineMemory, GrowsWithPointsAndWithTraining) {
  for (const NetworkSpec& spec : memory_specs()) {
    const Network network = make_network(spec);
    const MemoryEstimate small = network.memory(large_shape(spec, 300));
    const MemoryEstimate large = network.memory(large_shape(spec, 3000));
    EXPECT_GT(small.train_bytes, small.predict_bytes);
    EXPECT_EQ(small.weights_bytes, large.weights_bytes);
    EXPECT_GE(small.weights_bytes, network.num_weights() * 8);
    const double growth = static_cast<double>(large.train_bytes) / static_cast<double>(small.train_bytes);
    EXPECT_GT(growth, 5);
    EXPECT_LT(growth, 10.5);
    const MemoryEstimate single = make_network(spec, Precision::kFloat).memory(large_shape(spec, 300));
    EXPECT_LT(single.train_bytes, small.train_bytes);
  }
}

TEST(EngineMemory, OfOnePointAndWithoutDimensions) {
  const Network network = make_network(make_spec({{"task", "regression"}, {"hiddenSize", "2"}}, {0}));
  EXPECT_GT(network.memory({}).train_bytes, network.memory({}).predict_bytes);
  const Network images = make_network(make_spec({{"task", "regression"}, {"hiddenSize", "2"}}, {2}));
  EXPECT_GT(images.memory({1, 1}).predict_bytes, 0);
}

}  // namespace
}  // namespace rnnlib
