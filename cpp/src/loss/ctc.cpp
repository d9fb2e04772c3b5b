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
void point_deltas(const OutputView<Real>& view, Index t, const double* __restrict occupancy) {
  constexpr double kFloor = static_cast<double>(std::numeric_limits<Real>::min());
  const Real* __restrict output = view.output + t * view.size;
  if (view.d_net) {
    Real* __restrict d_net = view.d_net + t * view.size;
    for (Index k = 0; k < view.size; ++k) d_net[k] = static_cast<Real>(static_cast<double>(output[k]) - occupancy[k]);
  }
  if (view.d_output) {
    Real* __restrict d_output = view.d_output + t * view.size;
    for (Index k = 0; k < view.size; ++k) {
      d_output[k] = static_cast<Real>(-occupancy[k] / std::max(static_cast<double>(output[k]), kFloor));
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
    : confusions_(options.confusion_matrix),
      legacy_errors_(options.legacy_errors),
      num_labels_(static_cast<Index>(spec.data.labels.size())) {
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
  check_kind(sequence, false, "transcription");
  check_classes(sequence, 0, num_labels_);
}

template <class Real>
void Ctc<Real>::activate(const OutputView<Real>& view) const {
  for (Index t = 0; t < view.points; ++t) softmax(view.net + t * view.size, view.size, view.output + t * view.size);
}

template <class Real>
void Ctc<Real>::activate_backward(const OutputView<Real>& view) const {
  for (Index at = 0; at < view.points * view.size; at += view.size) {
    softmax_backward(view.output + at, view.d_output + at, view.size, view.d_net + at);
  }
}

template <class Real>
void Ctc<Real>::evaluate(const OutputView<Real>& view, const Sequence& sequence, LossWorkspace& workspace,
                         SequenceErrors& errors) const {
  errors = SequenceErrors();
  errors.needed = ctc_steps_needed(sequence.target(), sequence.target_length());
  errors.available = view.points;
  errors.skipped = errors.needed > errors.available;
  if (errors.skipped) {  // no path spells the target, but what the network reads can be compared with it
    clear_deltas(view);
    if (!legacy_errors_) add_label_errors(view, sequence, workspace, errors);
    return;
  }
  CtcLattice lattice(sequence.target(), sequence.target_length(), view.points, view.size, workspace);
  const Scaled probability = lattice.forward(view.net);
  if (view.d_net || view.d_output) {
    workspace.occupancy.resize(static_cast<std::size_t>(view.size));
    lattice.begin_backward();
    for (Index t = view.points - 1; t >= 0; --t) {
      lattice.occupancy(probability, workspace.occupancy.data());
      point_deltas(view, t, workspace.occupancy.data());
      if (t > 0) lattice.step_backward();
    }
  }
  errors.items.push_back({kCtcError, -log(probability), 1});
  add_label_errors(view, sequence, workspace, errors);
}

template <class Real>
void Ctc<Real>::add_label_errors(const OutputView<Real>& view, const Sequence& sequence, LossWorkspace& workspace,
                                 SequenceErrors& errors) const {
  best_path(view.output, view.points, view.size, workspace.path);
  Alignment& alignment = workspace.alignment;
  align(sequence.target(), sequence.target_length(), workspace.path.data(), static_cast<Index>(workspace.path.size()),
        workspace.cells, alignment);

  const double norm = static_cast<double>(sequence.target_length());
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
  best_path(view.output, view.points, view.size, prediction.labels, prediction.positions);
}

// The lattice is for targets that fit, of a label per point at most. So many has the best path at most, too.
template <class Real>
Index Ctc<Real>::bytes(Index points, Index size, Index target_length) const {
  return CtcLattice::bytes(std::min(target_length, points), points, size) + size * static_cast<Index>(sizeof(double)) +
         (points + edit_cells(target_length, points)) * static_cast<Index>(sizeof(std::int32_t));
}

template <class Real>
std::vector<TraceVariable> Ctc<Real>::trace(const OutputView<Real>& view, const Sequence& sequence,
                                            LossWorkspace& workspace) const {
  if (ctc_steps_needed(sequence.target(), sequence.target_length()) > view.points) return {};
  const Index num_states = 2 * sequence.target_length() + 1;
  std::vector<double> forward(static_cast<std::size_t>(view.points * num_states));
  std::vector<double> backward(forward.size());
  CtcLattice lattice(sequence.target(), sequence.target_length(), view.points, view.size, workspace);
  lattice.forward(view.net);
  lattice.begin_backward();
  for (Index t = view.points - 1; t >= 0; --t) {
    lattice.log_forward(t, forward.data() + t * num_states);
    lattice.log_backward(backward.data() + t * num_states);
    if (t > 0) lattice.step_backward();
  }
  const Shape shape = {view.points, num_states};
  return {{"forwardVariables", shape, forward}, {"backwardVariables", shape, backward}};
}

template class Ctc<float>;
template class Ctc<double>;

}  // namespace rnnlib
