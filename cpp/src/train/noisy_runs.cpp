// SPDX-License-Identifier: Apache-2.0
#include "train/noisy_runs.h"

#include <optional>

#include "base/ctc_points.h"
#include "base/mix.h"
#include "base/parallel/loops.h"
#include "rnnlib/error.h"
#include "rnnlib/random.h"

namespace rnnlib {

namespace {

// What a seed is for; kMdl and on, up to the next one: of mdl's samples.
enum Use : std::uint64_t { kInputs, kDropout, kDistortion, kMdl, kAugmentation = 1ULL << 32 };

class NormalDraws {
 public:
  NormalDraws(std::uint64_t seed, const std::optional<double>& constant) : random_(seed), constant_(constant) {}
  double operator()() { return constant_ ? *constant_ : random_.normal(); }

 private:
  Random random_;
  const std::optional<double>& constant_;
};

}  // namespace

template <class Real>
NoisyRuns<Real>::NoisyRuns(const Engine<Real>& engine, const Loss<Real>& loss, const TrainerOptions& options,
                           const std::vector<bool>& learns, AdaptiveNoise<Real>* mdl)
    : engine_(engine),
      loss_(loss),
      options_(options),
      mdl_(mdl),
      first_places_(learns.size()),
      noise_(static_cast<std::size_t>(std::max(options.run.threads, 1))),
      flat_(learns.size()) {
  if (options.weight_distortion > 0) {
    for (bool learns_i : learns) distortion_.push_back(learns_i ? static_cast<Real>(options.weight_distortion) : 0);
  }
  if (options.augmentation.any()) augmenters_.assign(noise_.size(), Augmenter(options.augmentation));
  const std::vector<std::int32_t>& sources = engine.layout().packed_source;
  for (std::size_t p = sources.size(); p-- > 0;) {
    if (sources[p] >= 0) first_places_[static_cast<std::size_t>(sources[p])] = static_cast<std::int32_t>(p);
  }
  if (options.ranks != nullptr) {
    ranks_ = std::make_unique<RankRuns<Real>>(engine, *options.ranks, mdl, first_places_);
  }
}

template <class Real>
void NoisyRuns<Real>::begin(const std::vector<Sequence>& sequences, std::uint64_t seed, Index first_number) {
  given_ = &sequences;
  seed_ = seed;
  first_number_ = first_number;
  if (changes_inputs(true)) sequences_ = sequences;
  dropout_seeds_.clear();
  if (options_.dropout <= 0) return;
  for (Index i = 0; i < static_cast<Index>(sequences.size()); ++i) dropout_seeds_.push_back(seed_of(i, kDropout));
}

template <class Real>
std::uint64_t NoisyRuns<Real>::seed_of(Index sequence, std::uint64_t use) const {
  return derive_seed(seed_, static_cast<std::uint64_t>(first_number_ + sequence), use);
}

template <class Real>
bool NoisyRuns<Real>::has_passes() const {
  return mdl_ != nullptr || !distortion_.empty();
}

// The sequence of each pass.
template <class Real>
std::vector<Index> NoisyRuns<Real>::passes_of(Index first, Index count) const {
  std::vector<Index> sequences;
  for (Index i = first; i < first + count; ++i)
    sequences.insert(sequences.end(), static_cast<std::size_t>(num_samples()), i);
  return sequences;
}

template <class Real>
int NoisyRuns<Real>::useful_threads(Index first, Index count) const {
  const int threads = options_.run.threads;
  return has_passes() ? engine_.useful_threads(*given_, passes_of(first, count), threads)
                      : engine_.useful_threads(*given_, first, count, threads);
}

template <class Real>
bool NoisyRuns<Real>::train(Index first, Index count, RunResult& result, Buffer<Real>& gradient,
                            FunctionRef<bool()> report_is_due) {
  if (ranks_) return run_shared(first, count, result, &gradient, report_is_due);
  run(first, count, result, gradient.data());
  return report_is_due();
}

template <class Real>
void NoisyRuns<Real>::evaluate(Index first, Index count, RunResult& result) {
  if (ranks_) {
    run_shared(first, count, result, nullptr, [] { return false; });
  } else {
    run(first, count, result, nullptr);
  }
}

template <class Real>
void NoisyRuns<Real>::run(Index first, Index count, RunResult& result, Real* gradient) {
  const bool training = gradient != nullptr;
  if (changes_inputs(training)) {
    engine_.check(loss_, *given_, first, count);
    with_team(useful_threads(first, count), [&] { change_inputs(first, count, training); });
  }
  const std::vector<Sequence>& sequences = run_sequences(training);
  if (!has_passes()) {
    const HeldWeights<Real> weights = engine_.hold_weights();
    engine_.run({loss_, *weights, decoder(training)}, sequences, {first, count}, options_.run.threads, result, gradient,
                true, dropout(training));
    if (gradient != nullptr) engine_.reduce_tied(gradient);
    return;
  }
  const Index samples = num_samples();
  const Real share = Real(1) / static_cast<Real>(samples);
  const auto add = [&](Index pass, Index number, const SequenceErrors& errors, const Real* own) {
    const bool last = pass % samples == samples - 1;
    result.add(errors, sequences[static_cast<std::size_t>(number)], number, 1 / static_cast<double>(samples), last);
    if (gradient != nullptr) add_gradient(own, share, gradient);
  };
  run_passes(first, count, training, add);
}

template <class Real>
void NoisyRuns<Real>::run_passes(Index first, Index count, bool with_gradient, const PassDone& done) {
  const HeldWeights<Real> weights = engine_.hold_weights();
  const Index samples = num_samples();
  typename Engine<Real>::Passes passes;
  passes.sequences = passes_of(first, count);
  passes.decoder = decoder(with_gradient);
  passes.make = [&](Index pass, int thread, Real* own) {
    std::copy_n(weights->values.data(), weights->values.size(), own);
    add_weight_noise(first + pass / samples, pass % samples, thread, own);
  };
  passes.done = [&](Index pass, const SequenceErrors& errors, Real* own) {
    if (own != nullptr) engine_.reduce_tied(own);
    done(pass, first + pass / samples, errors, own);
  };
  engine_.run_passes(loss_, run_sequences(with_gradient), passes, options_.run.threads, with_gradient,
                     dropout(with_gradient));
}

template <class Real>
bool NoisyRuns<Real>::changes_inputs(bool training) const {
  return options_.input_noise_dev > 0 || (training && !augmenters_.empty());
}

template <class Real>
void NoisyRuns<Real>::change_inputs(Index first, Index count, bool training) {
  changed_inputs_.resize(static_cast<std::size_t>(count));
  const Index size = engine_.layout().spec.data.input_size;
  parallel_for(count, [&](Index i, int thread) {
    const Sequence& given = (*given_)[static_cast<std::size_t>(first + i)];
    AugmentedInputs& changed = changed_inputs_[static_cast<std::size_t>(i)];
    if (training && !augmenters_.empty()) {
      augmenters_[static_cast<std::size_t>(thread)].augment(
          given, seed_of(first + i, kAugmentation), [&](const Shape& shape) { return fits(given, shape); }, changed);
    } else {
      changed.inputs.assign(given.inputs(), given.inputs() + num_points(given.shape()) * size);
      changed.shape = given.shape();
    }
    if (options_.input_noise_dev > 0) {
      NormalDraws draw(seed_of(first + i, kInputs), options_.constant_noise);
      for (float& input : changed.inputs) input += static_cast<float>(options_.input_noise_dev * draw());
    }
    sequences_[static_cast<std::size_t>(first + i)].set_inputs(changed.inputs, changed.shape, size);
  });
}

// Gives the sequences the shapes that augmentation will give them, so that every rank knows which shards there are.
template <class Real>
void NoisyRuns<Real>::change_shapes(Index first, Index count) {
  for (Index i = first; i < first + count; ++i) {
    const Sequence& given = (*given_)[static_cast<std::size_t>(i)];
    const Shape shape = augmenters_.front().shape(given, seed_of(i, kAugmentation),
                                                  [&](const Shape& other) { return fits(given, other); });
    sequences_[static_cast<std::size_t>(i)].set_inputs(nullptr, shape, engine_.layout().spec.data.input_size);
  }
}

// Whether the output for inputs of this shape has the points that the sequence's labels need.
template <class Real>
bool NoisyRuns<Real>::fits(const Sequence& sequence, const Shape& shape) const {
  const NetworkLayout& layout = engine_.layout();
  if (task_info(layout.spec.task).target != TargetKind::kLabelSequence) return true;
  return ctc_points_needed(sequence.target(), sequence.target_length()) <= num_points(layout.output_shape(shape));
}

// Adds s * noise, mirrored in every second sample of symmetric sampling, and the noise of weightDistortion, which is
// the same in all samples.
template <class Real>
void NoisyRuns<Real>::add_weight_noise(Index sequence, Index sample, int thread, Real* weights) {
  std::vector<Real>& noise = noise_[static_cast<std::size_t>(thread)];
  noise.assign(flat_.size(), Real(0));
  if (mdl_ != nullptr) {
    const bool pairs = mdl_->options().symmetric_sampling;
    const Real sign = pairs && sample % 2 == 1 ? Real(-1) : Real(1);
    NormalDraws draw(seed_of(sequence, kMdl + static_cast<std::uint64_t>(pairs ? sample / 2 : sample)),
                     options_.constant_noise);
    const std::vector<Real>& std_devs = mdl_->std_devs();
    for (std::size_t i = 0; i < noise.size(); ++i) noise[i] = sign * std_devs[i] * static_cast<Real>(draw());
  }
  if (!distortion_.empty()) {
    NormalDraws draw(seed_of(sequence, kDistortion), options_.constant_noise);
    for (std::size_t i = 0; i < noise.size(); ++i) noise[i] += distortion_[i] * static_cast<Real>(draw());
  }
  for (std::int32_t source : engine_.layout().packed_source) {
    *weights++ += source < 0 ? Real(0) : noise[static_cast<std::size_t>(source)];
  }
}

template <class Real>
void NoisyRuns<Real>::add_gradient(const Real* own, Real share, Real* sum) {
  if (mdl_ != nullptr) {
    for (std::size_t i = 0; i < flat_.size(); ++i) flat_[i] = own[first_places_[i]];
    mdl_->add_sample(flat_.data(), share);
  }
  const Index n = engine_.packed_size();
  for (Index p = 0; p < n; ++p) sum[p] += share * own[p];
}

template class NoisyRuns<float>;
template class NoisyRuns<double>;

}  // namespace rnnlib
