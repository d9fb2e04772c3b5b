// SPDX-License-Identifier: Apache-2.0
// One epoch's updates (spec section 6): gradients summed over an update's sequences, penalties, one optimiser step.
#include "rnnlib/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "network/impl.h"
#include "optim/all_finite.h"
#include "optim/optimiser.h"
#include "rnnlib/error.h"

namespace rnnlib {

namespace {

// Sequences between progress calls when there is one update per epoch.
constexpr Index kBatchChunk = 64;
constexpr std::chrono::milliseconds kProgressInterval{100};
constexpr double kLog2E = 1.44269504088896340736;

}  // namespace

class TrainerImpl {
 public:
  explicit TrainerImpl(const TrainerOptions& options) : options_(options) {}
  virtual ~TrainerImpl() = default;
  TrainerImpl(const TrainerImpl&) = delete;
  TrainerImpl& operator=(const TrainerImpl&) = delete;

  const TrainerOptions& options() const { return options_; }
  const std::vector<SkippedTarget>& skipped() const { return result_.skipped; }

  virtual void begin_epoch(Index sequences_in_epoch) = 0;
  virtual Index train(const std::vector<Sequence>& sequences, const Trainer::Progress& progress) = 0;
  virtual Metrics end_epoch() = 0;
  virtual std::string optimiser_name() const = 0;
  virtual std::vector<StateVector> optimiser_state() const = 0;
  virtual void set_optimiser_state(const std::vector<StateVector>& state) = 0;
  virtual std::vector<NamedError> penalties() const = 0;

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
        loss_(make_loss<Real>(engine.layout().spec, {options.run.verbose, options.run.confusion_matrix})),
        optimiser_(make_optimiser<Real>(options.optimiser, engine.packed_size())),
        gradient_(static_cast<std::size_t>(engine.packed_size()), Real(0)) {
    if (options.seqs_per_update < 1) {
      throw ConfigError("seqsPerWeightUpdate is " + std::to_string(options.seqs_per_update) + ", expected at least 1");
    }
  }

  void begin_epoch(Index sequences_in_epoch) override {
    sequences_in_epoch_ = std::max<Index>(1, sequences_in_epoch);
    result_ = {};
    penalties_ = measure_penalties();
    discard_gradient();
  }

  Index train(const std::vector<Sequence>& sequences, const Trainer::Progress& progress) override {
    const Index total = static_cast<Index>(sequences.size());
    Index done = 0;
    while (done < total) {
      const Index room = options_.batch_learn ? kBatchChunk : options_.seqs_per_update - pending_;
      const Index count = std::min(room, total - done);
      add_group(sequences, done, count);
      done += count;
      if (!options_.batch_learn && pending_ == options_.seqs_per_update) update();
      if (progress && !report(progress)) break;
    }
    return done;
  }

  Metrics end_epoch() override {
    if (pending_ > 0) update();
    return result_.errors.metrics(loss_->error_names());
  }

  std::string optimiser_name() const override { return optimiser_->name(); }

  std::vector<StateVector> optimiser_state() const override {
    std::vector<StateVector> state;
    for (const auto& [name, values] : std::as_const(*optimiser_).state()) {
      state.push_back({name, engine_.to_flat(values->data())});
    }
    return state;
  }

  void set_optimiser_state(const std::vector<StateVector>& state) override {
    for (const StateVector& given : state) {
      auto& own = optimiser_->state();
      const auto found = std::find_if(own.begin(), own.end(), [&](const auto& s) { return s.first == given.name; });
      if (found == own.end()) throw DataError(optimiser_name() + " has no state called " + given.name);
      const Index expected = engine_.layout().num_weights;
      if (static_cast<Index>(given.values.size()) != expected) {
        throw DataError("the optimiser's " + given.name + " need " + std::to_string(expected) + " values, not " +
                        std::to_string(given.values.size()));
      }
      engine_.to_packed(given.values, found->second->data());
    }
  }

