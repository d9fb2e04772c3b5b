// SPDX-License-Identifier: Apache-2.0
// What must hold for every network, whatever its layers are.
#pragma once

#include <gtest/gtest.h>

#include "counted_memory.h"
#include "engine_fixture.h"
#include "rnnlib/gradient_check.h"

namespace rnnlib::testing_engine {

inline void expect_right_gradient(const NetworkSpec& spec, const std::vector<Shape>& shapes) {
  const Network network = make_network(spec);
  const TestSequences sequences(network, shapes);
  for (const Sequence& sequence : sequences.all()) {
    SCOPED_TRACE(to_string(sequence.shape()));
    GradientCheckOptions options;
    options.break_on_error = false;
    const GradientCheckReport report = check_gradient(network, sequence, options);
    for (const GradientMismatch& m : report.mismatches) {
      ADD_FAILURE() << m.connection << " " << m.index << ": exact " << m.exact << ", numeric " << m.numeric;
    }
    Index checked = 0;
    for (const GradientCheckConnection& c : report.connections) checked += c.checked;
    EXPECT_EQ(checked, network.num_weights());
  }
}

inline void expect_batch_is_one_by_one(const Network& network, const TestSequences& sequences) {
  const auto together = network.predict(sequences.all());
  const GradientResult sum = network.gradient(sequences.all());
  const Metrics errors = network.evaluate(sequences.all());
  std::vector<double> gradient(sum.gradient.size(), 0.0);
  Metrics one_by_one;
  for (std::size_t i = 0; i < sequences.all().size(); ++i) {
    const Prediction alone = network.predict(sequences.one(i))[0];
    EXPECT_EQ(alone.shape, together[i].shape);
    EXPECT_EQ(alone.labels, together[i].labels);
    EXPECT_LT(largest_difference(alone.outputs, together[i].outputs), 1e-13);
    const GradientResult own = network.gradient(sequences.one(i));
    for (std::size_t k = 0; k < gradient.size(); ++k) gradient[k] += own.gradient[k];
    one_by_one.add(own.metrics);
  }
  EXPECT_LT(largest_difference(gradient, sum.gradient), 1e-11);
  EXPECT_EQ(one_by_one.num_sequences, errors.num_sequences);
  ASSERT_EQ(one_by_one.errors().size(), errors.errors().size());
  for (const NamedError& error : errors.errors()) {
    const NamedError* other = one_by_one.find(error.name);
    ASSERT_NE(other, nullptr) << error.name;
    EXPECT_NEAR(error.value, other->value, 1e-11 * std::max(1.0, std::abs(error.value))) << error.name;
    EXPECT_EQ(error.norm, other->norm) << error.name;
  }
}

inline RunOptions with_threads(int threads) {
  RunOptions options;
  options.threads = threads;
  return options;
}

inline void expect_same_bits_for_any_threads(const Network& network, const std::vector<Sequence>& sequences) {
  const Metrics errors = network.evaluate(sequences);
  const GradientResult gradient = network.gradient(sequences);
  const auto predictions = network.predict(sequences);
  for (int threads : {2, 3, 8}) {
    SCOPED_TRACE(threads);
    expect_same_bits(network.evaluate(sequences, with_threads(threads)), errors);
    const GradientResult other = network.gradient(sequences, with_threads(threads));
    EXPECT_EQ(other.error, gradient.error);
    EXPECT_EQ(other.gradient, gradient.gradient);
    expect_same_bits(other.metrics, gradient.metrics);
    const auto others = network.predict(sequences, with_threads(threads));
    ASSERT_EQ(others.size(), predictions.size());
    for (std::size_t i = 0; i < others.size(); ++i) {
      EXPECT_EQ(others[i].outputs, predictions[i].outputs);
      EXPECT_EQ(others[i].labels, predictions[i].labels);
    }
  }
}

#ifdef RNNLIB_COUNTS_ALLOCATIONS
// Bytes that a network's workspace holds after a run on one thread.
inline double measured(const NetworkSpec& spec, Precision precision, const std::vector<Shape>& shapes, bool training) {
  const Network network = make_network(spec, precision, 0.1);
  const TestSequences sequences(network, shapes);
  const long long before = counted_memory::held_bytes;
  if (training) {
    network.gradient(sequences.all());
  } else {
    network.predict(sequences.all());
  }
  return static_cast<double>(counted_memory::held_bytes - before);
}

inline MemoryOptions memory_options(const Network& network, const Shape& shape, Index sequences = 1, int threads = 1) {
  return {sequences, TestSequences(network, {shape})[0].target_length(), threads};
}

inline void expect_close(double estimate, double measured) {
  EXPECT_GT(estimate, measured * 0.9);
  EXPECT_LT(estimate, measured * 2);
}

inline void expect_memory_as_estimated(const NetworkSpec& spec, Precision precision, const Shape& shape) {
  const Network network = make_network(spec, precision);
  const MemoryEstimate estimate = network.memory(shape, memory_options(network, shape));
  EXPECT_EQ(estimate.workspaces, 1);
  EXPECT_EQ(estimate.batch_sequences, 1);
  expect_close(static_cast<double>(estimate.predict_bytes), measured(spec, precision, {shape}, false));
  expect_close(static_cast<double>(estimate.train_bytes), measured(spec, precision, {shape}, true));
}
#endif

}  // namespace rnnlib::testing_engine
