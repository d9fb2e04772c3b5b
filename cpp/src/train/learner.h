// SPDX-License-Identifier: Apache-2.0
// What learns, in whichever precision: gradients of sequences gather, and steps of the optimisers change the weights.
// The trainer knows nothing else of the engine's numbers. A call is virtual, nothing within it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/function_ref.h"
#include "network/engine_base.h"
#include "network/error_sums.h"
#include "rnnlib/trainer.h"

namespace rnnlib {

// What mdl says that the weights cost.
struct WeightCost {
  double divergence = 0;  // from the prior, summed over the weights that learn, in nats
  Index num_learning = 0;
};

class Learner {
 public:
  virtual ~Learner() = default;

  // Names by the ids of ErrorSums.
  virtual const std::vector<std::string>& error_names() const = 0;

  // To be called before train() and evaluate(), with sequences that outlive those calls. The first one has this number
  // in the epoch; perturbations depend on it and on the seed.
  virtual void begin(const std::vector<Sequence>& sequences, std::uint64_t seed, Index first_number) = 0;
  // How many threads train() is worth for these sequences.
  virtual int useful_threads(Index first, Index count) const = 0;
  // Runs sequences [first, first + count): adds their errors, and their gradient to what has gathered. Asks whether a
  // report is due when they are done, and returns the answer; among ranks it is rank 0's.
  virtual bool train(Index first, Index count, RunResult& result, FunctionRef<bool()> report_is_due) = 0;
  // Their errors with perturbations, but without dropout.
  virtual void evaluate(Index first, Index count, RunResult& result) = 0;
  // Errors of the weights as they are, without begin().
  virtual void evaluate_without_noise(const std::vector<Sequence>& sequences, RunResult& result) = 0;

  virtual bool gradient_is_finite() const = 0;
  virtual void discard_gradient() = 0;
  // Changes the weights by the gathered gradient, in an update that is `scale` of an epoch; the gradient is 0 then.
  // False when the weights would not have been finite: they are as before.
  virtual bool step(double scale) = 0;
  virtual void set_learn_rate_factor(double factor) = 0;

  virtual std::string optimiser_name() const = 0;
  virtual std::optional<WeightCost> weight_cost() const = 0;            // none without mdl
  virtual std::optional<NoiseStatistics> noise_statistics() const = 0;  // likewise

  // All of the state but the perturbations' random generator and the epoch.
  virtual void store(TrainerState& state) const = 0;
  virtual void store_gradient(EpochState& epoch) const = 0;
  // Throws DataError when a name or a length is wrong.
  virtual void check(const TrainerState& state) const = 0;
  // After check(): what is empty stays as it is.
  virtual void restore(const TrainerState& state) = 0;
  virtual void restore_gradient(const EpochState& epoch) = 0;
};

// For an engine of either precision; the engine and the options must outlive it.
std::unique_ptr<Learner> make_learner(EngineBase& engine, const TrainerOptions& options);

}  // namespace rnnlib
