// SPDX-License-Identifier: Apache-2.0
// dE/dy = dE/dnet = y - t, times the point's importance.
#include "loss/squared_error.h"

namespace rnnlib {

template <class Real>
void SquaredError<Real>::evaluate(const OutputView<Real>& view, const Sequence& sequence, LossWorkspace&,
                                  SequenceErrors& errors) const {
  errors = SequenceErrors();
  double sum = 0;
  bool adds_error = this->legacy_errors_ || sequence.importance() == nullptr;  // all importance 0: there is no target
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

template class SquaredError<float>;
template class SquaredError<double>;

}  // namespace rnnlib
