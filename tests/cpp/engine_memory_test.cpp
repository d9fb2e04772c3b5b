// SPDX-License-Identifier: Apache-2.0
// Network::memory() against what workspaces really allocate: their buffers are the only aligned allocations.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "engine_fixture.h"

// Where the allocation functions may be replaced: not with MSVC, whose std::aligned_alloc is missing, and not under
// clang's sanitizers, which define them themselves.
#define RNNLIB_COUNTS_ALLOCATIONS 1
#if defined(_MSC_VER)
#undef RNNLIB_COUNTS_ALLOCATIONS
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#undef RNNLIB_COUNTS_ALLOCATIONS
#endif
#endif

#ifdef RNNLIB_COUNTS_ALLOCATIONS
namespace {

std::atomic<long long> aligned_bytes{0};

}  // namespace

void* operator new(std::size_t size, std::align_val_t alignment) {
  const std::size_t a = static_cast<std::size_t>(alignment);
  void* p = std::aligned_alloc(a, (size + a - 1) / a * a);
  if (p == nullptr) throw std::bad_alloc();
  aligned_bytes += static_cast<long long>(size);
  return p;
}
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
#endif

namespace rnnlib {
namespace {

using namespace testing_engine;

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
                    {2, 3, 2, 2})};
}

Shape large_shape(const NetworkSpec& spec, Index length) {
  return spec.data.num_dims == 1 ? Shape{length} : Shape{length, 48};
}

#ifdef RNNLIB_COUNTS_ALLOCATIONS
// Bytes of the one workspace that running a sequence makes.
Index measured(const NetworkSpec& spec, Precision precision, const Shape& shape, bool training) {
  const Network network = make_network(spec, precision, 0.1);
  const TestSequences sequences(network, {shape});
  aligned_bytes = 0;
  if (training) {
    network.gradient(sequences.all());
  } else {
    network.predict(sequences.all());
  }
  return static_cast<Index>(aligned_bytes);
}

TEST(EngineMemory, IsWithinAFactorOfTwoOfWhatIsAllocated) {
  for (Precision precision : {Precision::kFloat, Precision::kDouble}) {
    for (const NetworkSpec& spec : memory_specs()) {
      const Shape shape = large_shape(spec, 400);
      const MemoryEstimate estimate = make_network(spec, precision).memory(shape);
      const double predict = static_cast<double>(measured(spec, precision, shape, false));
      const double train = static_cast<double>(measured(spec, precision, shape, true));
      SCOPED_TRACE(testing::Message() << spec.levels.size() << " levels, " << spec.data.num_dims << "-D");
      EXPECT_GT(static_cast<double>(estimate.predict_bytes), predict * 0.9);
      EXPECT_LT(static_cast<double>(estimate.predict_bytes), predict * 2);
      EXPECT_GT(static_cast<double>(estimate.train_bytes), train * 0.9);
      EXPECT_LT(static_cast<double>(estimate.train_bytes), train * 2);
    }
  }
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
