// SPDX-License-Identifier: Apache-2.0
#include "rnnlib/trainer.h"

#include <cmath>

#include "rnnlib/error.h"
#include "train/trainer_impl.h"

namespace rnnlib {

Trainer::Trainer(Network& network, const TrainerOptions& options)
    : impl_(std::make_unique<TrainerImpl>(network.engine(), options)) {}
Trainer::~Trainer() = default;
Trainer::Trainer(Trainer&&) noexcept = default;

void Trainer::begin_epoch(Index sequences_in_epoch) { impl_->begin_epoch(sequences_in_epoch); }

Index Trainer::train(const std::vector<Sequence>& sequences, const Progress& progress) {
  return impl_->train(sequences, progress);
}

Metrics Trainer::finish_updates() { return impl_->finish_updates(); }

Metrics Trainer::end_epoch() {
  Metrics errors = impl_->finish_updates();
  impl_->close_epoch();
  return errors;
}

Metrics Trainer::evaluate(const std::vector<Sequence>& sequences, std::vector<SkippedTarget>* skipped) {
  return impl_->evaluate(sequences, skipped);
}

void Trainer::set_learn_rate_factor(double factor) {
  if (!std::isfinite(factor) || factor < 0) {
    throw ConfigError("the learning rates' factor is " + std::to_string(factor) + ", expected at least 0");
  }
  impl_->learner().set_learn_rate_factor(factor);
}

const std::vector<SkippedTarget>& Trainer::skipped() const { return impl_->skipped(); }
const TrainerOptions& Trainer::options() const { return impl_->options(); }
std::string Trainer::optimiser_name() const { return impl_->learner().optimiser_name(); }
std::optional<NoiseStatistics> Trainer::noise_statistics() const { return impl_->learner().noise_statistics(); }
bool Trainer::may_store() const { return impl_->may_store(); }
TrainerState Trainer::state() const { return impl_->state(); }
void Trainer::set_state(const TrainerState& state) { impl_->set_state(state); }

}  // namespace rnnlib
