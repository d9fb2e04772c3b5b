// SPDX-License-Identifier: Apache-2.0
// One sweep in one direction, through the public interface: a network of one level with one output unit. "rate" is
// uses of weights per second, as in benchmarks/README.md. Arguments: dimensions, hidden units, sequences. The type of
// the hidden units is part of the name.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "rnnlib/rnnlib.h"

namespace {

using rnnlib::Index;

constexpr Index kInputs = 4;

rnnlib::Shape shape_of(Index dims) {
  if (dims == 1) return {300};
  if (dims == 2) return {24, 16};
  return {8, 8, 6};
}

rnnlib::Network make_network(const std::string& type, Index dims, Index hidden) {
  rnnlib::Config config;
  config.set("task", "sequence_classification");
  config.set("hiddenType", type);
  config.set("hiddenSize", std::to_string(hidden));
  config.set("bidirectional", "false");
  rnnlib::DataHeader header;
  header.num_dims = dims;
  header.input_size = kInputs;
  header.labels = {"a", "b"};
  rnnlib::Network network(rnnlib::make_network_spec(config, header), rnnlib::Precision::kFloat);
  rnnlib::Random random(1);
  network.randomise(random, 0.1);
  return network;
}

// run(network, sequences) uses every weight `factor` times at every point.
template <class Run>
void sweep(benchmark::State& state, const std::string& type, int factor, const Run& run) {
  const rnnlib::Network network = make_network(type, state.range(0), state.range(1));
  const rnnlib::Shape shape = shape_of(state.range(0));
  const Index points = rnnlib::num_points(shape);
  rnnlib::Random random(2);
  std::vector<float> inputs(static_cast<std::size_t>(points * kInputs));
  for (float& input : inputs) input = static_cast<float>(random.normal());
  const std::int32_t target = 1;
  rnnlib::Sequence sequence;
  sequence.set_inputs(inputs, shape, kInputs);
  sequence.set_target(&target, 1);
  const std::vector<rnnlib::Sequence> sequences(static_cast<std::size_t>(state.range(2)), sequence);
  for (auto _ : state) run(network, sequences);
  const double uses = static_cast<double>(factor) * static_cast<double>(points * state.range(2)) *
                      static_cast<double>(network.num_weights());
  state.counters["rate"] = benchmark::Counter(uses, benchmark::Counter::kIsIterationInvariantRate);
}

void sweep_forward(benchmark::State& state, const char* type) {
  sweep(state, type, 1,
        [](const auto& network, const auto& sequences) { benchmark::DoNotOptimize(network.predict(sequences)); });
}

void sweep_forward_backward(benchmark::State& state, const char* type) {
  sweep(state, type, 3,
        [](const auto& network, const auto& sequences) { benchmark::DoNotOptimize(network.gradient(sequences)); });
}

void sizes(benchmark::internal::Benchmark* bench) {
  bench->ArgNames({"dims", "hidden", "seqs"})->ArgsProduct({{1, 2, 3}, {2, 10, 100, 250}, {1, 16}});
  bench->Unit(benchmark::kMillisecond);
}

#define RNNLIB_SWEEP_BENCH(type)                               \
  BENCHMARK_CAPTURE(sweep_forward, type, #type)->Apply(sizes); \
  BENCHMARK_CAPTURE(sweep_forward_backward, type, #type)->Apply(sizes);
RNNLIB_SWEEP_BENCH(lstm)
RNNLIB_SWEEP_BENCH(gru)
RNNLIB_SWEEP_BENCH(tanh)
#undef RNNLIB_SWEEP_BENCH

}  // namespace
