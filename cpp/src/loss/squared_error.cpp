// SPDX-License-Identifier: Apache-2.0
// dE/dy = dE/dnet = y - t, times the point's importance.
#include "loss/squared_error.h"

#include <algorithm>

#include "loss/target_checks.h"
#include "rnnlib/error.h"

namespace rnnlib {

template <class Real>
SquaredError<Real>::SquaredError(const NetworkSpec& spec, const LossOptions& options)
    : whole_sequence_(spec.task == Task::kSequenceRegression),
      legacy_errors_(options.legacy_errors),
      target_size_(spec.data.target_size) {
  this->error_names_ = {"sumSquaresError"};
}

template <class Real>
void SquaredError<Real>::check_target(const Sequence& sequence, const Shape& output_shape) const {
  check_kind(sequence, true, "regression");
  check_target_size(sequence, target_size_);
  if (whole_sequence_) {
    check_one_for_all(sequence, "targetPatterns");
  } else {
    check_one_per_point(sequence, output_shape, "targetPatterns");
  }
  check_patterns(sequence, target_size_);
  check_importance(sequence);
}

template <class Real>
void SquaredError<Real>::activate(const OutputView<Real>& view) const {
  std::copy(view.net, view.net + view.points * view.size, view.output);
}

template <class Real>
void SquaredError<Real>::activate_backward(const OutputView<Real>& view) const {
  std::copy(view.d_output, view.d_output + view.points * view.size, view.d_net);
}

template <class Real>
void SquaredError<Real>::evaluate(const OutputView<Real>& view, const Sequence& sequence, LossWorkspace&,
                                  SequenceErrors& errors) const {
  errors = SequenceErrors();
  double sum = 0;
  bool adds_error = legacy_errors_ || sequence.importance() == nullptr;  // all importance 0: there is no target
  for (Index t = 0; t < view.points; ++t) {
    const Real importance = sequence.importance() ? static_cast<Real>(sequence.importance()[t]) : Real(1);
    adds_error = adds_error || importance != 0;
    for (Index i = t * view.size; i < (t + 1) * view.size; ++i) {
      const Real difference = view.output[i] - static_cast<Real>(sequence.target_patterns()[i]);
      sum += static_cast<double>(importance) * static_cast<double>(difference) * static_cast<double>(difference);
      if (view.d_net) view.d_net[i] = importance * difference;
      if (view.d_output) view.d_output[i] = importance * difference;
    }
  }
  if (adds_error) errors.items.push_back({0, sum / 2, 1});
}

template <class Real>
void SquaredError<Real>::predict(const OutputView<Real>&, Prediction& prediction) const {
  prediction.labels.clear();
}

template class SquaredError<float>;
template class SquaredError<double>;

}  // namespace rnnlib
