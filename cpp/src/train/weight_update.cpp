// SPDX-License-Identifier: Apache-2.0
#include "train/weight_update.h"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "base/parallel/loops.h"
#include "optim/all_finite.h"

namespace rnnlib {

namespace {

constexpr Index kBlock = 1 << 14;  // weights that one task changes

}  // namespace

template <class Real>
WeightUpdate<Real>::WeightUpdate(Engine<Real>& engine, const TrainerOptions& options, const std::vector<bool>& learns,
                                 AdaptiveNoise<Real>* mdl)
    : engine_(engine),
      options_(options),
      mdl_(mdl),
      optimiser_(make_optimiser<Real>(options.optimiser, engine.packed_size())) {
  gradient_.resize(engine.packed_size());
  gradient_.fill(Real(0));
  const std::vector<std::int32_t>& sources = engine.layout().packed_source;
  for (std::size_t p = 0; p < sources.size(); ++p) {
    if (sources[p] >= 0 && !learns[static_cast<std::size_t>(sources[p])])
      frozen_places_.push_back(static_cast<Index>(p));
  }
}

template <class Real>
bool WeightUpdate<Real>::gradient_is_finite() const {
  return all_finite_parallel(gradient_.data()) && (mdl_ == nullptr || mdl_->gradient_is_finite());
}

template <class Real>
bool WeightUpdate<Real>::all_finite_parallel(const Real* values) const {
  std::atomic<bool> finite{true};
  parallel_blocks(engine_.packed_size(), kBlock, [&](Index first, Index n, int) {
    if (!all_finite(values + first, n)) finite = false;
  });
  return finite;
}

template <class Real>
void WeightUpdate<Real>::discard_gradient() {
  parallel_blocks(gradient_.size(), kBlock,
                  [&](Index first, Index n, int) { std::fill_n(gradient_.data() + first, n, Real(0)); });
  if (mdl_ != nullptr) mdl_->discard_gradient();
}

template <class Real>
bool WeightUpdate<Real>::step(double scale) {
  for (Index p : frozen_places_) gradient_[p] = 0;
  limit_norm();
  engine_.broadcast_tied(gradient_.data());
  set_rates();
  weights_before_.resize(engine_.packed_size());
  bool finite = false;
  engine_.change_weights([&](Buffer<Real>& weights) { finite = change(scale, weights); });
  ++updates_;
  return finite;
}

template <class Real>
bool WeightUpdate<Real>::change(double scale, Buffer<Real>& weights) {
  add_penalties(scale, weights.data());
  if (mdl_ != nullptr) add_mdl_costs(scale, weights.data());
  optimiser_->begin_step();
  parallel_blocks(weights.size(), kBlock, [&](Index first, Index n, int) {
    std::copy_n(weights.data() + first, n, weights_before_.data() + first);
    optimiser_->step_part(first, n, weights.data(), gradient_.data());
  });
  if (mdl_ != nullptr) mdl_->step();
  for (Index p : frozen_places_) weights[p] = weights_before_[p];
  discard_gradient();
  const bool finite = all_finite_parallel(weights.data()) && (mdl_ == nullptr || mdl_->is_finite());
  if (!finite) {
    std::copy_n(weights_before_.data(), weights.size(), weights.data());
    if (mdl_ != nullptr) mdl_->roll_back();
  }
  return finite;
}

// While the gradient is reduced every weight is in it once.
template <class Real>
void WeightUpdate<Real>::limit_norm() {
  if (options_.max_gradient_norm <= 0) return;
  double squares = 0;
  for (Index i = 0; i < gradient_.size(); ++i)
    squares += static_cast<double>(gradient_[i]) * static_cast<double>(gradient_[i]);
  const double norm = std::sqrt(squares);
  if (norm <= options_.max_gradient_norm) return;
  const Real factor = static_cast<Real>(options_.max_gradient_norm / norm);
  for (Index i = 0; i < gradient_.size(); ++i) gradient_[i] *= factor;
}

template <class Real>
void WeightUpdate<Real>::add_penalties(double scale, const Real* weights) {
  if (options_.l1 <= 0 && options_.l2 <= 0) return;
  const Real l1 = static_cast<Real>(scale * options_.l1);
  const Real l2 = static_cast<Real>(scale * options_.l2);
  for (Index i = 0; i < gradient_.size(); ++i) {
    const Real sign = weights[i] > 0 ? Real(1) : weights[i] < 0 ? Real(-1) : Real(0);
    gradient_[i] += l1 * sign + l2 * weights[i];
  }
}

template <class Real>
void WeightUpdate<Real>::add_mdl_costs(double scale, const Real* weights) {
  flat_.assign(static_cast<std::size_t>(engine_.layout().num_weights), Real(0));
  mdl_->add_costs(engine_.to_flat(weights), scale, flat_.data());
  Real* gradient = gradient_.data();
  for (std::int32_t source : engine_.layout().packed_source) {
    *gradient++ += source < 0 ? Real(0) : flat_[static_cast<std::size_t>(source)];
  }
}

template <class Real>
void WeightUpdate<Real>::set_rates() {
  double factor = learn_rate_factor_;
  if (updates_ < options_.warmup_updates) {
    factor *= static_cast<double>(updates_ + 1) / static_cast<double>(options_.warmup_updates);
  }
  optimiser_->set_learn_rate_factor(factor);
  if (mdl_ != nullptr) mdl_->optimiser().set_learn_rate_factor(factor);
}

template class WeightUpdate<float>;
template class WeightUpdate<double>;

}  // namespace rnnlib
