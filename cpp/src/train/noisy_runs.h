// SPDX-License-Identifier: Apache-2.0
// Runs sequences with the perturbations of training (docs/behaviour.md, "Noises"): on inputs, on weights, dropout; and
// with augmentation.
// Every number comes from a hash of the seed, the sequence's number and what it is for, so that they depend neither on
// threads nor on where a run was interrupted.
#pragma once

#include <memory>
#include <vector>

#include "network/engine.h"
#include "optim/adaptive_noise.h"
#include "rnnlib/trainer.h"
#include "train/augment/augmenter.h"
#include "train/rank_runs.h"

namespace rnnlib {

template <class Real>
class NoisyRuns {
 public:
  // `mdl` may be null. All must outlive this.
  NoisyRuns(const Engine<Real>& engine, const Loss<Real>& loss, const TrainerOptions& options,
            const std::vector<bool>& learns, AdaptiveNoise<Real>* mdl);

  // Before a call's sequences; they must outlive it. The first one has this number in the epoch.
  void begin(const std::vector<Sequence>& sequences, std::uint64_t seed, Index first_number);

  // Threads that training with sequences [first, first + count) is worth (Engine::useful_threads).
  int useful_threads(Index first, Index count) const;

  // Trains with sequences [first, first + count): errors, and the gradient's sum, reduced (Engine::reduce_tied).
  // Returns what `report_is_due` says when they are done.
  bool train(Index first, Index count, RunResult& result, Buffer<Real>& gradient, FunctionRef<bool()> report_is_due);

  // Errors, with perturbations, but without dropout and augmentation.
  void evaluate(Index first, Index count, RunResult& result);

  // Errors of the weights and inputs as they are, without begin().
  void evaluate_without_noise(const std::vector<Sequence>& sequences, RunResult& result);

 private:
  // Passes with weights of their own, so many per sequence.
  bool has_passes() const;
  Index num_samples() const { return mdl_ == nullptr ? 1 : mdl_->options().samples; }
  std::vector<Index> passes_of(Index first, Index count) const;
  void run(Index first, Index count, RunResult& result, Real* gradient);
  // What a pass of sequence `number` has given: its errors, and its gradient (packed, reduced), where wanted.
  using PassDone = FunctionRef<void(Index pass, Index number, const SequenceErrors& errors, const Real* gradient)>;
  void run_passes(Index first, Index count, bool with_gradient, const PassDone& done);
  const std::vector<Sequence>& run_sequences(bool training) const {
    return changes_inputs(training) ? sequences_ : *given_;
  }
  Dropout dropout(bool training) const { return {training ? options_.dropout : 0, dropout_seeds_.data()}; }
  // Tests alone need it.
  const Decoder* decoder(bool training) const { return training ? nullptr : options_.run.decoder.get(); }

  // The same among ranks.
  bool run_shared(Index first, Index count, RunResult& result, Buffer<Real>* gradient, FunctionRef<bool()> due);
  std::vector<Round> rounds(const std::vector<Sequence>& sequences, const Range& range, bool training) const;
  void run_part(const Shard* shards, Index count, bool training, Real* sum, RankPart<Real>& part);
  // Whether sequences run with inputs other than those given.
  bool changes_inputs(bool training) const;
  void change_inputs(Index first, Index count, bool training);
  void change_shapes(Index first, Index count);
  bool fits(const Sequence& sequence, const Shape& shape) const;
  void add_weight_noise(Index sequence, Index sample, int thread, Real* weights);
  void add_gradient(const Real* own, Real share, Real* sum);
  std::uint64_t seed_of(Index sequence, std::uint64_t use) const;

  const Engine<Real>& engine_;
  const Loss<Real>& loss_;
  const TrainerOptions& options_;
  AdaptiveNoise<Real>* mdl_;
  std::vector<Real> distortion_;            // [weights] standard deviation of weightDistortion
  std::vector<std::int32_t> first_places_;  // [weights] packed
  std::vector<std::vector<Real>> noise_;    // per thread, [weights]
  std::vector<Real> flat_;                  // [weights]
  std::uint64_t seed_ = 0;
  Index first_number_ = 0;
  const std::vector<Sequence>* given_ = nullptr;
  std::vector<Sequence> sequences_;              // with changed inputs
  std::vector<AugmentedInputs> changed_inputs_;  // of the group that runs
  std::vector<Augmenter> augmenters_;            // per thread; none without augmentation
  std::vector<std::uint64_t> dropout_seeds_;
  std::unique_ptr<RankRuns<Real>> ranks_;  // null when this process is alone
};

}  // namespace rnnlib
