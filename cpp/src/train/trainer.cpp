// SPDX-License-Identifier: Apache-2.0
// One epoch's updates (docs/behaviour.md, "Training"): gradients summed over an update's sequences, penalties, one
// optimiser step.
#include "rnnlib/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "base/mix.h"
#include "base/parallel/team.h"
#include "network/check_sequence.h"
#include "network/impl.h"
#include "network/raw_sequences.h"
#include "rnnlib/error.h"
#include "rnnlib/random.h"
#include "train/frozen.h"
#include "train/noisy_runs.h"
#include "train/weight_update.h"

namespace rnnlib {

namespace {

// Sequences between progress calls when there is one update per epoch.
constexpr Index kBatchChunk = 64;
constexpr std::chrono::milliseconds kProgressInterval{100};
// What seeds are derived for, so that the same seed may be used for other things elsewhere.
constexpr std::uint64_t kTraining = 0x7261696e;
constexpr std::uint64_t kTest = 0x74657374;
constexpr double kLog2E = 1.44269504088896340736;

void check_options(const TrainerOptions& options) {
  if (options.seqs_per_update < 1) {
    throw ConfigError("seqsPerWeightUpdate is " + std::to_string(options.seqs_per_update) + ", expected at least 1");
  }
  if (options.dropout < 0 || options.dropout >= 1) {
    throw ConfigError("dropout is " + std::to_string(options.dropout) + ", expected 0 <= dropout < 1");
  }
  if (!options.mdl) return;
  if (options.mdl->samples < 1) {
    throw ConfigError("mdlSamples is " + std::to_string(options.mdl->samples) + ", expected at least 1");
  }
  if (!(options.mdl->init_std_dev > 0)) {
    throw ConfigError("mdlInitStdDev is " + std::to_string(options.mdl->init_std_dev) + ", expected more than 0");
  }
}

void check_length(const std::string& what, std::size_t found, Index expected) {
  if (static_cast<Index>(found) == expected) return;
  throw DataError("the " + what + " need " + std::to_string(expected) + " values, not " + std::to_string(found));
}

}  // namespace

class TrainerImpl {
 public:
  explicit TrainerImpl(const TrainerOptions& options) : options_(options) { check_options(options); }
  virtual ~TrainerImpl() = default;
  TrainerImpl(const TrainerImpl&) = delete;
  TrainerImpl& operator=(const TrainerImpl&) = delete;

  const TrainerOptions& options() const { return options_; }
  const std::vector<SkippedTarget>& skipped() const { return result_.skipped; }

  virtual void begin_epoch(Index sequences_in_epoch) = 0;
  virtual Index train(const std::vector<Sequence>& sequences, const Trainer::Progress& progress) = 0;
  virtual Metrics finish_updates() = 0;
  virtual void close_epoch() = 0;
  virtual Metrics evaluate(const std::vector<Sequence>& sequences, std::vector<SkippedTarget>* skipped) = 0;
  virtual void set_learn_rate_factor(double factor) = 0;
  virtual std::string optimiser_name() const = 0;
  virtual std::optional<NoiseStatistics> noise_statistics() const = 0;
  virtual bool may_store() const = 0;
  virtual TrainerState state() const = 0;
  virtual void set_state(const TrainerState& state) = 0;

 protected:
  TrainerOptions options_;
  RunResult result_;
};

namespace {

template <class Real>
class TrainerOf : public TrainerImpl {
 public:
  TrainerOf(Engine<Real>& engine, const TrainerOptions& options)
      : TrainerImpl(options),
        engine_(engine),
        loss_(make_loss<Real>(engine.layout().spec,
                              {options.run.verbose, options.run.confusion_matrix, options.run.legacy_errors})),
        learns_(learning_weights(engine.layout(), options.freeze)),
        mdl_(options.mdl ? std::make_unique<AdaptiveNoise<Real>>(*options.mdl, learns_) : nullptr),
        update_(engine, options_, learns_, mdl_.get()),
        runs_(engine, *loss_, options_, learns_, mdl_.get()),
        random_(derive_seed(options.seed, 0, kTraining)),
        seed_(derive_seed(options.seed, 0, kTest)) {}

  void begin_epoch(Index sequences_in_epoch) override {
    sequences_in_epoch_ = std::max<Index>(1, sequences_in_epoch);
    result_ = {};
    costs_ = measure_penalties();
    seed_ = random_.next();
    discard_gradient();
    in_epoch_ = true;
  }

