// SPDX-License-Identifier: Apache-2.0
// dE/dnet = y - t for both kinds of output (Bishop 1995, sections 6.7 and 6.9). Errors are computed from net inputs,
// where nothing is lost to rounding, and limited to what the smallest positive normal Real gives.
#include "loss/cross_entropy.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "decode/reduce.h"
#include "loss/softmax.h"
#include "loss/target_checks.h"
#include "rnnlib/error.h"

namespace rnnlib {

template <class Real>
CrossEntropy<Real>::CrossEntropy(const NetworkSpec& spec, const LossOptions& options)
    : whole_sequence_(spec.task == Task::kSequenceClassification),
      logistic_(spec.data.labels.size() == 2),
      confusions_(options.verbose && spec.data.labels.size() > 2),
      legacy_errors_(options.legacy_errors),
      num_labels_(static_cast<Index>(spec.data.labels.size())) {
  this->error_names_ = {"crossEntropyError", "classificationError"};
  for (const std::string& label : spec.data.labels) this->error_names_.push_back("_" + label);
  if (!confusions_) return;
  for (const std::string& target : spec.data.labels) {
    for (const std::string& output : spec.data.labels) this->error_names_.push_back("_" + target + "->" + output);
  }
}

template <class Real>
void CrossEntropy<Real>::check_target(const Sequence& sequence, const Shape& output_shape) const {
  check_kind(sequence, false, "classification");
  if (whole_sequence_) {
    check_one_for_all(sequence, "targetClasses");
  } else {
    check_one_per_point(sequence, output_shape, "targetClasses");
  }
  check_classes(sequence, -1, num_labels_);
  check_importance(sequence);
}

template <class Real>
void CrossEntropy<Real>::activate(const OutputView<Real>& view) const {
  if (logistic_) {
    for (Index t = 0; t < view.points; ++t) view.output[t] = vmath::logistic(view.net[t]);
  } else {
    for (Index t = 0; t < view.points; ++t) {
      softmax(view.net + t * view.size, view.size, view.output + t * view.size);
    }
  }
}

template <class Real>
void CrossEntropy<Real>::activate_backward(const OutputView<Real>& view) const {
  for (Index t = 0; t < view.points; ++t) {
    const Index at = t * view.size;
    if (logistic_) {
      view.d_net[t] = view.d_output[t] * view.output[t] * vmath::logistic(-view.net[t]);
    } else {
      softmax_backward(view.output + at, view.d_output + at, view.size, view.d_net + at);
    }
  }
}

template <class Real>
Index CrossEntropy<Real>::decide(const Real* output) const {
  return logistic_ ? (output[0] > Real(0.5) ? 1 : 0) : argmax(output, num_labels_);
}

// -log p(label)
template <class Real>
double CrossEntropy<Real>::point_error(const Real* net, Index label) const {
  const double largest_error = -std::log(static_cast<double>(std::numeric_limits<Real>::min()));
  double error;
  if (logistic_) {
    const double x = label == 1 ? -static_cast<double>(net[0]) : static_cast<double>(net[0]);
    error = (x > 0 ? x : 0) + std::log1p(std::exp(-std::abs(x)));  // log(1 + e^x)
  } else {
    error = log_sum_exp(net, num_labels_) - static_cast<double>(net[label]);
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
void CrossEntropy<Real>::evaluate(const OutputView<Real>& view, const Sequence& sequence, LossWorkspace& workspace,
                                  SequenceErrors& errors) const {
  errors = SequenceErrors();
  if (view.d_net) std::fill(view.d_net, view.d_net + view.points * view.size, Real(0));
  if (view.d_output) std::fill(view.d_output, view.d_output + view.points * view.size, Real(0));
  // Targets per class, then (if wanted by two) how often each class was taken for each other.
  std::vector<Index>& counts = workspace.counts;
  counts.assign(static_cast<std::size_t>(num_labels_ * (confusions_ ? num_labels_ + 2 : 2)), 0);

  double cross_entropy = 0;
  Index num_targets = 0;
  bool adds_error = legacy_errors_;  // a sequence without any target must not make the mean smaller
  for (Index t = 0; t < view.points; ++t) {
    const Index label = sequence.target()[t];
    if (label < 0) continue;
    const Real importance = sequence.importance() ? static_cast<Real>(sequence.importance()[t]) : Real(1);
    cross_entropy += static_cast<double>(importance) * point_error(view.net + t * view.size, label);
    point_deltas(view, t, label, importance);
    adds_error = adds_error || importance != 0;

    ++num_targets;
    ++counts[static_cast<std::size_t>(label)];
    const Index decision = decide(view.output + t * view.size);
    if (decision == label) continue;
    ++counts[static_cast<std::size_t>(num_labels_ + label)];
    if (confusions_) ++counts[static_cast<std::size_t>(num_labels_ * (label + 2) + decision)];
  }
  if (adds_error) errors.items.push_back({0, cross_entropy, 1});
  add_class_errors(counts, num_targets, errors);
}

// Fractions of the sequence's targets. A class counts only in the sequences where it is a target, a confusion only
// where it happened.
template <class Real>
void CrossEntropy<Real>::add_class_errors(const std::vector<Index>& counts, Index num_targets,
                                          SequenceErrors& errors) const {
  if (num_targets == 0) return;
  const auto wrong = counts.begin() + num_labels_;
  const Index all_wrong = std::accumulate(wrong, wrong + num_labels_, Index(0));
  const double targets = static_cast<double>(num_targets);
  errors.items.push_back({1, static_cast<double>(all_wrong) / targets, 1});
  for (Index label = 0; label < num_labels_; ++label) {
    if (counts[static_cast<std::size_t>(label)] == 0) continue;
    errors.items.push_back({static_cast<int>(2 + label), static_cast<double>(wrong[label]) / targets, 1});
  }
  for (Index i = 2 * num_labels_; i < static_cast<Index>(counts.size()); ++i) {
    const Index count = counts[static_cast<std::size_t>(i)];
    if (count == 0) continue;
    errors.items.push_back({static_cast<int>(2 + i - num_labels_), static_cast<double>(count) / targets, 1});
  }
}

template <class Real>
void CrossEntropy<Real>::predict(const OutputView<Real>& view, Prediction& prediction) const {
  prediction.labels.clear();
  for (Index t = 0; t < view.points; ++t) prediction.labels.push_back(decide(view.output + t * view.size));
}

template class CrossEntropy<float>;
template class CrossEntropy<double>;

}  // namespace rnnlib
