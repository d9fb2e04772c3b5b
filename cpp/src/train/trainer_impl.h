// SPDX-License-Identifier: Apache-2.0
// The trainer's epochs (docs/behaviour.md, "Training"): which sequences make an update, what has been summed so far.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "rnnlib/random.h"
#include "rnnlib/trainer.h"
#include "train/learner.h"

namespace rnnlib {

class TrainerImpl {
 public:
  TrainerImpl(EngineBase& engine, const TrainerOptions& options);

  const TrainerOptions& options() const { return options_; }
  const Learner& learner() const { return *learner_; }
  Learner& learner() { return *learner_; }
  const std::vector<SkippedTarget>& skipped() const { return epoch_.result.skipped; }

  // As the functions of Trainer.
  void begin_epoch(Index sequences_in_epoch);
  Index train(const std::vector<Sequence>& sequences, const Trainer::Progress& progress);
  Metrics finish_updates();
  void close_epoch() { epoch_.under_way = false; }
  Metrics evaluate(const std::vector<Sequence>& sequences, std::vector<SkippedTarget>* skipped);
  bool may_store() const;
  TrainerState state() const;
  void set_state(const TrainerState& state);

 private:
  // All that is known of an epoch under way, but the gradient.
  struct Epoch {
    bool under_way = false;
    Index sequences = 1;            // in the whole epoch
    Index pending = 0;              // sequences in the gradient
    std::uint64_t seed = 0;         // of the perturbations
    RunResult result;               // of the sequences done
    std::vector<NamedError> costs;  // of the weights that it began with
    std::string update_begin;       // name of the update's first sequence, for messages
  };

  std::vector<NamedError> measure_penalties() const;
  void add_mdl_costs(Metrics& metrics) const;
  Index next_group(Index left) const;
  bool add_group(const std::vector<Sequence>& sequences, Index first, Index count, bool reports);
  void update();
  std::string update_name() const;
  void discard_gradient();
  bool report_is_due();
  EpochState epoch_state() const;
  void check_sums(const EpochState& state) const;
  void set_epoch(const EpochState& state);

  EngineBase& engine_;
  const TrainerOptions options_;
  std::unique_ptr<Learner> learner_;
  Random random_;  // of seeds for perturbations
  Epoch epoch_;
  Index tested_ = 0;  // sequences since finish_updates(), for perturbations in tests
  std::chrono::steady_clock::time_point last_report_;
};

}  // namespace rnnlib