  Index train(const std::vector<Sequence>& all, const Trainer::Progress& progress) override {
    const RawSequences given(engine_, *loss_, all, options_.run.raw);
    const std::vector<Sequence>& sequences = given.all();
    const Index total = static_cast<Index>(sequences.size());
    runs_.begin(sequences, seed_, result_.errors.num_sequences());
    Index done = 0;
    bool go_on = true;
    while (done < total && go_on) {
      bool report = false;
      with_team(runs_.useful_threads(done, next_group(total - done)), [&] {
        while (done < total && !report) {
          const Index count = next_group(total - done);
          add_group(sequences, done, count);
          done += count;
          if (!options_.batch_learn && pending_ >= options_.seqs_per_update) update();
          report = progress && report_is_due();
        }
      });
      if (report) go_on = progress(result_.errors.num_sequences(), result_.errors.metrics(loss_->error_names()));
    }
    return done;
  }

  Metrics finish_updates() override {
    if (pending_ > 0) update();
    tested_ = 0;
    Metrics metrics = result_.errors.metrics(loss_->error_names());
    for (const NamedError& cost : costs_) metrics.add(cost.name, cost.value, cost.norm);
    if (mdl_ != nullptr) add_mdl_costs(metrics);
    return metrics;
  }

  void close_epoch() override { in_epoch_ = false; }

  Metrics evaluate(const std::vector<Sequence>& all, std::vector<SkippedTarget>* skipped) override {
    const RawSequences given(engine_, *loss_, all, options_.run.raw);
    const std::vector<Sequence>& sequences = given.all();
    RunResult result;
    const Index count = static_cast<Index>(sequences.size());
    if (options_.test_distortions) {
      runs_.begin(sequences, derive_seed(seed_, 0, kTest), tested_);
      runs_.evaluate(0, count, result);
      tested_ += count;
    } else {
      const HeldWeights<Real> weights = engine_.hold_weights();
      engine_.run({*loss_, *weights}, sequences, 0, count, options_.run.threads, result, nullptr, true);
    }
    if (skipped != nullptr) skipped->insert(skipped->end(), result.skipped.begin(), result.skipped.end());
    return result.errors.metrics(loss_->error_names());
  }

  void set_learn_rate_factor(double factor) override {
    if (!std::isfinite(factor) || factor < 0) {
      throw ConfigError("the learning rates' factor is " + std::to_string(factor) + ", expected at least 0");
    }
    update_.set_learn_rate_factor(factor);
  }

  std::string optimiser_name() const override { return update_.optimiser().name(); }

  std::optional<NoiseStatistics> noise_statistics() const override {
    if (mdl_ == nullptr) return std::nullopt;
    return mdl_->statistics(means());
  }

  // In a batch the gradient of the pending sequences is stored; that of an online update is not.
  bool may_store() const override { return pending_ == 0 || options_.batch_learn; }

  TrainerState state() const override {
    TrainerState state;
    state.optimiser = optimiser_name();
    for (const auto& [name, values] : update_.optimiser().state()) {
      state.vectors.push_back({name, engine_.to_flat(values->data())});
    }
    state.updates = update_.updates();
    state.noise_random = random_.state();
    if (mdl_ != nullptr) state.mdl = mdl_state();
    if (in_epoch_) state.epoch = epoch_state();
    return state;
  }

  void set_state(const TrainerState& state) override {
    check_state(state);
    for (const StateVector& given : state.vectors) {
      engine_.to_packed(given.values, find_vector(update_.optimiser(), given.name)->data());
    }
    update_.set_updates(state.updates);
    if (!state.noise_random.empty()) random_.set_state(state.noise_random);
    if (state.mdl && mdl_ != nullptr) set_mdl_state(*state.mdl);
    if (state.epoch) set_epoch_state(*state.epoch);
  }

 private:
  std::vector<double> means() const { return engine_.flat_weights(); }

  std::vector<NamedError> measure_penalties() const {
    std::vector<NamedError> errors;
    if (options_.l1 <= 0 && options_.l2 <= 0) return errors;
    double sum = 0;
    double squares = 0;
    for (double weight : means()) {
      sum += std::abs(weight);
      squares += weight * weight;
    }
    if (options_.l1 > 0) errors.push_back({"l1ErrorBits", kLog2E * options_.l1 * sum, 1});
    if (options_.l2 > 0) errors.push_back({"l2ErrorBits", kLog2E * options_.l2 / 2 * squares, 1});
    return errors;
  }