  std::vector<NamedError> penalties() const override { return penalties_; }

 private:
  std::vector<NamedError> measure_penalties() const {
    std::vector<NamedError> errors;
    if (options_.l1 <= 0 && options_.l2 <= 0) return errors;
    double sum = 0;
    double squares = 0;
    for (double weight : engine_.to_flat(engine_.weights().data())) {
      sum += std::abs(weight);
      squares += weight * weight;
    }
    if (options_.l1 > 0) errors.push_back({"l1ErrorBits", kLog2E * options_.l1 * sum, 1});
    if (options_.l2 > 0) errors.push_back({"l2ErrorBits", kLog2E * options_.l2 / 2 * squares, 1});
    return errors;
  }

  void add_group(const std::vector<Sequence>& sequences, Index first, Index count) {
    if (pending_ == 0) update_begin_ = sequence_name(sequences[static_cast<std::size_t>(first)], first);
    try {
      engine_.run(*loss_, sequences, first, count, options_.run.threads, result_, gradient_.data(), true);
    } catch (...) {
      discard_gradient();
      throw;
    }
    pending_ += count;
    if (!all_finite(gradient_.data(), static_cast<Index>(gradient_.size()))) {
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
    engine_.sum_shared(gradient_.data());
    add_penalties(static_cast<double>(pending_) / static_cast<double>(sequences_in_epoch_));
    Buffer<Real>& weights = engine_.mutable_weights();
    weights_before_.assign(weights.data(), weights.data() + weights.size());
    optimiser_->step(weights.data(), gradient_.data());
    discard_gradient();
    const bool finite = all_finite(weights.data(), weights.size());
    if (!finite) std::copy(weights_before_.begin(), weights_before_.end(), weights.data());
    engine_.arrange();
    if (!finite) throw NumericError(update_name() + ": the update made weights that are not finite; it was taken back");
  }

  void add_penalties(double scale) {
    if (options_.l1 <= 0 && options_.l2 <= 0) return;
    const Real l1 = static_cast<Real>(scale * options_.l1);
    const Real l2 = static_cast<Real>(scale * options_.l2);
    const Real* weights = engine_.weights().data();
    for (std::size_t i = 0; i < gradient_.size(); ++i) {
      const Real sign = weights[i] > 0 ? Real(1) : weights[i] < 0 ? Real(-1) : Real(0);
      gradient_[i] += l1 * sign + l2 * weights[i];
    }
  }

  void discard_gradient() {
    std::fill(gradient_.begin(), gradient_.end(), Real(0));
    pending_ = 0;
  }

  bool report(const Trainer::Progress& progress) {
    const auto now = std::chrono::steady_clock::now();
    if (now - last_report_ < kProgressInterval) return true;
    last_report_ = now;
    return progress(result_.errors.num_sequences(), result_.errors.metrics(loss_->error_names()));
  }

  Engine<Real>& engine_;
  std::unique_ptr<Loss<Real>> loss_;
  std::unique_ptr<Optimiser<Real>> optimiser_;
  std::vector<NamedError> penalties_;
  std::vector<Real> gradient_;  // of the update that is gathering
  Index pending_ = 0;           // its sequences so far
  Index sequences_in_epoch_ = 1;
  std::string update_begin_;  // its first sequence's name, for messages
  std::vector<Real> weights_before_;
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
Metrics Trainer::end_epoch() { return impl_->end_epoch(); }
const std::vector<SkippedTarget>& Trainer::skipped() const { return impl_->skipped(); }
const TrainerOptions& Trainer::options() const { return impl_->options(); }
std::string Trainer::optimiser_name() const { return impl_->optimiser_name(); }
std::vector<StateVector> Trainer::optimiser_state() const { return impl_->optimiser_state(); }
void Trainer::set_optimiser_state(const std::vector<StateVector>& state) { impl_->set_optimiser_state(state); }
std::vector<NamedError> Trainer::penalties() const { return impl_->penalties(); }

}  // namespace rnnlib
