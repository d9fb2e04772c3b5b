// SPDX-License-Identifier: Apache-2.0
#include "train/rank_runs.h"

#include <algorithm>

#include "train/rank_messages.h"

namespace rnnlib {

namespace {

// Weights of a message: a rank adds to some while others are on their way. The first of them passes all ranks before
// the last one has a sum, so that short messages are better for many ranks; the more of them, the more their handling
// costs.
Index block_of(Index weights) { return std::max<Index>(1 << 14, weights / 64); }

// sum[i] += share * own[i] in the blocks and in the order in which one process does it.
template <class Real>
void add_scaled(Real share, const Real* __restrict own, Index n, Real* __restrict sum) {
  for (Index i = 0; i < n; ++i) sum[i] += share * own[i];
}

}  // namespace

template <class Real>
void RankPart<Real>::keep_gradient(const Real* gradient, Index size) {
  gradients.emplace_back();
  std::copy_n(gradient, size, gradients.back().resize(size));
}

template <class Real>
RankRuns<Real>::RankRuns(const Engine<Real>& engine, RankGroup& group, AdaptiveNoise<Real>* mdl,
                         const std::vector<std::int32_t>& places)
    : engine_(engine), group_(group), mdl_(mdl), places_(places) {}

template <class Real>
Index RankRuns<Real>::most_gradients() const {
  const std::size_t bytes = static_cast<std::size_t>(std::max<Index>(engine_.packed_size(), 1)) * sizeof(Real);
  return std::max<Index>(group_.size(), static_cast<Index>(group_.kept_bytes() / bytes));
}

template <class Real>
bool RankRuns<Real>::run(const Work& work, FunctionRef<bool()> due, RunResult& result, Buffer<Real>* gradient) {
  std::vector<SequenceErrors> errors;  // of all ranks, in the order of the sequences
  bool report = false;
  if (gradient != nullptr) std::copy_n(gradient->data(), gradient->size(), sum_.resize(gradient->size()));
  if (gradient != nullptr && mdl_ != nullptr) std_devs_sum_ = mdl_->d_std_devs();
  for (const Round& round : work.rounds) {
    RankPart<Real> part;
    run_round(work, round, part);
    const std::vector<std::string> all = group_.exchange(pack_errors(part.errors, group_.rank() == 0 && due()));
    for (std::size_t r = 0; r < all.size(); ++r) {
      const bool asks = unpack_errors(all[r], errors);
      if (r == 0 && asks) report = true;
    }
    if (gradient != nullptr) sum_up(round, part, Real(1) / static_cast<Real>(work.samples));
  }
  for (std::size_t i = 0; i < errors.size(); ++i) {
    const Index number = work.range.first + static_cast<Index>(i) / work.samples;
    const bool last = static_cast<Index>(i) % work.samples == work.samples - 1;
    result.add(errors[i], work.sequences[static_cast<std::size_t>(number)], number,
               1 / static_cast<double>(work.samples), last);
  }
  if (gradient != nullptr) std::copy_n(sum_.data(), sum_.size(), gradient->data());
  if (gradient != nullptr && mdl_ != nullptr) mdl_->d_std_devs() = std_devs_sum_;
  return report;
}

template <class Real>
void RankRuns<Real>::run_round(const Work& work, const Round& round, RankPart<Real>& part) {
  const std::vector<Index> begins = share_round(round, work.sequences, group_.size());
  const auto part_of = [&](int rank) {
    const auto r = static_cast<std::size_t>(rank);
    return Range{begins[r], begins[r + 1] - begins[r]};
  };
  for (first_ = 0; part_of(first_).count == 0;) ++first_;
  for (last_ = group_.size() - 1; part_of(last_).count == 0;) --last_;
  const Range own = part_of(group_.rank());
  if (own.count == 0) return;
  work.run(round.shards.data() + own.first, own.count, round.direct ? sum_.data() : nullptr, part);
}

template <class Real>
void RankRuns<Real>::sum_up(const Round& round, const RankPart<Real>& part, Real share) {
  continue_sum(sum_.data(), sum_.size(), [&](Index first, Index n) {
    for (const Buffer<Real>& own : part.gradients) add_scaled(share, own.data() + first, n, sum_.data() + first);
  });
  if (round.reduce_tied) engine_.reduce_tied(sum_.data());
  if (mdl_ == nullptr) return;
  continue_sum(std_devs_sum_.data(), static_cast<Index>(std_devs_sum_.size()), [&](Index first, Index n) {
    block_.resize(static_cast<std::size_t>(n));
    for (const Buffer<Real>& own : part.gradients) {
      for (Index i = 0; i < n; ++i)
        block_[static_cast<std::size_t>(i)] = own[places_[static_cast<std::size_t>(first + i)]];
      mdl_->add_sample(block_.data(), share, first, n, std_devs_sum_.data() + first);
    }
  });
}

// Each rank adds its gradients to what the ranks before it have added, block by block; the last one has the sum.
template <class Real>
template <class Add>
void RankRuns<Real>::continue_sum(Real* sum, Index size, const Add& add) {
  const int rank = group_.rank();
  const Index block = block_of(size);
  for (Index first = 0; first < size && first_ <= rank && rank <= last_; first += block) {
    const Index n = std::min(block, size - first);
    const std::size_t bytes = static_cast<std::size_t>(n) * sizeof(Real);
    if (rank > first_) group_.receive(sum + first, bytes);
    add(first, n);
    if (rank < last_) group_.send(sum + first, bytes);
  }
  group_.broadcast(sum, static_cast<std::size_t>(size) * sizeof(Real), last_);
}

template struct RankPart<float>;
template struct RankPart<double>;
template class RankRuns<float>;
template class RankRuns<double>;

}  // namespace rnnlib