  // The description length of the training set: what the weights cost, and the errors of all sequences, summed (the
  // other errors are means).
  void add_mdl_costs(Metrics& metrics) const {
    const double weight_bits = kLog2E * mdl_->options().weight * mdl_->total_divergence(means());
    const double error_bits = kLog2E * result_.errors.criterion();
    metrics.add("weightBits", weight_bits, 1);
    metrics.add("bitsPerWeight", weight_bits / static_cast<double>(std::max<Index>(mdl_->num_learning(), 1)), 1);
    metrics.add("errorBits", error_bits, 1);
    metrics.add("totalBits", error_bits + weight_bits, 1);
  }

  // Sequences that run together next, of so many that are left.
  Index next_group(Index left) const {
    const Index room = options_.batch_learn ? kBatchChunk : std::max<Index>(1, options_.seqs_per_update - pending_);
    return std::min(room, left);
  }

  void add_group(const std::vector<Sequence>& sequences, Index first, Index count) {
    if (pending_ == 0) update_begin_ = sequence_name(sequences[static_cast<std::size_t>(first)], first);
    try {
      runs_.train(first, count, result_, update_.gradient());
    } catch (...) {
      discard_gradient();
      throw;
    }
    pending_ += count;
    if (!update_.gradient_is_finite()) {
      discard_gradient();
      throw NumericError(update_name() + ": the gradient is not finite");
    }
  }

  std::string update_name() const {
    return (options_.batch_learn || options_.seqs_per_update > 1 ? "the update that begins with sequence "
                                                                 : "sequence ") +
           update_begin_;
  }

  void update() {
    const double scale = static_cast<double>(pending_) / static_cast<double>(sequences_in_epoch_);
    pending_ = 0;
    if (update_.step(scale)) return;
    throw NumericError(update_name() + ": the update made weights that are not finite; it was taken back");
  }

  void discard_gradient() {
    update_.discard_gradient();
    pending_ = 0;
  }

  bool report_is_due() {
    const auto now = std::chrono::steady_clock::now();
    if (now - last_report_ < kProgressInterval) return false;
    last_report_ = now;
    return true;
  }

  // --- state ---

  MdlState mdl_state() const {
    MdlState state;
    state.devs.assign(mdl_->devs().begin(), mdl_->devs().end());
    state.costs = mdl_->costs();
    const NoisePrior prior = mdl_->fit_prior(means());
    state.prior_mean = prior.mean;
    state.prior_variance = prior.variance;
    state.optimiser = mdl_->optimiser().name();
    for (const auto& [name, values] : std::as_const(*mdl_).optimiser().state()) {
      state.vectors.push_back({name, std::vector<double>(values->begin(), values->end())});
    }
    return state;
  }

  EpochState epoch_state() const {
    EpochState state;
    state.sequences = sequences_in_epoch_;
    state.done = result_.errors.num_sequences();
    state.pending = pending_;
    state.seed = seed_;
    state.sums = result_.errors.store();
    state.costs = costs_;
    state.skipped = result_.skipped;
    if (pending_ == 0) return state;
    const Buffer<Real>& folded = update_.gradient();
    std::vector<Real> gradient(folded.data(), folded.data() + folded.size());
    engine_.spread_shared(gradient.data());
    state.gradient = engine_.to_flat(gradient.data());
    if (mdl_ != nullptr) state.dev_gradient.assign(mdl_->d_devs().begin(), mdl_->d_devs().end());
    return state;
  }

  template <class Optimiser>
  static std::vector<Real>* find_vector(Optimiser& optimiser, const std::string& name) {
    auto& own = optimiser.state();
    const auto found = std::find_if(own.begin(), own.end(), [&](const auto& s) { return s.first == name; });
    if (found == own.end()) throw DataError(optimiser.name() + " has no state called " + name);
    return found->second;
  }

  void check_vectors(Optimiser<Real>& optimiser, const std::vector<StateVector>& vectors) const {
    for (const StateVector& given : vectors) {
      find_vector(optimiser, given.name);
      check_length("optimiser's " + given.name, given.values.size(), engine_.layout().num_weights);
    }
  }

