// SPDX-License-Identifier: Apache-2.0
// The part of a rank in what ranks run together.
#include <algorithm>

#include "base/parallel/team.h"
#include "train/noisy_runs.h"

namespace rnnlib {

template <class Real>
bool NoisyRuns<Real>::run_shared(Index first, Index count, RunResult& result, Buffer<Real>* gradient,
                                 FunctionRef<bool()> due) {
  const bool training = gradient != nullptr;
  engine_.check(loss_, *given_, first, count);
  if (training && !augmenters_.empty()) change_shapes(first, count);
  const std::vector<Sequence>& sequences = run_sequences(training);
  const auto run = [&](const Shard* shards, Index n, Real* sum, RankPart<Real>& part) {
    const Index begin = shards->sequences.first;
    const Index end = shards[n - 1].sequences.first + shards[n - 1].sequences.count;
    if (changes_inputs(training)) {
      with_team(useful_threads(begin, end - begin), [&] { change_inputs(begin, end - begin, training); });
      engine_.check(loss_, sequences, begin, end - begin);
    }
    run_part(shards, n, training, sum, part);
  };
  const Range range{first, count};
  const Index samples = has_passes() ? num_samples() : 1;
  return ranks_->run({sequences, range, rounds(sequences, range, training), samples, run}, due, result, gradient);
}

// In which rounds the sequences run: only the shapes of `sequences` matter.
template <class Real>
std::vector<Round> NoisyRuns<Real>::rounds(const std::vector<Sequence>& sequences, const Range& range,
                                           bool training) const {
  const Index most = training ? ranks_->most_gradients() : range.count;
  if (has_passes()) return make_pass_rounds(range, std::max<Index>(ranks_->num_ranks(), most / num_samples()));
  const Index chunk = training && options_.batch_learn ? kBatchChunk : range.count;
  return make_rounds(engine_.layout(), sequences, range, {chunk, most, training});
}

template <class Real>
void NoisyRuns<Real>::run_part(const Shard* shards, Index count, bool training, Real* sum, RankPart<Real>& part) {
  if (has_passes()) {
    const auto keep = [&](Index, Index, const SequenceErrors& errors, const Real* gradient) {
      part.errors.push_back(errors);
      if (gradient != nullptr) part.keep_gradient(gradient, engine_.packed_size());
    };
    return run_passes(shards->sequences.first, count, training, keep);
  }
  const auto keep = [&](const Shard& shard, const SequenceErrors* errors, const Real* gradient) {
    part.errors.insert(part.errors.end(), errors, errors + shard.sequences.count);
    if (gradient != nullptr) part.keep_gradient(gradient, engine_.packed_size());
  };
  const HeldWeights<Real> weights = engine_.hold_weights();
  engine_.run_shards({loss_, *weights, decoder(training)}, run_sequences(training),
                     {shards, count, training, sum, keep}, options_.run.threads, true, dropout(training));
}

template <class Real>
void NoisyRuns<Real>::evaluate_without_noise(const std::vector<Sequence>& sequences, RunResult& result) {
  const HeldWeights<Real> weights = engine_.hold_weights();
  const typename Engine<Real>::Model model{loss_, *weights, decoder(false)};
  const Range all{0, static_cast<Index>(sequences.size())};
  if (!ranks_) return engine_.run(model, sequences, all, options_.run.threads, result, nullptr, true);
  engine_.check(loss_, sequences, all.first, all.count);
  const auto run = [&](const Shard* shards, Index count, Real* sum, RankPart<Real>& part) {
    const auto keep = [&](const Shard& shard, const SequenceErrors* errors, const Real*) {
      part.errors.insert(part.errors.end(), errors, errors + shard.sequences.count);
    };
    engine_.run_shards(model, sequences, {shards, count, false, sum, keep}, options_.run.threads, true, {});
  };
  std::vector<Round> whole = make_rounds(engine_.layout(), sequences, all, {all.count, all.count, false});
  ranks_->run({sequences, all, std::move(whole), 1, run}, [] { return false; }, result, nullptr);
}

#define RNNLIB_INSTANTIATE(Real)                                                                               \
  template bool NoisyRuns<Real>::run_shared(Index, Index, RunResult&, Buffer<Real>*, FunctionRef<bool()>);     \
  template std::vector<Round> NoisyRuns<Real>::rounds(const std::vector<Sequence>&, const Range&, bool) const; \
  template void NoisyRuns<Real>::run_part(const Shard*, Index, bool, Real*, RankPart<Real>&);                  \
  template void NoisyRuns<Real>::evaluate_without_noise(const std::vector<Sequence>&, RunResult&);
RNNLIB_INSTANTIATE(float)
RNNLIB_INSTANTIATE(double)
#undef RNNLIB_INSTANTIATE

}  // namespace rnnlib
