// SPDX-License-Identifier: Apache-2.0
// Training: gradients of the sequences of an update, penalties, one optimiser step. The caller runs the epochs.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "rnnlib/config.h"
#include "rnnlib/export.h"
#include "rnnlib/network.h"

namespace rnnlib {

enum class OptimiserType { kSteepest, kRprop, kRmsprop, kAdam };

struct OptimiserOptions {
  OptimiserType type = OptimiserType::kSteepest;
  double learn_rate = 1e-4;
  double momentum = 0.9;
};

struct TrainerOptions {
  OptimiserOptions optimiser;
  bool batch_learn = false;  // one update per epoch
  Index seqs_per_update = 1;
  double l1 = 0;
  double l2 = 0;
  RunOptions run;
};

RNNLIB_API OptimiserType parse_optimiser(const std::string& name);  // throws ConfigError
RNNLIB_API TrainerOptions make_trainer_options(const Config& config);

// One of the optimiser's vectors, like the weights in length, under its name in saves ("deltas", "prevDerivs", …).
struct StateVector {
  std::string name;
  std::vector<double> values;
};

class TrainerImpl;

class RNNLIB_API Trainer {
 public:
  // The network must outlive the trainer and is changed by it.
  Trainer(Network& network, const TrainerOptions& options);
  ~Trainer();
  Trainer(Trainer&&) noexcept;

  // Must be called before an epoch's sequences; their number scales l1 and l2 (spec section 6).
  void begin_epoch(Index sequences_in_epoch);

  // Called between updates; return false to stop. `done` counts the sequences finished in this epoch.
  using Progress = std::function<bool(Index done, const Metrics& running)>;

  // Runs the sequences in order and updates the weights whenever enough have gathered (unfinished groups are kept for
  // the next call). Returns how many of `sequences` were done (all, unless the callback stopped it). A NaN or infinite
  // error or gradient throws NumericError naming the sequence before the update is made: the weights stay good.
  Index train(const std::vector<Sequence>& sequences, const Progress& progress = {});

  // Makes the update that is due (batch, or an unfinished group) and returns the errors while training.
  Metrics end_epoch();

  // Targets that could not fit, of this epoch so far.
  const std::vector<SkippedTarget>& skipped() const;

  const TrainerOptions& options() const;
  std::string optimiser_name() const;
  std::vector<StateVector> optimiser_state() const;
  void set_optimiser_state(const std::vector<StateVector>& state);  // throws DataError on a wrong name or length

  // log2(e)*l1*sum|w| and log2(e)*l2/2*sum w^2 of the weights the epoch began with (as the reference reports them), as
  // errors "l1ErrorBits", "l2ErrorBits"; only those whose factor is not 0.
  std::vector<NamedError> penalties() const;

 private:
  std::unique_ptr<TrainerImpl> impl_;
};

}  // namespace rnnlib
