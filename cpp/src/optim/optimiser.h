// SPDX-License-Identifier: Apache-2.0
// Optimisers see only flat vectors (docs/behaviour.md, "Optimisers").
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "rnnlib/optimiser.h"
#include "rnnlib/types.h"

namespace rnnlib {

template <class Real>
class Optimiser {
 public:
  virtual ~Optimiser() = default;

  // As configs and saves spell it.
  virtual std::string name() const = 0;

  // weights and gradient have the length given to make_optimiser.
  void step(Real* weights, const Real* gradient) {
    begin_step();
    step_part(0, static_cast<Index>(state_.front().second->size()), weights, gradient);
  }

  // The same in parts: begin_step(), then each weight once, in any order or at the same time.
  virtual void begin_step() {}
  virtual void step_part(Index begin, Index count, Real* weights, const Real* gradient) = 0;

  // Factor of the learning rate from now on; rprop has none.
  void set_learn_rate_factor(double factor) { factor_ = static_cast<Real>(factor); }

  // Every vector that a resume needs, by its name in saves; each as long as the weights. Scalars (Adam's step count)
  // are stored as a vector too, so that all state has one shape.
  std::vector<std::pair<std::string, std::vector<Real>*>>& state() { return state_; }
  const std::vector<std::pair<std::string, std::vector<Real>*>>& state() const { return state_; }

 protected:
  Real factor_ = 1;
  std::vector<std::pair<std::string, std::vector<Real>*>> state_;  // filled by each optimiser's constructor
};

// Instantiated for float and double; `n` weights.
template <class Real>
std::unique_ptr<Optimiser<Real>> make_optimiser(const OptimiserOptions& options, Index n);

}  // namespace rnnlib
