// SPDX-License-Identifier: Apache-2.0
#include "optim/adaptive_noise.h"

#include <algorithm>
#include <cmath>

#include "optim/all_finite.h"

namespace rnnlib {

namespace {

// A step may lead to 0, where the cost is infinite.
constexpr double kLeastStdDev = 1e-8;

}  // namespace

double kl_divergence(double mean, double std_dev, const NoisePrior& prior) {
  const double distance = mean - prior.mean;
  const double square = std_dev * std_dev;
  return (std::log(prior.variance / square) - 1 + (distance * distance + square) / prior.variance) / 2;
}

template <class Real>
AdaptiveNoise<Real>::AdaptiveNoise(const MdlOptions& options, const std::vector<bool>& learns)
    : options_(options),
      learns_(learns),
      num_learning_(std::count(learns.begin(), learns.end(), true)),
      std_devs_(learns.size(), Real(0)),
      d_std_devs_(learns.size(), Real(0)),
      costs_(learns.size(), 0.0),
      optimiser_(make_optimiser<Real>(options.optimiser, static_cast<Index>(learns.size()))) {
  set_std_devs(std::vector<double>(learns.size(), options.init_std_dev));
}

template <class Real>
void AdaptiveNoise<Real>::set_std_devs(const std::vector<double>& std_devs) {
  for (std::size_t i = 0; i < std_devs_.size(); ++i) {
    const double std_dev = std_devs[i] == 0 ? options_.init_std_dev : std::max(std::abs(std_devs[i]), kLeastStdDev);
    if (learns_[i]) std_devs_[i] = static_cast<Real>(std_dev);
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
    const double std_dev = static_cast<double>(std_devs_[i]);
    prior.variance += learns_[i] ? std_dev * std_dev + distance * distance : 0;
  }
  prior.variance /= n;
  return prior;
}

template <class Real>
double AdaptiveNoise<Real>::total_divergence(const std::vector<double>& means) const {
  const NoisePrior prior = fit_prior(means);
  double total = 0;
  for (std::size_t i = 0; i < means.size(); ++i) {
    total += learns_[i] ? kl_divergence(means[i], static_cast<double>(std_devs_[i]), prior) : 0;
  }
  return total;
}

template <class Real>
NoiseStatistics AdaptiveNoise<Real>::statistics(const std::vector<double>& means) const {
  const NoisePrior prior = fit_prior(means);
  NoiseStatistics statistics{prior.mean, std::sqrt(prior.variance), 0, 0};
  const double n = static_cast<double>(std::max<Index>(num_learning_, 1));
  for (std::size_t i = 0; i < means.size(); ++i) {
    const double std_dev = static_cast<double>(std_devs_[i]);
    statistics.mean_std_dev += std_dev / n;
    if (learns_[i] && std::abs(means[i]) < std_dev) statistics.below_noise += 1 / n;
  }
  return statistics;
}

template <class Real>
void AdaptiveNoise<Real>::add_sample(const Real* __restrict gradient, Real share, Index first, Index n,
                                     Real* __restrict d_std_devs) const {
  const Real* __restrict std_devs = std_devs_.data() + first;
  for (Index i = 0; i < n; ++i) d_std_devs[i] += std_devs[i] * gradient[i] * gradient[i] * share;
}

template <class Real>
void AdaptiveNoise<Real>::add_costs(const std::vector<double>& means, double scale, Real* d_means) {
  const NoisePrior prior = fit_prior(means);
  const double factor = scale * options_.weight;
  for (std::size_t i = 0; i < means.size(); ++i) {
    if (!learns_[i]) continue;
    const double std_dev = static_cast<double>(std_devs_[i]);
    d_means[i] += static_cast<Real>(factor * (means[i] - prior.mean) / prior.variance);
    d_std_devs_[i] += static_cast<Real>(factor * (std_dev / prior.variance - 1 / std_dev));
    costs_[i] = kl_divergence(means[i], std_dev, prior);
  }
}

template <class Real>
bool AdaptiveNoise<Real>::gradient_is_finite() const {
  return all_finite(d_std_devs_.data(), static_cast<Index>(d_std_devs_.size()));
}

template <class Real>
bool AdaptiveNoise<Real>::is_finite() const {
  return all_finite(std_devs_.data(), static_cast<Index>(std_devs_.size()));
}

template <class Real>
void AdaptiveNoise<Real>::step() {
  std_devs_before_ = std_devs_;
  optimiser_->step(std_devs_.data(), d_std_devs_.data());
  for (std::size_t i = 0; i < std_devs_.size(); ++i) {
    std_devs_[i] = learns_[i] ? std::max(std::abs(std_devs_[i]), static_cast<Real>(kLeastStdDev)) : Real(0);
  }
  discard_gradient();
}

template <class Real>
void AdaptiveNoise<Real>::discard_gradient() {
  std::fill(d_std_devs_.begin(), d_std_devs_.end(), Real(0));
}

template class AdaptiveNoise<float>;
template class AdaptiveNoise<double>;

}  // namespace rnnlib
