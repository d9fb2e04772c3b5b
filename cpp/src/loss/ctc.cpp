// SPDX-License-Identifier: Apache-2.0
// E = -log p(target). With the occupancy g_k = probability, given the target, of being at unit k at a point:
// dE/dy_k = -g_k / y_k and dE/dnet_k = y_k - g_k (Graves et al. 2006, equations 15 and 16).
#include "loss/ctc.h"

#include <algorithm>
#include <limits>
#include <map>

#include "decode/best_path.h"
#include "loss/ctc_lattice.h"
#include "loss/softmax.h"
#include "loss/target_checks.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

enum ErrorId { kCtcError, kLabelError, kSeqError, kSubstitutions, kDeletions, kInsertions, kNumErrors };

template <class Real>
void fill_log_output(const OutputView<Real>& view, std::vector<double>& log_output) {
  log_output.resize(static_cast<std::size_t>(view.points * view.size));
  for (Index t = 0; t < view.points; ++t) {
    const Real* net = view.net + t * view.size;
    double* row = log_output.data() + t * view.size;
    const double normaliser = log_sum_exp(net, view.size);
    for (Index k = 0; k < view.size; ++k) row[k] = static_cast<double>(net[k]) - normaliser;
  }
}

template <class Real>
void fill_deltas(const OutputView<Real>& view, const CtcLattice& lattice, double log_probability,
                 std::vector<double>& occupancy) {
  constexpr double kFloor = static_cast<double>(std::numeric_limits<Real>::min());
  occupancy.resize(static_cast<std::size_t>(view.size));
  for (Index t = 0; t < view.points; ++t) {
    lattice.occupancy(t, log_probability, occupancy.data());
    for (Index k = 0; k < view.size; ++k) {
      const Index i = t * view.size + k;
      const double output = static_cast<double>(view.output[i]);
      const double share = occupancy[static_cast<std::size_t>(k)];
      if (view.d_net) view.d_net[i] = static_cast<Real>(output - share);
      if (view.d_output) view.d_output[i] = static_cast<Real>(-share / std::max(output, kFloor));
    }
  }
}

template <class Real>
void clear_deltas(const OutputView<Real>& view) {
  if (view.d_net) std::fill(view.d_net, view.d_net + view.points * view.size, Real(0));
  if (view.d_output) std::fill(view.d_output, view.d_output + view.points * view.size, Real(0));
}

}  // namespace

template <class Real>
Ctc<Real>::Ctc(const NetworkSpec& spec, const LossOptions& options)
    : confusions_(options.confusion_matrix), num_labels_(static_cast<Index>(spec.data.labels.size())) {
  std::vector<std::string>& names = this->error_names_;
  names = {"ctcError", "labelError", "seqError", "substitutions", "deletions", "insertions"};
  if (!confusions_) return;
  for (const char* kind : {"_substitutions", "_deletions", "_insertions"}) {
    for (const std::string& label : spec.data.labels) names.push_back("_" + label + kind);
  }
  for (const std::string& target : spec.data.labels) {
    for (const std::string& output : spec.data.labels) names.push_back("_" + target + "->" + output);
  }
}

template <class Real>
void Ctc<Real>::check_target(const Sequence& sequence, const Shape&) const {
  if (sequence.target == nullptr) throw DataError("no target: a transcription task needs targetStrings");
  check_classes(sequence, 0, num_labels_);
}

template <class Real>
void Ctc<Real>::activate(const OutputView<Real>& view) const {
  for (Index t = 0; t < view.points; ++t) softmax(view.net + t * view.size, view.size, view.output + t * view.size);
}

template <class Real>
void Ctc<Real>::evaluate(const OutputView<Real>& view, const Sequence& sequence, LossWorkspace& workspace,
                         SequenceErrors& errors) const {
  errors = SequenceErrors();
  workspace.forward_variables.clear();
  workspace.backward_variables.clear();
  errors.needed = ctc_steps_needed(sequence.target, sequence.target_length);
  errors.available = view.points;
  errors.skipped = errors.needed > errors.available;
  if (errors.skipped) {
    clear_deltas(view);
    return;
  }
  fill_log_output(view, workspace.log_output);
  CtcLattice lattice(sequence.target, sequence.target_length, view.points, view.size, workspace);
  const double log_probability = lattice.forward();
  if (view.d_net || view.d_output) {
    lattice.backward();
    fill_deltas(view, lattice, log_probability, workspace.occupancy);
  }
  errors.items.push_back({kCtcError, -log_probability, 1});
  add_label_errors(view, sequence, workspace, errors);
}

template <class Real>
void Ctc<Real>::add_label_errors(const OutputView<Real>& view, const Sequence& sequence, LossWorkspace& workspace,
                                 SequenceErrors& errors) const {
  best_path(view.output, view.points, view.size, workspace.path);
  Alignment& alignment = workspace.alignment;
  align(sequence.target, sequence.target_length, workspace.path.data(), static_cast<Index>(workspace.path.size()),
        workspace.cells, alignment);

  const double norm = static_cast<double>(sequence.target_length);
  errors.items.push_back({kLabelError, static_cast<double>(alignment.distance()), norm});
  errors.items.push_back({kSeqError, alignment.distance() > 0 ? 1.0 : 0.0, 1});
  errors.items.push_back({kSubstitutions, static_cast<double>(alignment.substitutions), norm});
  errors.items.push_back({kDeletions, static_cast<double>(alignment.deletions), norm});
  errors.items.push_back({kInsertions, static_cast<double>(alignment.insertions), norm});
  if (confusions_) add_confusions(alignment, norm, errors);
}

// Only what happened in this sequence.
template <class Real>
void Ctc<Real>::add_confusions(const Alignment& alignment, double norm, SequenceErrors& errors) const {
  std::map<Index, Index> counts;  // by error id
  for (const Edit& edit : alignment.edits) {
    switch (edit.type) {
      case EditType::kSubstitution:
        ++counts[kNumErrors + edit.target];
        ++counts[kNumErrors + num_labels_ * (3 + edit.target) + edit.output];
        break;
      case EditType::kDeletion:
        ++counts[kNumErrors + num_labels_ + edit.target];
        break;
      case EditType::kInsertion:
        ++counts[kNumErrors + 2 * num_labels_ + edit.output];
        break;
    }
  }
  for (const auto& [id, count] : counts)
    errors.items.push_back({static_cast<int>(id), static_cast<double>(count), norm});
}

template <class Real>
void Ctc<Real>::predict(const OutputView<Real>& view, Prediction& prediction) const {
  std::vector<std::int32_t> labels;
  best_path(view.output, view.points, view.size, labels);
  prediction.labels.assign(labels.begin(), labels.end());
}

template <class Real>
std::vector<TraceVariable> Ctc<Real>::trace(const OutputView<Real>& view, const Sequence& sequence,
                                            const LossWorkspace& workspace) const {
  const Shape shape = {view.points, 2 * sequence.target_length + 1};
  std::vector<TraceVariable> variables;
  if (!workspace.forward_variables.empty())
    variables.push_back({"forwardVariables", shape, workspace.forward_variables});
  if (!workspace.backward_variables.empty()) {
    variables.push_back({"backwardVariables", shape, workspace.backward_variables});
  }
  return variables;
}

template class Ctc<float>;
template class Ctc<double>;

}  // namespace rnnlib
