// SPDX-License-Identifier: Apache-2.0
// E = -log p(target). With the occupancy g_k = probability, given the target, of being at unit k at a point:
// dE/dy_k = -g_k / y_k and dE/dnet_k = y_k - g_k (Graves et al. 2006, equations 15 and 16), times the sequence's
// importance.
#include "loss/ctc.h"

#include <algorithm>
#include <limits>

#include "base/ctc_points.h"
#include "loss/ctc_lattice.h"

namespace rnnlib {
namespace {

template <class Real>
void point_deltas(const OutputView<Real>& view, Index t, const double* __restrict occupancy, double importance) {
  constexpr double kFloor = static_cast<double>(std::numeric_limits<Real>::min());
  const Real* __restrict output = view.output + t * view.size;
  if (view.d_net) {
    Real* __restrict d_net = view.d_net + t * view.size;
    for (Index k = 0; k < view.size; ++k) {
      d_net[k] = static_cast<Real>(importance * (static_cast<double>(output[k]) - occupancy[k]));
    }
  }
  if (view.d_output) {
    Real* __restrict d_output = view.d_output + t * view.size;
    for (Index k = 0; k < view.size; ++k) {
      d_output[k] = static_cast<Real>(-importance * occupancy[k] / std::max(static_cast<double>(output[k]), kFloor));
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
void Ctc<Real>::evaluate(const OutputView<Real>& view, const Sequence& sequence, LossWorkspace& workspace,
                         SequenceErrors& errors) const {
  errors = SequenceErrors();
  errors.needed = ctc_points_needed(sequence.target(), sequence.target_length());
  errors.available = view.points;
  errors.skipped = errors.needed > errors.available;
  const double importance = sequence.importance() ? static_cast<double>(*sequence.importance()) : 1;
  if (errors.skipped) return clear_deltas(view);  // no path spells the target
  CtcLattice lattice(sequence.target(), sequence.target_length(), view.points, view.size, workspace);
  const Scaled probability = lattice.forward(view.net);
  if (view.d_net || view.d_output) {
    workspace.occupancy.resize(static_cast<std::size_t>(view.size));
    lattice.begin_backward();
    for (Index t = view.points - 1; t >= 0; --t) {
      lattice.occupancy(probability, workspace.occupancy.data());
      point_deltas(view, t, workspace.occupancy.data(), importance);
      if (t > 0) lattice.step_backward();
    }
  }
  const bool adds_error = importance != 0 || this->legacy_errors_;  // importance 0: there is no target
  if (adds_error) errors.items.push_back({0, -importance * log(probability), 1});
}

// The lattice is for targets that fit, of a label per point at most.
template <class Real>
Index Ctc<Real>::own_bytes(Index points, Index size, Index target_length) const {
  return CtcLattice::bytes(std::min(target_length, points), points, size) + size * static_cast<Index>(sizeof(double));
}

template <class Real>
std::vector<TraceVariable> Ctc<Real>::trace(const OutputView<Real>& view, const Sequence& sequence,
                                            LossWorkspace& workspace) const {
  if (ctc_points_needed(sequence.target(), sequence.target_length()) > view.points) return {};
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
