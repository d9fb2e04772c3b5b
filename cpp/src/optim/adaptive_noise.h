// SPDX-License-Identifier: Apache-2.0
// Adaptive weight noise (Graves 2011, "Practical variational inference for neural networks"; docs/behaviour.md, "Weight
// noise"): weight i is normal with mean mu_i, the weight itself, and standard deviation s_i, kept here; the prior is
// one normal distribution fitted to all of them. Vectors are in the flat order of the weights, each weight once.
#pragma once

#include <memory>
#include <vector>

#include "optim/optimiser.h"
#include "rnnlib/optimiser.h"

namespace rnnlib {

struct NoisePrior {
  double mean = 0;
  double variance = 0;
};

// KL divergence of N(mean, std_dev^2) from the prior, in nats:
//   1/2 [log(pv / s^2) - 1 + ((mu - pm)^2 + s^2) / pv]
double kl_divergence(double mean, double std_dev, const NoisePrior& prior);

template <class Real>
class AdaptiveNoise {
 public:
  // `learns` [n]: false for frozen weights, which have no noise and cost nothing.
  AdaptiveNoise(const MdlOptions& options, const std::vector<bool>& learns);

  const MdlOptions& options() const { return options_; }

  // [n], 0 for frozen weights.
  const std::vector<Real>& std_devs() const { return std_devs_; }

  // Means are double [n] throughout.
  NoisePrior fit_prior(const std::vector<double>& means) const;
  double total_divergence(const std::vector<double>& means) const;  // nats
  NoiseStatistics statistics(const std::vector<double>& means) const;
  Index num_learning() const { return num_learning_; }

  // The gradient [n] of the error of one draw, as a share of its sequence's draws.
  void add_sample(const Real* gradient, Real share) {
    add_sample(gradient, share, 0, static_cast<Index>(std_devs_.size()), d_std_devs_.data());
  }
  // Of weights [first, first + n) alone: adds to d_std_devs [n] what a gradient [n] adds to that of their deviations.
  void add_sample(const Real* gradient, Real share, Index first, Index n, Real* d_std_devs) const;

  // The costs' gradient of an update that is `scale` of an epoch: added to d_means [n] and to that of the deviations.
  void add_costs(const std::vector<double>& means, double scale, Real* d_means);

  // Are the gathered gradients finite?
  bool gradient_is_finite() const;
  void step();  // of the deviations, with the gathered gradient, which is 0 then
  void discard_gradient();
  // Back to the deviations before the last step.
  void roll_back() { std_devs_ = std_devs_before_; }
  bool is_finite() const;

  Optimiser<Real>& optimiser() { return *optimiser_; }
  const Optimiser<Real>& optimiser() const { return *optimiser_; }

  // As the last update left them: nats, without mdlWeight, of the weights before it (the reference saves them so).
  std::vector<double>& costs() { return costs_; }
  const std::vector<double>& costs() const { return costs_; }
  std::vector<Real>& d_std_devs() { return d_std_devs_; }
  const std::vector<Real>& d_std_devs() const { return d_std_devs_; }
  // Frozen ones stay 0; those that were frozen (0) get the initial value.
  void set_std_devs(const std::vector<double>& std_devs);

 private:
  MdlOptions options_;
  std::vector<bool> learns_;
  Index num_learning_ = 0;
  std::vector<Real> std_devs_;
  std::vector<Real> std_devs_before_;
  std::vector<Real> d_std_devs_;
  std::vector<double> costs_;
  std::unique_ptr<Optimiser<Real>> optimiser_;
};

}  // namespace rnnlib
