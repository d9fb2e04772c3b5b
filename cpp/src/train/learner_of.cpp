// SPDX-License-Identifier: Apache-2.0
#include "train/learner_of.h"

namespace rnnlib {

template <class Real>
LearnerOf<Real>::LearnerOf(Engine<Real>& engine, const TrainerOptions& options)
    : engine_(engine),
      loss_(engine.loss_for(options.run)),
      learns_(learning_weights(engine.layout(), options.freeze)),
      mdl_(options.mdl ? std::make_unique<AdaptiveNoise<Real>>(*options.mdl, learns_) : nullptr),
      update_(engine, options, learns_, mdl_.get()),
      runs_(engine, *loss_, options, learns_, mdl_.get()) {}

template <class Real>
std::optional<WeightCost> LearnerOf<Real>::weight_cost() const {
  if (mdl_ == nullptr) return std::nullopt;
  return WeightCost{mdl_->total_divergence(engine_.flat_weights()), mdl_->num_learning()};
}

template <class Real>
std::optional<NoiseStatistics> LearnerOf<Real>::noise_statistics() const {
  if (mdl_ == nullptr) return std::nullopt;
  return mdl_->statistics(engine_.flat_weights());
}

std::unique_ptr<Learner> make_learner(EngineBase& engine, const TrainerOptions& options) {
  return with_precision(engine, [&](auto& engine_of) -> std::unique_ptr<Learner> {
    return std::make_unique<LearnerOf<typename std::decay_t<decltype(engine_of)>::Number>>(engine_of, options);
  });
}

template class LearnerOf<float>;
template class LearnerOf<double>;

}  // namespace rnnlib
