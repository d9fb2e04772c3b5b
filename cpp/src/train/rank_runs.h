// SPDX-License-Identifier: Apache-2.0
// Sequences that are shared among ranks: every rank runs its part, and all of them end with the errors and the gradient
// that one process alone would have, bit for bit.
#pragma once

#include <vector>

#include "base/function_ref.h"
#include "network/engine.h"
#include "network/error_sums.h"
#include "optim/adaptive_noise.h"
#include "rnnlib/ranks.h"
#include "train/rank_rounds.h"

namespace rnnlib {

// What a rank has found in a round, in the order of its passes.
template <class Real>
struct RankPart {
  std::vector<SequenceErrors> errors;
  std::vector<Buffer<Real>> gradients;  // packed

  void keep_gradient(const Real* gradient, Index size);
};

template <class Real>
class RankRuns {
 public:
  // `mdl` may be null. `places`: of each weight the first one among the packed.
  RankRuns(const Engine<Real>& engine, RankGroup& group, AdaptiveNoise<Real>* mdl,
           const std::vector<std::int32_t>& places);

  // How many gradients all ranks together keep in a round.
  Index most_gradients() const;
  int num_ranks() const { return group_.size(); }

  struct Work {
    const std::vector<Sequence>& sequences;
    Range range;
    std::vector<Round> rounds;
    Index samples;  // passes of a sequence, whose errors and gradients count as one
    // Runs some shards of a round; the gradient is added to `sum` where that is given.
    FunctionRef<void(const Shard* shards, Index count, Real* sum, RankPart<Real>& part)> run;
  };

  // Runs this rank's part of the work and adds everybody's errors to `result`, and the gradient where it is not null.
  // An exception leaves both as they were. Returns whether `due` said so on rank 0 after its part of any round.
  bool run(const Work& work, FunctionRef<bool()> due, RunResult& result, Buffer<Real>* gradient);

 private:
  void run_round(const Work& work, const Round& round, RankPart<Real>& part);
  void sum_up(const Round& round, const RankPart<Real>& part, Real share);
  template <class Add>
  void continue_sum(Real* sum, Index size, const Add& add);

  const Engine<Real>& engine_;
  RankGroup& group_;
  AdaptiveNoise<Real>* mdl_;
  const std::vector<std::int32_t>& places_;
  Buffer<Real> sum_;                // packed
  std::vector<Real> std_devs_sum_;  // with mdl: of the gradient of its deviations
  std::vector<Real> block_;
  int first_ = 0;  // the first and the last rank that have a part of the round
  int last_ = 0;
};

}  // namespace rnnlib
