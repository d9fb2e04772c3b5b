// SPDX-License-Identifier: Apache-2.0
// The rules by which weights follow their gradients, and perturbations of weights, as plain values.
#pragma once

#include <string>

#include "rnnlib/export.h"
#include "rnnlib/types.h"

namespace rnnlib {

// Rules by which weights follow gradients (docs/config.md).
enum class OptimiserType { kSteepest, kRprop, kRmsprop, kAdam };

// As configs spell it.
RNNLIB_API std::string to_string(OptimiserType type);
RNNLIB_API OptimiserType parse_optimiser(const std::string& name);  // throws ConfigError

// An optimiser and its settings.
struct OptimiserOptions {
  OptimiserType type = OptimiserType::kSteepest;  // the rule
  double learn_rate = 1e-4;                       // size of the steps
  double momentum = 0.9;                          // share of the last step
};

// Adaptive weight noise (Graves 2011, "Practical variational inference for neural networks"; docs/behaviour.md, "Weight
// noise"): every weight is the mean of a normal distribution that is learned with its standard deviation.
struct MdlOptions {
  double weight = 1;                // of the weights' cost against the errors
  double init_std_dev = 0.075;      // that they begin with
  Index samples = 1;                // draws of all weights per sequence
  bool symmetric_sampling = false;  // every second draw is the mirror image of the one before
  OptimiserOptions optimiser;       // of the standard deviations
};

// Of mdl's weights.
struct NoiseStatistics {
  double prior_mean = 0;     // of the prior fitted to all weights
  double prior_std_dev = 0;  // likewise
  double mean_std_dev = 0;   // of the weights
  double below_noise = 0;    // share of the weights whose |mean| is less than their standard deviation
};

}  // namespace rnnlib
