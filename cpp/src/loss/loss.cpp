// SPDX-License-Identifier: Apache-2.0
// The loss that a network's task calls for.
#include "loss/loss.h"

#include "loss/cross_entropy.h"
#include "loss/ctc.h"
#include "loss/squared_error.h"
#include "rnnlib/error.h"

namespace rnnlib {

template <class Real>
std::unique_ptr<Loss<Real>> make_loss(const NetworkSpec& spec, const LossOptions& options) {
  switch (spec.task) {
    case Task::kRegression:
    case Task::kSequenceRegression:
      return std::make_unique<SquaredError<Real>>(spec, options);
    case Task::kClassification:
    case Task::kSequenceClassification:
      return std::make_unique<CrossEntropy<Real>>(spec, options);
    case Task::kTranscription:
      return std::make_unique<Ctc<Real>>(spec, options);
  }
  throw ConfigError("unknown task " + std::to_string(static_cast<int>(spec.task)));
}

template std::unique_ptr<Loss<float>> make_loss<float>(const NetworkSpec&, const LossOptions&);
template std::unique_ptr<Loss<double>> make_loss<double>(const NetworkSpec&, const LossOptions&);

}  // namespace rnnlib
