// SPDX-License-Identifier: Apache-2.0
// dE/dnet = y - t for both kinds of output (Bishop 1995, sections 6.7 and 6.9). Errors are computed from net inputs,
// where nothing is lost to rounding, and limited to what the smallest positive normal Real gives.
#include "loss/cross_entropy.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "loss/softmax.h"

namespace rnnlib {

template <class Real>
CrossEntropy<Real>::CrossEntropy(const TaskInfo& task, const DataHeader& data, const LossOptions& options)
    : Loss<Real>(task, data, options), logistic_(task.output_size(data) == 1) {}

// -log p(label)
template <class Real>
double CrossEntropy<Real>::point_error(const Real* net, Index label) const {
  const double largest_error = -std::log(static_cast<double>(std::numeric_limits<Real>::min()));
  double error;
  if (logistic_) {
    const double x = label == 1 ? -static_cast<double>(net[0]) : static_cast<double>(net[0]);
    error = (x > 0 ? x : 0) + std::log1p(std::exp(-std::abs(x)));  // log(1 + e^x)
  } else {
    error = log_sum_exp(net, this->num_labels_) - static_cast<double>(net[label]);
  }
  return error > largest_error ? largest_error : error;  // NaN stays
}

// 1 - p(label), from what is left over: as p nears 1, the difference itself would be mostly rounding.
template <class Real>
Real CrossEntropy<Real>::doubt(const OutputView<Real>& view, Index t, Index label) const {
  if (logistic_) return vmath::logistic(-view.net[t]);
  const Real* output = view.output + t * view.size;
  Real sum = 0;
  for (Index k = 0; k < view.size; ++k) sum += k == label ? Real(0) : output[k];
  return sum;
}

template <class Real>
void CrossEntropy<Real>::point_deltas(const OutputView<Real>& view, Index t, Index label, Real importance) const {
  constexpr Real kFloor = std::numeric_limits<Real>::min();
  const Real* output = view.output + t * view.size;
  for (Index k = 0; k < view.size; ++k) {
    const bool wanted = label == (logistic_ ? 1 : k);
    const Index i = t * view.size + k;
    if (view.d_net) view.d_net[i] = importance * (wanted ? -doubt(view, t, label) : output[k]);
    if (view.d_output) {
      const Real otherwise = logistic_ ? 1 / std::max(1 - output[k], kFloor) : Real(0);
      view.d_output[i] = importance * (wanted ? -1 / std::max(output[k], kFloor) : otherwise);
    }
  }
}

template <class Real>
void CrossEntropy<Real>::evaluate(const OutputView<Real>& view, const Sequence& sequence, LossWorkspace&,
                                  SequenceErrors& errors) const {
  errors = SequenceErrors();
  if (view.d_net) std::fill(view.d_net, view.d_net + view.points * view.size, Real(0));
  if (view.d_output) std::fill(view.d_output, view.d_output + view.points * view.size, Real(0));
  double cross_entropy = 0;
  bool adds_error = this->legacy_errors_;  // a sequence without any target must not make the mean smaller
  for (Index t = 0; t < view.points; ++t) {
    const Index label = sequence.target()[t];
    if (label < 0) continue;
    const Real importance = sequence.importance() ? static_cast<Real>(sequence.importance()[t]) : Real(1);
    cross_entropy += static_cast<double>(importance) * point_error(view.net + t * view.size, label);
    point_deltas(view, t, label, importance);
    adds_error = adds_error || importance != 0;
  }
  if (adds_error) errors.items.push_back({0, cross_entropy, 1});
}

template class CrossEntropy<float>;
template class CrossEntropy<double>;

}  // namespace rnnlib
