// SPDX-License-Identifier: Apache-2.0
// Sequences forward through the network, and their outputs through the decoder.
#include <algorithm>

#include "base/parallel/loops.h"
#include "network/engine.h"
#include "network/run_in_memory.h"
#include "optim/all_finite.h"

namespace rnnlib {

namespace {

// Numbers beyond what Real holds would make outputs that mean nothing.
template <class Real>
void predict_output(const Loss<Real>& loss, const OutputView<Real>& view, const Sequence& sequence, Index number,
                    Prediction& prediction) {
  const Index n = view.points * view.size;
  loss.activate(view);
  if (!all_finite(view.output, n)) {
    throw NumericError("sequence " + sequence_name(sequence, number) + ": an output is NaN or infinite");
  }
  prediction.shape = view.shape;
  prediction.size = view.size;
  prediction.outputs.assign(view.output, view.output + n);
}

// What the decoder makes of the outputs, with its places in the input.
void read_output(DecoderRun& decoder, const NetworkLayout& layout, const Sequence& sequence, Prediction& prediction) {
  decode(decoder, prediction.outputs.data(), num_points(prediction.shape), prediction);
  layout.find_input_positions(sequence.shape(), prediction.positions, prediction.input_positions);
}

}  // namespace

template <class Real>
std::vector<Prediction> Engine<Real>::predict(const Model& model, const std::vector<Sequence>& sequences,
                                              int max_threads) const {
  const Index count = static_cast<Index>(sequences.size());
  std::vector<Prediction> predictions(sequences.size());
  for (Index i = 0; i < count; ++i) check_inputs(layout_, sequences[static_cast<std::size_t>(i)], i);
  const std::vector<Shard> shards = make_shards(layout_, sequences, 0, count);
  const int threads = threads_of(sequences, shards.data(), static_cast<Index>(shards.size()), max_threads);
  Lease workspaces(workspaces_, num_workspaces(shards.size(), threads));
  const auto predict_batch = [&](const Range& batch, EngineWorkspace<Real>& workspace) {
    workspace.forward(model.weights, sequences.data() + batch.first, batch.count, batch.first, {});
    for (Index s = 0; s < batch.count; ++s) {
      const Index i = batch.first + s;
      const Sequence& sequence = sequences[static_cast<std::size_t>(i)];
      Prediction& prediction = predictions[static_cast<std::size_t>(i)];
      predict_output(model.loss, workspace.output(s, false), sequence, i, prediction);
      if (model.decoder == nullptr) read_output(workspace.decoder(), layout_, sequence, prediction);
    }
  };
  const auto predict_shard = [&](Index i, int thread) {
    for (const Range& batch : shards[static_cast<std::size_t>(i)].batches) {
      run_in_memory(layout_, model.loss, sequences.data(), batch, false,
                    [&] { predict_batch(batch, workspaces[thread]); });
    }
  };
  with_team(threads, [&] { parallel_for(static_cast<Index>(shards.size()), predict_shard); });
  workspaces.give_back();
  if (model.decoder != nullptr) read_outputs(*model.decoder, sequences, predictions, max_threads);
  return predictions;
}

// Searching takes longer than the network did: each sequence goes to the next thread that is free.
template <class Real>
void Engine<Real>::read_outputs(const Decoder& decoder, const std::vector<Sequence>& sequences,
                                std::vector<Prediction>& predictions, int max_threads) const {
  const Index count = static_cast<Index>(sequences.size());
  const int threads = static_cast<int>(std::max<Index>(1, std::min<Index>(count, max_threads)));
  std::vector<std::unique_ptr<DecoderRun>> runs(static_cast<std::size_t>(threads));
  for (auto& run : runs) run = decoder.make_run(layout_.output_size);
  const auto read = [&](Index i, int thread) {
    const auto at = static_cast<std::size_t>(i);
    read_output(*runs[static_cast<std::size_t>(thread)], layout_, sequences[at], predictions[at]);
  };
  with_team(threads, [&] { parallel_for(count, read); });
}

template <class Real>
void Engine<Real>::predict(const Model& model, const Sequence& sequence, EngineWorkspace<Real>& workspace,
                           Prediction& prediction) const {
  check_inputs(layout_, sequence, 0);
  run_in_memory(layout_, model.loss, &sequence, {0, 1}, false, [&] {
    workspace.forward(model.weights, &sequence, 1, 0, {});
    predict_output(model.loss, workspace.output(0, false), sequence, 0, prediction);
    read_output(workspace.decoder(), layout_, sequence, prediction);
  });
}

#define RNNLIB_INSTANTIATE(Real)                                                                                 \
  template std::vector<Prediction> Engine<Real>::predict(const Model&, const std::vector<Sequence>&, int) const; \
  template void Engine<Real>::predict(const Model&, const Sequence&, EngineWorkspace<Real>&, Prediction&) const;
RNNLIB_INSTANTIATE(float)
RNNLIB_INSTANTIATE(double)
#undef RNNLIB_INSTANTIATE

}  // namespace rnnlib
