// SPDX-License-Identifier: Apache-2.0
#include "train/trainer_impl.h"

#include <algorithm>
#include <cmath>

#include "base/mix.h"
#include "base/parallel/team.h"
#include "network/check_sequence.h"
#include "network/raw_sequences.h"
#include "rnnlib/error.h"
#include "train/augment/options.h"
#include "train/check_options.h"
#include "train/rank_rounds.h"

namespace rnnlib {

namespace {

constexpr std::chrono::milliseconds kProgressInterval{100};
// What seeds are derived for, so that the same seed may be used for other things elsewhere.
constexpr std::uint64_t kTraining = 0x7261696e;
constexpr std::uint64_t kTest = 0x74657374;
constexpr double kLog2E = 1.44269504088896340736;

}  // namespace

TrainerImpl::TrainerImpl(EngineBase& engine, const TrainerOptions& options)
    : engine_(engine),
      options_(checked_options(options)),
      learner_(make_learner(engine, options_)),
      random_(derive_seed(options.seed, 0, kTraining)) {
  check_augmentation(options_.augmentation, engine.layout().spec);
  check_decoder(engine.layout().spec.task, options.run.decoder.get());
  epoch_.seed = derive_seed(options.seed, 0, kTest);
}

void TrainerImpl::begin_epoch(Index sequences_in_epoch) {
  discard_gradient();
  epoch_ = {};
  epoch_.under_way = true;
  epoch_.sequences = std::max<Index>(1, sequences_in_epoch);
  epoch_.costs = measure_penalties();
  epoch_.seed = random_.next();
}

Index TrainerImpl::train(const std::vector<Sequence>& all, const Trainer::Progress& progress) {
  const RawSequences given(engine_, all, options_.run.raw);
  const std::vector<Sequence>& sequences = given.all();
  const Index total = static_cast<Index>(sequences.size());
  learner_->begin(sequences, epoch_.seed, epoch_.result.errors.num_sequences());
  Index done = 0;
  bool go_on = true;
  while (done < total && go_on) {
    bool report = false;
    with_team(learner_->useful_threads(done, next_group(total - done)), [&] {
      while (done < total && !report) {
        const Index count = next_group(total - done);
        report = add_group(sequences, done, count, static_cast<bool>(progress));
        done += count;
        if (!options_.batch_learn && epoch_.pending >= options_.seqs_per_update) update();
      }
    });
    const ErrorSums& errors = epoch_.result.errors;
    if (report) go_on = progress(errors.num_sequences(), errors.metrics(learner_->error_names()));
  }
  return done;
}

Metrics TrainerImpl::finish_updates() {
  if (epoch_.pending > 0) update();
  tested_ = 0;
  Metrics metrics = epoch_.result.errors.metrics(learner_->error_names());
  for (const NamedError& cost : epoch_.costs) metrics.add(cost.name, cost.value, cost.norm);
  add_mdl_costs(metrics);
  return metrics;
}

Metrics TrainerImpl::evaluate(const std::vector<Sequence>& all, std::vector<SkippedTarget>* skipped) {
  const RawSequences given(engine_, all, options_.run.raw);
  const std::vector<Sequence>& sequences = given.all();
  RunResult result;
  if (options_.test_distortions) {
    const Index count = static_cast<Index>(sequences.size());
    learner_->begin(sequences, derive_seed(epoch_.seed, 0, kTest), tested_);
    learner_->evaluate(0, count, result);
    tested_ += count;
  } else {
    learner_->evaluate_without_noise(sequences, result);
  }
  if (skipped != nullptr) skipped->insert(skipped->end(), result.skipped.begin(), result.skipped.end());
  return result.errors.metrics(learner_->error_names());
}

std::vector<NamedError> TrainerImpl::measure_penalties() const {
  std::vector<NamedError> errors;
  if (options_.l1 <= 0 && options_.l2 <= 0) return errors;
  double sum = 0;
  double squares = 0;
  for (double weight : engine_.flat_weights()) {
    sum += std::abs(weight);
    squares += weight * weight;
  }
  if (options_.l1 > 0) errors.push_back({"l1ErrorBits", kLog2E * options_.l1 * sum, 1});
  if (options_.l2 > 0) errors.push_back({"l2ErrorBits", kLog2E * options_.l2 / 2 * squares, 1});
  return errors;
}

// The description length of the training set: what the weights cost, and the errors of all sequences, summed (the other
// errors are means).
void TrainerImpl::add_mdl_costs(Metrics& metrics) const {
  const std::optional<WeightCost> cost = learner_->weight_cost();
  if (!cost || !options_.mdl) return;
  const double weight_bits = kLog2E * options_.mdl->weight * cost->divergence;
  const double error_bits = kLog2E * epoch_.result.errors.criterion();
  metrics.add("weightBits", weight_bits, 1);
  metrics.add("bitsPerWeight", weight_bits / static_cast<double>(std::max<Index>(cost->num_learning, 1)), 1);
  metrics.add("errorBits", error_bits, 1);
  metrics.add("totalBits", error_bits + weight_bits, 1);
}

// Sequences that run together next, of so many that are left.
Index TrainerImpl::next_group(Index left) const {
  const Index room = options_.seqs_per_update - epoch_.pending;
  const Index ranks = options_.ranks == nullptr ? 1 : options_.ranks->size();
  return std::min(options_.batch_learn ? ranks * kBatchChunk : std::max<Index>(1, room), left);
}

// Returns whether a report is due; `reports`: somebody wants any.
bool TrainerImpl::add_group(const std::vector<Sequence>& sequences, Index first, Index count, bool reports) {
  if (epoch_.pending == 0) epoch_.update_begin = sequence_name(sequences[static_cast<std::size_t>(first)], first);
  bool report = false;
  try {
    report = learner_->train(first, count, epoch_.result, [&] { return reports && report_is_due(); });
  } catch (...) {
    if (options_.ranks == nullptr) discard_gradient();  // a rank that is left alone can still store what it had
    throw;
  }
  epoch_.pending += count;
  if (!learner_->gradient_is_finite()) {
    discard_gradient();
    throw NumericError(update_name() + ": the gradient is not finite");
  }
  return report;
}

std::string TrainerImpl::update_name() const {
  const bool several = options_.batch_learn || options_.seqs_per_update > 1;
  return (several ? "the update that begins with sequence " : "sequence ") + epoch_.update_begin;
}

void TrainerImpl::update() {
  const double scale = static_cast<double>(epoch_.pending) / static_cast<double>(epoch_.sequences);
  epoch_.pending = 0;
  if (learner_->step(scale)) return;
  throw NumericError(update_name() + ": the update made weights that are not finite; it was rolled back");
}

void TrainerImpl::discard_gradient() {
  learner_->discard_gradient();
  epoch_.pending = 0;
}

bool TrainerImpl::report_is_due() {
  const auto now = std::chrono::steady_clock::now();
  if (now - last_report_ < kProgressInterval) return false;
  last_report_ = now;
  return true;
}

}  // namespace rnnlib
