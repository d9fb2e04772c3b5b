// SPDX-License-Identifier: Apache-2.0
// Training: gradients of the sequences of an update, penalties, one optimiser step. The caller runs the epochs.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rnnlib/augmentation.h"
#include "rnnlib/config.h"
#include "rnnlib/export.h"
#include "rnnlib/network.h"
#include "rnnlib/optimiser.h"
#include "rnnlib/ranks.h"

namespace rnnlib {

// How a network is trained.
struct TrainerOptions {
  OptimiserOptions optimiser;       // of the weights
  bool batch_learn = false;         // one update per epoch
  Index seqs_per_update = 1;        // sequences per update, else
  double l1 = 0;                    // factor of sum|w|
  double l2 = 0;                    // factor of sum w^2 / 2
  double max_gradient_norm = 0;     // an update's longer gradient (of the errors alone) is scaled to it; 0 = no limit
  Index warmup_updates = 0;         // over which the learning rates grow linearly from 0
  double dropout = 0;               // share of a level's inputs from the level below set to 0 (Srivastava et al. 2014)
  double input_noise_dev = 0;       // of normal noise on every input of a training sequence
  double weight_distortion = 0;     // standard deviation of normal noise on all weights, drawn for each sequence
  std::optional<MdlOptions> mdl;    // none = off
  bool test_distortions = false;    // evaluate() has the perturbations too
  std::vector<std::string> freeze;  // connections, or layers with all connections into them, that keep their weights
  std::uint64_t seed = 1;           // of all perturbations
  std::optional<double> constant_noise;  // for tests: what every draw of the normal distribution gives
  RunOptions run;                        // threads, which errors, and what reads the labels in evaluate()

  // The processes that train the network together: train() and evaluate() share their sequences among them, and give
  // what one process alone would, bit for bit; null: this one is alone. With one, progress is reported when rank 0 is
  // due, on all ranks after the same update.
  std::shared_ptr<RankGroup> ranks;

  // Of training sequences, below input noise; evaluate() has none, whatever test_distortions is.
  AugmentationOptions augmentation;
};

// From the keys of a config. Throws ConfigError.
RNNLIB_API TrainerOptions make_trainer_options(const Config& config);

// A vector as long as the weights, under its name in saves ("deltas", "prevDerivs", …).
struct StateVector {
  std::string name;            // of the vector
  std::vector<double> values;  // one per weight
};

// What mdl knows beside the weights, which are the means. Vectors are as long as the weights.
struct MdlState {
  std::vector<double> devs;          // standard deviations
  std::vector<double> costs;         // mdlWeight * KL divergence from the prior, in bits
  double prior_mean = 0;             // of the prior that was fitted last
  double prior_variance = 0;         // likewise
  std::string optimiser;             // its name
  std::vector<StateVector> vectors;  // the optimiser's
};

// An epoch under way.
struct EpochState {
  Index sequences = 0;                 // in the whole epoch
  Index done = 0;                      // of them
  Index pending = 0;                   // of these, not yet part of an update
  std::uint64_t seed = 0;              // of the epoch's perturbations
  std::vector<double> sums;            // running errors by the loss's numbers: value and norm, -1 where there was none
  std::vector<NamedError> costs;       // l1ErrorBits, l2ErrorBits
  std::vector<SkippedTarget> skipped;  // targets that could not fit
  std::vector<double> gradient;        // of the pending ones
  std::vector<double> dev_gradient;    // of mdl's standard deviations
};

// All that a trainer knows beside the weights. What is empty was not there, or is to stay as it is.
struct TrainerState {
  std::string optimiser;             // its name
  std::vector<StateVector> vectors;  // the optimiser's
  Index updates = 0;                 // made so far
  std::string noise_random;          // Random::state()
  std::optional<MdlState> mdl;       // with mdl only
  std::optional<EpochState> epoch;   // inside an epoch only
};

class TrainerImpl;

// Trains a network on sequences in memory.
class RNNLIB_API Trainer {
 public:
  // The network must outlive the trainer and is changed by it.
  Trainer(Network& network, const TrainerOptions& options);
  ~Trainer();
  Trainer(Trainer&&) noexcept;

  // Must be called before an epoch's sequences; their number scales l1, l2 and mdl's costs (docs/behaviour.md,
  // "Penalties").
  void begin_epoch(Index sequences_in_epoch);

  // Called between updates; return false to stop. `done` counts the sequences finished in this epoch.
  using Progress = std::function<bool(Index done, const Metrics& running)>;

  // Runs the sequences in order and updates the weights whenever enough have gathered (unfinished groups are kept for
  // the next call). Returns how many of `sequences` were done (all, unless the callback stopped it). A NaN or infinite
  // error or gradient throws NumericError naming the sequence before the update is made: the weights stay good.
  Index train(const std::vector<Sequence>& sequences, const Progress& progress = {});

  // Makes the update that is due (batch, or an unfinished group) and returns the errors while training, then, as the
  // reference reports them, the costs: l1ErrorBits, l2ErrorBits (log2(e)*l1*sum|w|, log2(e)*l2/2*sum w^2) of the
  // weights that the epoch began with; with mdl weightBits, bitsPerWeight of those it ends with, errorBits (log2(e)
  // times the training criterion summed over the epoch's sequences) and totalBits, their sum. The epoch is still under
  // way: state() has it, so that a run can be stored while it tests. May be repeated.
  Metrics finish_updates();

  // The same, and the epoch is over.
  Metrics end_epoch();

  // Targets that could not fit, of this epoch so far.
  const std::vector<SkippedTarget>& skipped() const;

  // Errors of the weights as they are; with test_distortions with the perturbations of training, those of the epoch,
  // counted from finish_updates() on.
  Metrics evaluate(const std::vector<Sequence>& sequences, std::vector<SkippedTarget>* skipped = nullptr);

  // Factor of all learning rates from now on; for schedules. Throws ConfigError unless it is finite and at least 0.
  void set_learn_rate_factor(double factor);

  // What it was made with.
  const TrainerOptions& options() const;
  // As configs spell it.
  std::string optimiser_name() const;
  std::optional<NoiseStatistics> noise_statistics() const;  // none without mdl

  // Between begin_epoch() and end_epoch() also the state of the epoch: then between updates only, that is inside a
  // Progress call or after train(), when may_store() is true.
  bool may_store() const;
  // All that is needed to go on.
  TrainerState state() const;
  // Throws DataError on a wrong name or length, before anything is changed. With an epoch the trainer goes on inside
  // it: train() with the sequences that are left, not begin_epoch().
  void set_state(const TrainerState& state);

 private:
  std::unique_ptr<TrainerImpl> impl_;
};

}  // namespace rnnlib
