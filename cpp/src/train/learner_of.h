// SPDX-License-Identifier: Apache-2.0
// A learner in one precision: runs with perturbations, and updates of the weights.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "train/frozen.h"
#include "train/learner.h"
#include "train/noisy_runs.h"
#include "train/weight_update.h"

namespace rnnlib {

template <class Real>
class LearnerOf : public Learner {
 public:
  LearnerOf(Engine<Real>& engine, const TrainerOptions& options);

  const std::vector<std::string>& error_names() const override { return loss_->error_names(); }

  void begin(const std::vector<Sequence>& sequences, std::uint64_t seed, Index first_number) override {
    runs_.begin(sequences, seed, first_number);
  }
  int useful_threads(Index first, Index count) const override { return runs_.useful_threads(first, count); }
  bool train(Index first, Index count, RunResult& result, FunctionRef<bool()> report_is_due) override {
    return runs_.train(first, count, result, update_.gradient(), report_is_due);
  }
  void evaluate(Index first, Index count, RunResult& result) override { runs_.evaluate(first, count, result); }
  void evaluate_without_noise(const std::vector<Sequence>& sequences, RunResult& result) override {
    runs_.evaluate_without_noise(sequences, result);
  }

  bool gradient_is_finite() const override { return update_.gradient_is_finite(); }
  void discard_gradient() override { update_.discard_gradient(); }
  bool step(double scale) override { return update_.step(scale); }
  void set_learn_rate_factor(double factor) override { update_.set_learn_rate_factor(factor); }

  std::string optimiser_name() const override { return update_.optimiser().name(); }
  std::optional<WeightCost> weight_cost() const override;
  std::optional<NoiseStatistics> noise_statistics() const override;

  void store(TrainerState& state) const override;
  void store_gradient(EpochState& epoch) const override;
  void check(const TrainerState& state) const override;
  void restore(const TrainerState& state) override;
  void restore_gradient(const EpochState& epoch) override;

 private:
  MdlState mdl_state() const;
  void restore_mdl(const MdlState& state);

  Engine<Real>& engine_;
  std::unique_ptr<Loss<Real>> loss_;
  std::vector<bool> learns_;                  // [weights]
  std::unique_ptr<AdaptiveNoise<Real>> mdl_;  // null without mdl
  WeightUpdate<Real> update_;
  NoisyRuns<Real> runs_;
};

}  // namespace rnnlib