  void check_state(const TrainerState& state) {
    const Index n = engine_.layout().num_weights;
    check_vectors(update_.optimiser(), state.vectors);
    if (!state.noise_random.empty()) Random().set_state(state.noise_random);
    if (state.mdl && mdl_ != nullptr) {
      check_vectors(mdl_->optimiser(), state.mdl->vectors);
      check_length("standard deviations", state.mdl->devs.size(), n);
      if (!state.mdl->costs.empty()) check_length("weights' costs", state.mdl->costs.size(), n);
    }
    if (!state.epoch) return;
    if (!state.epoch->gradient.empty()) check_length("gradient", state.epoch->gradient.size(), n);
    if (!state.epoch->dev_gradient.empty()) {
      check_length("standard deviations' gradient", state.epoch->dev_gradient.size(), n);
    }
    const std::size_t errors = loss_->error_names().size();
    if (state.epoch->sums.size() % 2 != 0 || state.epoch->sums.size() > 2 * errors) {
      throw DataError("an epoch's sums of errors: expected at most " + std::to_string(2 * errors) + " numbers, found " +
                      std::to_string(state.epoch->sums.size()));
    }
  }

  void set_mdl_state(const MdlState& state) {
    mdl_->set_devs(state.devs);
    if (!state.costs.empty()) mdl_->costs() = state.costs;
    for (const StateVector& given : state.vectors) {
      std::vector<Real>& own = *find_vector(mdl_->optimiser(), given.name);
      std::transform(given.values.begin(), given.values.end(), own.begin(),
                     [](double value) { return static_cast<Real>(value); });
    }
  }

  void set_epoch_state(const EpochState& state) {
    discard_gradient();
    sequences_in_epoch_ = std::max<Index>(1, state.sequences);
    pending_ = state.pending;
    update_begin_ = "number 0";
    seed_ = state.seed;
    result_ = {};
    result_.errors.restore(state.sums, state.done);
    result_.skipped = state.skipped;
    costs_ = state.costs;
    in_epoch_ = true;
    if (!state.gradient.empty()) {
      engine_.to_packed(state.gradient, update_.gradient().data());
      for (const NetworkLayout::Shared& shared : engine_.layout().shared) {
        update_.gradient()[shared.place] = 0;  // folded
      }
    }
    if (mdl_ != nullptr && !state.dev_gradient.empty()) {
      std::transform(state.dev_gradient.begin(), state.dev_gradient.end(), mdl_->d_devs().begin(),
                     [](double value) { return static_cast<Real>(value); });
    }
  }

  Engine<Real>& engine_;
  std::unique_ptr<Loss<Real>> loss_;
  std::vector<bool> learns_;  // [weights]
  std::unique_ptr<AdaptiveNoise<Real>> mdl_;
  WeightUpdate<Real> update_;
  NoisyRuns<Real> runs_;
  Random random_;  // of seeds for noises
  std::vector<NamedError> costs_;
  Index pending_ = 0;  // sequences in the gradient
  Index sequences_in_epoch_ = 1;
  std::uint64_t seed_;  // of the epoch's noises
  Index tested_ = 0;    // sequences since finish_updates(), for noises in tests
  bool in_epoch_ = false;
  std::string update_begin_;  // the update's first sequence's name, for messages
  std::chrono::steady_clock::time_point last_report_;
};

template class TrainerOf<float>;
template class TrainerOf<double>;

}  // namespace

Trainer::Trainer(Network& network, const TrainerOptions& options)
    : impl_(network.impl().visit([&](auto& engine) -> std::unique_ptr<TrainerImpl> {
        return std::make_unique<TrainerOf<RealOf<decltype(engine)>>>(engine, options);
      })) {}
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
void Trainer::set_learn_rate_factor(double factor) { impl_->set_learn_rate_factor(factor); }
const std::vector<SkippedTarget>& Trainer::skipped() const { return impl_->skipped(); }
const TrainerOptions& Trainer::options() const { return impl_->options(); }
std::string Trainer::optimiser_name() const { return impl_->optimiser_name(); }
std::optional<NoiseStatistics> Trainer::noise_statistics() const { return impl_->noise_statistics(); }
bool Trainer::may_store() const { return impl_->may_store(); }
TrainerState Trainer::state() const { return impl_->state(); }
void Trainer::set_state(const TrainerState& state) { impl_->set_state(state); }

}  // namespace rnnlib
