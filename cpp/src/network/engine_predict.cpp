// SPDX-License-Identifier: Apache-2.0
// Sequences forward through the network, and their outputs through the decoder.
#include "base/parallel/loops.h"
#include "network/engine.h"
#include "network/run_in_memory.h"
#include "optim/all_finite.h"

namespace rnnlib {

namespace {

// Numbers beyond what Real holds would make outputs that mean nothing.
template <class Real>
void predict_output(const Loss<Real>& loss, Decoder<Real>& decoder, const OutputView<Real>& view,
                    const Sequence& sequence, Index number, Prediction& prediction) {
  const Index n = view.points * view.size;
  loss.activate(view);
  if (!all_finite(view.output, n)) {
    throw NumericError("sequence " + sequence_name(sequence, number) + ": an output is NaN or infinite");
  }
  decode(decoder, view.output, view.points, prediction);
  prediction.shape = view.shape;
  prediction.size = view.size;
  prediction.outputs.assign(view.output, view.output + n);
}

}  // namespace

template <class Real>
std::vector<Prediction> Engine<Real>::predict(const Model& model, const std::vector<Sequence>& sequences,
                                              int max_threads) const {
  const Index count = static_cast<Index>(sequences.size());
  std::vector<Prediction> predictions(sequences.size());
  for (Index i = 0; i < count; ++i) check_inputs(layout_, sequences[static_cast<std::size_t>(i)], i);
  const std::vector<Shard> shards = make_shards(layout_, sequences, 0, count);
  const int threads = useful_threads(sequences, shards, max_threads);
  Lease workspaces(workspaces_, num_workspaces(shards.size(), threads));
  const auto predict_batch = [&](const Range& batch, EngineWorkspace<Real>& workspace) {
    workspace.forward(model.weights, sequences.data() + batch.first, batch.count, batch.first, {});
    for (Index s = 0; s < batch.count; ++s) {
      const Index i = batch.first + s;
      predict_output(model.loss, workspace.decoder(), workspace.output(s, false),
                     sequences[static_cast<std::size_t>(i)], i, predictions[static_cast<std::size_t>(i)]);
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
  return predictions;
}

template <class Real>
void Engine<Real>::predict(const Model& model, const Sequence& sequence, EngineWorkspace<Real>& workspace,
                           Prediction& prediction) const {
  check_inputs(layout_, sequence, 0);
  run_in_memory(layout_, model.loss, &sequence, {0, 1}, false, [&] {
    workspace.forward(model.weights, &sequence, 1, 0, {});
    predict_output(model.loss, workspace.decoder(), workspace.output(0, false), sequence, 0, prediction);
  });
}

#define RNNLIB_INSTANTIATE(Real)                                                                                 \
  template std::vector<Prediction> Engine<Real>::predict(const Model&, const std::vector<Sequence>&, int) const; \
  template void Engine<Real>::predict(const Model&, const Sequence&, EngineWorkspace<Real>&, Prediction&) const;
RNNLIB_INSTANTIATE(float)
RNNLIB_INSTANTIATE(double)
#undef RNNLIB_INSTANTIATE

}  // namespace rnnlib
