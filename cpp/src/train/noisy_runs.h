// SPDX-License-Identifier: Apache-2.0
// Runs sequences with the perturbations of training (docs/behaviour.md, "Noises"): on inputs, on weights, dropout; and
// with augmentation.
// Every number comes from a hash of the seed, the sequence's number and what it is for, so that they depend neither on
// threads nor on where a run was interrupted.
#pragma once

#include <optional>
#include <vector>

#include "network/engine.h"
#include "optim/adaptive_noise.h"
#include "rnnlib/trainer.h"
#include "train/augment/augmenter.h"

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
  void train(Index first, Index count, RunResult& result, Buffer<Real>& gradient);

  // Errors, with perturbations, but without dropout and augmentation.
  void evaluate(Index first, Index count, RunResult& result);

 private:
  // Passes with weights of their own, so many per sequence.
  bool has_passes() const;
  Index num_samples() const { return mdl_ == nullptr ? 1 : mdl_->options().samples; }
  std::vector<Index> passes_of(Index first, Index count) const;
  void run(Index first, Index count, RunResult& result, Real* gradient);
  // Whether sequences run with inputs other than those given.
  bool changes_inputs(bool training) const;
  void change_inputs(Index first, Index count, bool training);
  bool fits(const Sequence& sequence, const Shape& shape) const;
  void add_weight_noise(Index sequence, Index sample, int thread, Real* weights);
  void add_gradient(Real* own, Real share, Real* sum);
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
};

}  // namespace rnnlib
