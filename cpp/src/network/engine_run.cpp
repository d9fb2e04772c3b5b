// SPDX-License-Identifier: Apache-2.0
// Sequences with their targets through the network and its loss: errors and gradients, on the threads of a team.
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/parallel/loops.h"
#include "network/engine.h"
#include "network/run_in_memory.h"
#include "rnnlib/lexicon.h"

namespace rnnlib {

namespace {

void check_finite(const SequenceErrors& errors, const Sequence& sequence, Index number) {
  for (const SequenceErrors::Item& item : errors.items) {
    if (!std::isfinite(item.value)) {
      throw NumericError("sequence " + sequence_name(sequence, number) + ": the error is " +
                         std::to_string(item.value));
    }
  }
}

// Words of the target that the dictionary does not have are like none that was read.
template <class Real>
void count_word_errors(const Loss<Real>& loss, const Decoder& decoder, const Prediction& read, const Sequence& sequence,
                       LossWorkspace& workspace, SequenceErrors& errors) {
  const Lexicon* lexicon = decoder.lexicon();
  if (lexicon == nullptr || sequence.target_words().empty()) return;
  std::vector<Index> words;
  if (!read.readings.empty()) words = read.readings.front().words;
  std::vector<std::int32_t> target;
  for (const std::string& word : sequence.target_words()) {
    const auto same = [&](Index number) { return lexicon->word(number) == word; };
    const auto found = std::find_if(words.begin(), words.end(), same);
    target.push_back(found == words.end() ? -1 : static_cast<std::int32_t>(*found));
  }
  loss.count_word_errors(target, words, workspace, errors);
}

}  // namespace

template <class Real>
void Engine<Real>::run_batch(const Model& model, const Sequence* sequences, const Range& range, const Mode& mode,
                             EngineWorkspace<Real>& workspace, SequenceErrors* errors, Real* d_weights) const {
  const bool with_gradient = d_weights != nullptr;
  const Loss<Real>& loss = model.loss;
  run_in_memory(layout_, loss, sequences, range, with_gradient, [&] {
    Pass<Real> pass;
    pass.keep = with_gradient ? Keep::kForBackward : Keep::kNothing;
    pass.limit = mode.clip_deltas ? Real(1) : std::numeric_limits<Real>::infinity();
    pass.dropout = {mode.dropout.rate, mode.dropout.rate > 0 ? mode.dropout.seeds + range.first : nullptr};
    workspace.forward(model.weights, sequences + range.first, range.count, range.first, pass);
    for (Index s = 0; s < range.count; ++s) {
      const Sequence& sequence = sequences[range.first + s];
      const OutputView<Real>& view = workspace.output(s, with_gradient);
      errors[s] = {};
      loss.activate(view);
      loss.evaluate(view, sequence, workspace.loss(), errors[s]);
      const Prediction& read = workspace.read(view);
      loss.count_errors(read.labels, sequence, workspace.loss(), errors[s]);
      if (model.decoder != nullptr)
        count_word_errors(loss, *model.decoder, read, sequence, workspace.loss(), errors[s]);
      check_finite(errors[s], sequence, range.first + s);
    }
    if (with_gradient) workspace.backward(model.weights, d_weights);
  });
}

template <class Real>
void Engine<Real>::check(const Loss<Real>& loss, const std::vector<Sequence>& sequences, Index first,
                         Index count) const {
  for (Index i = first; i < first + count; ++i) {
    check_with_target(layout_, loss, sequences[static_cast<std::size_t>(i)], i);
  }
}

template <class Real>
void Engine<Real>::run(const Model& model, const std::vector<Sequence>& sequences, const Range& range, int max_threads,
                       RunResult& result, Real* gradient, bool clip_deltas, const Dropout& dropout) const {
  check(model.loss, sequences, range.first, range.count);
  const std::vector<Shard> shards = make_shards(layout_, sequences, range.first, range.count);
  const auto add_shard = [&](const Shard& shard, const SequenceErrors* errors, const Real* own) {
    for (Index s = 0; s < shard.sequences.count; ++s) {
      const Index i = shard.sequences.first + s;
      result.add(errors[s], sequences[static_cast<std::size_t>(i)], i);
    }
    if (own == nullptr) return;
    const Index n = packed_size();
    for (Index w = 0; w < n; ++w) gradient[w] += own[w];
  };
  // Several shards have a gradient each, so that the order of the sums does not depend on the threads.
  Real* const sum = shards.size() > 1 ? nullptr : gradient;
  run_shards(model, sequences, {shards.data(), static_cast<Index>(shards.size()), gradient != nullptr, sum, add_shard},
             max_threads, clip_deltas, dropout);
}

template <class Real>
void Engine<Real>::run_shards(const Model& model, const std::vector<Sequence>& sequences, const ShardRuns& runs,
                              int max_threads, bool clip_deltas, const Dropout& dropout) const {
  const auto num_shards = static_cast<std::size_t>(runs.count);
  // A decoder may take longer than the network: a thread for each shard is then worth its start.
  const int threads = model.decoder != nullptr ? num_workspaces(num_shards, max_threads)
                                               : threads_of(sequences, runs.first, runs.count, max_threads);
  const Mode mode{clip_deltas, dropout};
  Lease workspaces(workspaces_, num_workspaces(num_shards, threads), model.decoder);
  const bool own_gradients = runs.with_gradient && runs.sum == nullptr;
  const auto run_shard = [&](Index i, int thread) {
    const Shard& shard = runs.first[i];
    EngineWorkspace<Real>& workspace = workspaces[thread];
    workspace.errors().resize(static_cast<std::size_t>(shard.sequences.count));
    Real* d_weights = own_gradients ? workspace.clear_gradient() : runs.sum;
    for (const Range& batch : shard.batches) {
      run_batch(model, sequences.data(), batch, mode, workspace,
                workspace.errors().data() + (batch.first - shard.sequences.first), d_weights);
    }
  };
  const auto finish_shard = [&](Index i, int thread) {
    const Real* own = own_gradients ? workspaces[thread].d_weights().data() : nullptr;
    runs.done(runs.first[i], workspaces[thread].errors().data(), own);
  };
  with_team(threads, [&] { parallel_for_ordered(runs.count, run_shard, finish_shard); });
  workspaces.give_back();
}

template <class Real>
void Engine<Real>::run_passes(const Loss<Real>& loss, const std::vector<Sequence>& sequences, const Passes& passes,
                              int max_threads, bool with_gradient, const Dropout& dropout) const {
  const Index count = static_cast<Index>(passes.sequences.size());
  for (Index sequence : passes.sequences) check(loss, sequences, sequence, 1);
  const int threads = useful_threads(sequences, passes.sequences, max_threads);
  const Mode mode{true, dropout};
  Lease workspaces(workspaces_, num_workspaces(passes.sequences.size(), threads), passes.decoder);
  const auto run_pass = [&](Index i, int thread) {
    EngineWorkspace<Real>& workspace = workspaces[thread];
    PackedWeights<Real>& weights = workspace.own_weights();
    passes.make(i, thread, weights.values.resize(packed_size()));
    weights.pack(layout_);
    workspace.errors().resize(1);
    run_batch({loss, weights, passes.decoder}, sequences.data(), {passes.sequences[static_cast<std::size_t>(i)], 1},
              mode, workspace, workspace.errors().data(), with_gradient ? workspace.clear_gradient() : nullptr);
  };
  const auto finish_pass = [&](Index i, int thread) {
    EngineWorkspace<Real>& workspace = workspaces[thread];
    passes.done(i, workspace.errors().front(), with_gradient ? workspace.d_weights().data() : nullptr);
  };
  with_team(threads, [&] { parallel_for_ordered(count, run_pass, finish_pass); });
  workspaces.give_back();
}

#define RNNLIB_INSTANTIATE(Real)                                                                                    \
  template void Engine<Real>::check(const Loss<Real>&, const std::vector<Sequence>&, Index, Index) const;           \
  template void Engine<Real>::run(const Model&, const std::vector<Sequence>&, const Range&, int, RunResult&, Real*, \
                                  bool, const Dropout&) const;                                                      \
  template void Engine<Real>::run_shards(const Model&, const std::vector<Sequence>&, const ShardRuns&, int, bool,   \
                                         const Dropout&) const;                                                     \
  template void Engine<Real>::run_passes(const Loss<Real>&, const std::vector<Sequence>&, const Passes&, int, bool, \
                                         const Dropout&) const;
RNNLIB_INSTANTIATE(float)
RNNLIB_INSTANTIATE(double)
#undef RNNLIB_INSTANTIATE

}  // namespace rnnlib
