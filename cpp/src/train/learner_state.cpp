// SPDX-License-Identifier: Apache-2.0
// What a save keeps of a learner: vectors of the optimisers, what mdl knows, a gradient that has gathered. All of it is
// in the flat order, as doubles.
#include <algorithm>

#include "rnnlib/error.h"
#include "train/learner_of.h"

namespace rnnlib {

namespace {

void check_length(const std::string& what, std::size_t found, Index expected) {
  if (static_cast<Index>(found) == expected) return;
  throw DataError("the " + what + " need " + std::to_string(expected) + " values, not " + std::to_string(found));
}

template <class Real>
std::vector<Real>* find_vector(const Optimiser<Real>& optimiser, const std::string& name) {
  const auto& own = optimiser.state();
  const auto found = std::find_if(own.begin(), own.end(), [&](const auto& s) { return s.first == name; });
  if (found == own.end()) throw DataError(optimiser.name() + " has no state called " + name);
  return found->second;
}

template <class Real>
void check_vectors(const Optimiser<Real>& optimiser, const std::vector<StateVector>& vectors, Index num_weights) {
  for (const StateVector& given : vectors) {
    find_vector(optimiser, given.name);
    check_length("optimiser's " + given.name, given.values.size(), num_weights);
  }
}

template <class Real>
void copy_rounded(const std::vector<double>& from, std::vector<Real>& to) {
  std::transform(from.begin(), from.end(), to.begin(), [](double value) { return static_cast<Real>(value); });
}

}  // namespace

template <class Real>
MdlState LearnerOf<Real>::mdl_state() const {
  const AdaptiveNoise<Real>& mdl = *mdl_;
  MdlState state;
  state.devs.assign(mdl.std_devs().begin(), mdl.std_devs().end());
  state.costs = mdl.costs();
  const NoisePrior prior = mdl.fit_prior(engine_.flat_weights());
  state.prior_mean = prior.mean;
  state.prior_variance = prior.variance;
  state.optimiser = mdl.optimiser().name();
  for (const auto& [name, values] : mdl.optimiser().state()) {
    state.vectors.push_back({name, std::vector<double>(values->begin(), values->end())});
  }
  return state;
}

template <class Real>
void LearnerOf<Real>::store(TrainerState& state) const {
  state.optimiser = optimiser_name();
  for (const auto& [name, values] : update_.optimiser().state()) {
    state.vectors.push_back({name, engine_.to_flat(values->data())});
  }
  state.updates = update_.updates();
  if (mdl_ != nullptr) state.mdl = mdl_state();
}

template <class Real>
void LearnerOf<Real>::store_gradient(EpochState& epoch) const {
  const Buffer<Real>& reduced = update_.gradient();
  std::vector<Real> gradient(reduced.data(), reduced.data() + reduced.size());
  engine_.broadcast_tied(gradient.data());
  epoch.gradient = engine_.to_flat(gradient.data());
  if (mdl_ != nullptr) epoch.dev_gradient.assign(mdl_->d_std_devs().begin(), mdl_->d_std_devs().end());
}

template <class Real>
void LearnerOf<Real>::check(const TrainerState& state) const {
  const Index n = engine_.layout().num_weights;
  check_vectors(update_.optimiser(), state.vectors, n);
  if (state.mdl && mdl_ != nullptr) {
    check_vectors(mdl_->optimiser(), state.mdl->vectors, n);
    check_length("standard deviations", state.mdl->devs.size(), n);
    if (!state.mdl->costs.empty()) check_length("weights' costs", state.mdl->costs.size(), n);
  }
  if (!state.epoch) return;
  if (!state.epoch->gradient.empty()) check_length("gradient", state.epoch->gradient.size(), n);
  if (!state.epoch->dev_gradient.empty()) {
    check_length("standard deviations' gradient", state.epoch->dev_gradient.size(), n);
  }
}

template <class Real>
void LearnerOf<Real>::restore(const TrainerState& state) {
  for (const StateVector& given : state.vectors) {
    engine_.to_packed(given.values, find_vector(update_.optimiser(), given.name)->data());
  }
  update_.set_updates(state.updates);
  if (state.mdl && mdl_ != nullptr) restore_mdl(*state.mdl);
}

template <class Real>
void LearnerOf<Real>::restore_mdl(const MdlState& state) {
  mdl_->set_std_devs(state.devs);
  if (!state.costs.empty()) mdl_->costs() = state.costs;
  for (const StateVector& given : state.vectors) {
    copy_rounded(given.values, *find_vector(mdl_->optimiser(), given.name));
  }
}

template <class Real>
void LearnerOf<Real>::restore_gradient(const EpochState& epoch) {
  if (!epoch.gradient.empty()) {
    engine_.to_packed(epoch.gradient, update_.gradient().data());
    for (const TiedWeight& tied : engine_.layout().tied) {
      update_.gradient()[tied.copy] = 0;  // reduced
    }
  }
  if (mdl_ != nullptr && !epoch.dev_gradient.empty()) copy_rounded(epoch.dev_gradient, mdl_->d_std_devs());
}

#define RNNLIB_INSTANTIATE(Real)                                    \
  template void LearnerOf<Real>::store(TrainerState&) const;        \
  template void LearnerOf<Real>::store_gradient(EpochState&) const; \
  template void LearnerOf<Real>::check(const TrainerState&) const;  \
  template void LearnerOf<Real>::restore(const TrainerState&);      \
  template void LearnerOf<Real>::restore_gradient(const EpochState&);
RNNLIB_INSTANTIATE(float)
RNNLIB_INSTANTIATE(double)
#undef RNNLIB_INSTANTIATE

}  // namespace rnnlib
