// SPDX-License-Identifier: Apache-2.0
// One update (docs/behaviour.md, "Training"): the gradient that has gathered, with penalties and costs, through the
// optimisers into the weights. Weights that would not be finite are rolled back.
#pragma once

#include <memory>
#include <vector>

#include "network/engine.h"
#include "optim/adaptive_noise.h"
#include "rnnlib/trainer.h"

namespace rnnlib {

template <class Real>
class WeightUpdate {
 public:
  // `mdl` may be null. All must outlive this.
  WeightUpdate(Engine<Real>& engine, const TrainerOptions& options, const std::vector<bool>& learns,
               AdaptiveNoise<Real>* mdl);

  // Packed and reduced (Engine::reduce_tied); added to by the sequences of the update.
  Buffer<Real>& gradient() { return gradient_; }
  const Buffer<Real>& gradient() const { return gradient_; }
  bool gradient_is_finite() const;
  void discard_gradient();

  // The step of an update that is `scale` of an epoch; the gradient is 0 then. False when it was rolled back.
  bool step(double scale);

  void set_learn_rate_factor(double factor) { learn_rate_factor_ = factor; }
  Index updates() const { return updates_; }
  void set_updates(Index updates) { updates_ = updates; }
  Optimiser<Real>& optimiser() { return *optimiser_; }
  const Optimiser<Real>& optimiser() const { return *optimiser_; }

 private:
  bool all_finite_parallel(const Real* values) const;  // [packed weights]
  void limit_norm();
  bool change(double scale, Buffer<Real>& weights);
  void add_penalties(double scale, const Real* weights);
  void add_mdl_costs(double scale, const Real* weights);
  void set_rates();

  Engine<Real>& engine_;
  const TrainerOptions& options_;
  AdaptiveNoise<Real>* mdl_;
  std::unique_ptr<Optimiser<Real>> optimiser_;
  std::vector<Index> frozen_places_;  // packed
  Buffer<Real> gradient_;
  Buffer<Real> weights_before_;
  std::vector<Real> flat_;  // [weights]
  Index updates_ = 0;       // made so far
  double learn_rate_factor_ = 1;
};

}  // namespace rnnlib
