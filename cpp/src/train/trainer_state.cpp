// SPDX-License-Identifier: Apache-2.0
// The state of a trainer, as a save keeps it.
#include <algorithm>

#include "rnnlib/error.h"
#include "train/trainer_impl.h"

namespace rnnlib {

// In a batch the gradient of the pending sequences is stored; that of an online update is not.
bool TrainerImpl::may_store() const { return epoch_.pending == 0 || options_.batch_learn; }

TrainerState TrainerImpl::state() const {
  TrainerState state;
  learner_->store(state);
  state.noise_random = random_.state();
  if (epoch_.under_way) state.epoch = epoch_state();
  return state;
}

EpochState TrainerImpl::epoch_state() const {
  EpochState state;
  state.sequences = epoch_.sequences;
  state.done = epoch_.result.errors.num_sequences();
  state.pending = epoch_.pending;
  state.seed = epoch_.seed;
  state.sums = epoch_.result.errors.store();
  state.costs = epoch_.costs;
  state.skipped = epoch_.result.skipped;
  if (epoch_.pending > 0) learner_->store_gradient(state);
  return state;
}

void TrainerImpl::set_state(const TrainerState& state) {
  learner_->check(state);
  if (!state.noise_random.empty()) Random().set_state(state.noise_random);  // throws before anything is changed
  if (state.epoch) check_sums(*state.epoch);
  learner_->restore(state);
  if (!state.noise_random.empty()) random_.set_state(state.noise_random);
  if (state.epoch) set_epoch(*state.epoch);
}

void TrainerImpl::check_sums(const EpochState& state) const {
  const std::size_t errors = learner_->error_names().size();
  if (state.sums.size() % 2 != 0 || state.sums.size() > 2 * errors) {
    throw DataError("an epoch's sums of errors: expected at most " + std::to_string(2 * errors) + " numbers, found " +
                    std::to_string(state.sums.size()));
  }
}

void TrainerImpl::set_epoch(const EpochState& state) {
  discard_gradient();
  epoch_ = {};
  epoch_.under_way = true;
  epoch_.sequences = std::max<Index>(1, state.sequences);
  epoch_.pending = state.pending;
  epoch_.update_begin = "number 0";
  epoch_.seed = state.seed;
  epoch_.result.errors.restore(state.sums, state.done);
  epoch_.result.skipped = state.skipped;
  epoch_.costs = state.costs;
  learner_->restore_gradient(state);
}

}  // namespace rnnlib
