// SPDX-License-Identifier: Apache-2.0
#include "optim/adaptive_noise.h"

#include <algorithm>
#include <cmath>

#include "optim/all_finite.h"

namespace rnnlib {

namespace {

// A step may lead to 0, where the cost is infinite.
constexpr double kLeastDev = 1e-8;

}  // namespace

double kl_divergence(double mean, double dev, const NoisePrior& prior) {
  const double distance = mean - prior.mean;
  const double square = dev * dev;
  return (std::log(prior.variance / square) - 1 + (distance * distance + square) / prior.variance) / 2;
}

template <class Real>
AdaptiveNoise<Real>::AdaptiveNoise(const MdlOptions& options, const std::vector<bool>& learns)
    : options_(options),
      learns_(learns),
      num_learning_(std::count(learns.begin(), learns.end(), true)),
      devs_(learns.size(), Real(0)),
      d_devs_(learns.size(), Real(0)),
      costs_(learns.size(), 0.0),
      optimiser_(make_optimiser<Real>(options.optimiser, static_cast<Index>(learns.size()))) {
  set_devs(std::vector<double>(learns.size(), options.init_std_dev));
}

template <class Real>
void AdaptiveNoise<Real>::set_devs(const std::vector<double>& devs) {
  for (std::size_t i = 0; i < devs_.size(); ++i) {
    const double dev = devs[i] == 0 ? options_.init_std_dev : std::max(std::abs(devs[i]), kLeastDev);
    if (learns_[i]) devs_[i] = static_cast<Real>(dev);
  }
}

template <class Real>
NoisePrior AdaptiveNoise<Real>::fit_prior(const std::vector<double>& means) const {
  NoisePrior prior;
  if (num_learning_ == 0) return {0, 1};
  const double n = static_cast<double>(num_learning_);
  for (std::size_t i = 0; i < means.size(); ++i) prior.mean += learns_[i] ? means[i] : 0;
  prior.mean /= n;
  for (std::size_t i = 0; i < means.size(); ++i) {
    const double distance = means[i] - prior.mean;
    const double dev = static_cast<double>(devs_[i]);
    prior.variance += learns_[i] ? dev * dev + distance * distance : 0;
  }
  prior.variance /= n;
  return prior;
}

template <class Real>
double AdaptiveNoise<Real>::total_divergence(const std::vector<double>& means) const {
  const NoisePrior prior = fit_prior(means);
  double total = 0;
  for (std::size_t i = 0; i < means.size(); ++i) {
    total += learns_[i] ? kl_divergence(means[i], static_cast<double>(devs_[i]), prior) : 0;
  }
  return total;
}

template <class Real>
NoiseStatistics AdaptiveNoise<Real>::statistics(const std::vector<double>& means) const {
  const NoisePrior prior = fit_prior(means);
  NoiseStatistics statistics{prior.mean, std::sqrt(prior.variance), 0, 0};
  const double n = static_cast<double>(std::max<Index>(num_learning_, 1));
  for (std::size_t i = 0; i < means.size(); ++i) {
    const double dev = static_cast<double>(devs_[i]);
    statistics.mean_std_dev += dev / n;
    if (learns_[i] && std::abs(means[i]) < dev) statistics.below_noise += 1 / n;
  }
  return statistics;
}

template <class Real>
void AdaptiveNoise<Real>::add_sample(const Real* __restrict gradient, Real share) {
  Real* __restrict d_devs = d_devs_.data();
  const Real* __restrict devs = devs_.data();
  const Index n = static_cast<Index>(devs_.size());
  for (Index i = 0; i < n; ++i) d_devs[i] += devs[i] * gradient[i] * gradient[i] * share;
}

template <class Real>
void AdaptiveNoise<Real>::add_costs(const std::vector<double>& means, double scale, Real* d_means) {
  const NoisePrior prior = fit_prior(means);
  const double factor = scale * options_.weight;
  for (std::size_t i = 0; i < means.size(); ++i) {
    if (!learns_[i]) continue;
    const double dev = static_cast<double>(devs_[i]);
    d_means[i] += static_cast<Real>(factor * (means[i] - prior.mean) / prior.variance);
    d_devs_[i] += static_cast<Real>(factor * (dev / prior.variance - 1 / dev));
    costs_[i] = kl_divergence(means[i], dev, prior);
  }
}

template <class Real>
bool AdaptiveNoise<Real>::gradient_is_finite() const {
  return all_finite(d_devs_.data(), static_cast<Index>(d_devs_.size()));
}

template <class Real>
bool AdaptiveNoise<Real>::is_finite() const {
  return all_finite(devs_.data(), static_cast<Index>(devs_.size()));
}

template <class Real>
void AdaptiveNoise<Real>::step() {
  devs_before_ = devs_;
  optimiser_->step(devs_.data(), d_devs_.data());
  for (std::size_t i = 0; i < devs_.size(); ++i) {
    devs_[i] = learns_[i] ? std::max(std::abs(devs_[i]), static_cast<Real>(kLeastDev)) : Real(0);
  }
  discard_gradient();
}

template <class Real>
void AdaptiveNoise<Real>::discard_gradient() {
  std::fill(d_devs_.begin(), d_devs_.end(), Real(0));
}

template class AdaptiveNoise<float>;
template class AdaptiveNoise<double>;

}  // namespace rnnlib
