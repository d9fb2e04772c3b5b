// SPDX-License-Identifier: Apache-2.0
// The optimiser that the options name.
#include "optim/optimiser.h"

#include "optim/adam.h"
#include "optim/rmsprop.h"
#include "optim/rprop.h"
#include "optim/steepest.h"
#include "rnnlib/error.h"

namespace rnnlib {

template <class Real>
std::unique_ptr<Optimiser<Real>> make_optimiser(const OptimiserOptions& options, Index n) {
  switch (options.type) {
    case OptimiserType::kSteepest:
      return std::make_unique<Steepest<Real>>(options, n);
    case OptimiserType::kRprop:
      return std::make_unique<Rprop<Real>>(n);
    case OptimiserType::kRmsprop:
      return std::make_unique<Rmsprop<Real>>(options, n);
    case OptimiserType::kAdam:
      return std::make_unique<Adam<Real>>(options, n);
  }
  throw ConfigError("unknown optimiser type " + std::to_string(static_cast<int>(options.type)));
}

template std::unique_ptr<Optimiser<float>> make_optimiser<float>(const OptimiserOptions&, Index);
template std::unique_ptr<Optimiser<double>> make_optimiser<double>(const OptimiserOptions&, Index);

}  // namespace rnnlib
