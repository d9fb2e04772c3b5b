// SPDX-License-Identifier: Apache-2.0
// The recursions run over contiguous states with no branches: forbidden transitions add log zero.
#include "loss/ctc_lattice.h"

#include <algorithm>

#include "loss/log_add.h"

namespace rnnlib {
namespace {

constexpr Index kReach = 2;  // a step leads at most two states on

void forward_row(const double* __restrict previous, const double* __restrict skip, const double* __restrict emissions,
                 Index first, Index end, double* __restrict row) {
  // previous[s + kReach] is state s
  for (Index s = first; s < end; ++s) {
    row[s] = log_add(previous[s + 2], previous[s + 1], previous[s] + skip[s]) + emissions[s];
  }
}

void backward_row(const double* __restrict next, const double* __restrict skip, Index first, Index end,
                  double* __restrict row) {
  for (Index s = first; s < end; ++s) {
    row[s] = log_add(next[s], next[s + 1], next[s + 2] + skip[s + 2]);
  }
}

}  // namespace

Index ctc_steps_needed(const std::int32_t* target, Index length) {
  Index needed = length;
  for (Index i = 1; i < length; ++i) needed += target[i] == target[i - 1] ? 1 : 0;
  return needed;
}

CtcLattice::CtcLattice(const std::int32_t* target, Index length, Index points, Index size, LossWorkspace& workspace)
    : points_(points), num_states_(2 * length + 1), size_(size), workspace_(workspace) {
  const Index padded = num_states_ + kReach;
  workspace.reals.resize(static_cast<std::size_t>(2 * padded + num_states_));
  skip_ = workspace.reals.data();
  row_ = skip_ + padded;
  emissions_ = row_ + padded;

  workspace.states.assign(static_cast<std::size_t>(num_states_), static_cast<std::int32_t>(size - 1));
  std::fill(skip_, skip_ + padded, kLogZero);
  for (Index i = 0; i < length; ++i) {
    workspace.states[static_cast<std::size_t>(2 * i + 1)] = target[i];
    if (i > 0 && target[i] != target[i - 1]) skip_[2 * i + 1] = 0;
  }
}

Index CtcLattice::first_state(Index t) const { return std::max<Index>(0, num_states_ - 2 * (points_ - t)); }

Index CtcLattice::end_state(Index t) const { return std::min(num_states_, 2 * (t + 1)); }

void CtcLattice::gather_emissions(Index t) {
  const double* log_output = workspace_.log_output.data() + t * size_;
  const std::int32_t* states = workspace_.states.data();
  for (Index s = 0; s < num_states_; ++s) emissions_[s] = log_output[states[s]];
}

double CtcLattice::forward() {
  std::vector<double>& variables = workspace_.forward_variables;
  variables.assign(static_cast<std::size_t>(points_ * num_states_), kLogZero);
  std::fill(row_, row_ + num_states_ + kReach, kLogZero);

  double* row = variables.data();
  gather_emissions(0);
  for (Index s = first_state(0); s < end_state(0); ++s) row[s] = emissions_[s];
  for (Index t = 1; t < points_; ++t) {
    std::copy(row, row + num_states_, row_ + kReach);
    row += num_states_;
    gather_emissions(t);
    forward_row(row_, skip_, emissions_, first_state(t), end_state(t), row);
  }
  const double last_label = num_states_ > 1 ? row[num_states_ - 2] : kLogZero;
  return log_add(row[num_states_ - 1], last_label, kLogZero);
}

void CtcLattice::backward() {
  std::vector<double>& variables = workspace_.backward_variables;
  variables.assign(static_cast<std::size_t>(points_ * num_states_), kLogZero);
  std::fill(row_, row_ + num_states_ + kReach, kLogZero);

  double* row = variables.data() + (points_ - 1) * num_states_;
  for (Index s = first_state(points_ - 1); s < end_state(points_ - 1); ++s) row[s] = 0;
  for (Index t = points_ - 2; t >= 0; --t) {
    gather_emissions(t + 1);
    for (Index s = 0; s < num_states_; ++s) row_[s] = row[s] + emissions_[s];
    row -= num_states_;
    backward_row(row_, skip_, first_state(t), end_state(t), row);
  }
}

void CtcLattice::occupancy(Index t, double log_probability, double* occupancy) const {
  const double* forward = workspace_.forward_variables.data() + t * num_states_;
  const double* backward = workspace_.backward_variables.data() + t * num_states_;
  for (Index s = 0; s < num_states_; ++s) {
    const double log_share = forward[s] + backward[s] - log_probability;
    row_[s] = log_share > -700 ? vmath::exp(log_share) : 0.0;
  }
  std::fill(occupancy, occupancy + size_, 0.0);
  for (Index s = 0; s < num_states_; ++s) occupancy[workspace_.states[static_cast<std::size_t>(s)]] += row_[s];
}

}  // namespace rnnlib
