// SPDX-License-Identifier: Apache-2.0
// CTC: outputs, error and deltas of one sequence. Arguments: steps, labels of the target, output units.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "decode/task_decoder.h"
#include "loss/loss.h"
#include "rnnlib/random.h"

namespace {

using rnnlib::Index;

void ctc(benchmark::State& state) {
  const Index steps = state.range(0);
  const Index units = state.range(2);
  rnnlib::DataHeader data;
  for (Index k = 0; k + 1 < units; ++k) data.labels.push_back("l" + std::to_string(k));
  const auto loss = rnnlib::make_loss<float>(rnnlib::Task::kTranscription, data, {});

  rnnlib::Random random(1);
  std::vector<std::int32_t> target(static_cast<std::size_t>(state.range(1)));
  for (std::int32_t& label : target) label = static_cast<std::int32_t>(random.below(data.labels.size()));
  rnnlib::Sequence sequence;
  sequence.set_inputs(nullptr, {steps}, 1);
  sequence.set_target(target);

  std::vector<float> net(static_cast<std::size_t>(steps * units));
  for (float& x : net) x = static_cast<float>(random.normal());
  std::vector<float> output(net.size());
  std::vector<float> d_net(net.size());
  rnnlib::OutputView<float> view;
  view.net = net.data();
  view.output = output.data();
  view.d_net = d_net.data();
  view.points = steps;
  view.size = units;
  view.shape = {steps};

  rnnlib::LossWorkspace workspace;
  const auto decoder = rnnlib::make_decoder_run(rnnlib::DecoderType::kBestPath, units);
  std::vector<double> probabilities;
  rnnlib::Prediction read;
  rnnlib::SequenceErrors errors;
  for (auto _ : state) {
    errors = {};
    loss->activate(view);
    loss->evaluate(view, sequence, workspace, errors);
    probabilities.assign(output.begin(), output.end());
    decode(*decoder, probabilities.data(), view.points, read);
    loss->count_errors(read.labels, sequence, workspace, errors);
    benchmark::DoNotOptimize(d_net.data());
    benchmark::ClobberMemory();
  }
  if (errors.skipped) state.SkipWithError("the target does not fit");
}

BENCHMARK(ctc)
    ->ArgNames({"steps", "target", "units"})
    ->Args({18, 8, 121})      // small output of a deep 2D network
    ->Args({300, 40, 62})     // phonemes
    ->Args({3000, 400, 100})  // a page
    ->Unit(benchmark::kMicrosecond);

}  // namespace
