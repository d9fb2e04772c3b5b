// SPDX-License-Identifier: Apache-2.0
// The forward-backward recursions of connectionist temporal classification (Graves et al. 2006, section 4.1), in logs.
// A lattice has T points and 2S+1 states: the S target labels with blanks before, between and after them.
#pragma once

#include "loss/loss.h"

namespace rnnlib {

// Points a target needs: its labels, and a blank between equal neighbours.
Index ctc_steps_needed(const std::int32_t* target, Index length);

class CtcLattice {
 public:
  // workspace.log_output must hold [points, size]; the other vectors are made by the lattice. The blank is unit size
  // - 1.
  CtcLattice(const std::int32_t* target, Index length, Index points, Index size, LossWorkspace& workspace);

  // Fills workspace.forward_variables: the log probability of all path prefixes that are in a state at a point, the
  // point's own output included. Returns the log probability of the target.
  double forward();

  // Fills workspace.backward_variables: likewise of suffixes, the point's own output not included.
  void backward();

  // After both: occupancy [size] = probability, given the target, that the path is at each unit at point t.
  void occupancy(Index t, double log_probability, double* occupancy) const;

 private:
  // The states from which the end, and which from the start, can be reached in time, blanks being free of either.
  Index first_state(Index t) const;
  Index end_state(Index t) const;
  void gather_emissions(Index t);

  Index points_;
  Index num_states_;
  Index size_;
  LossWorkspace& workspace_;
  // In workspace.reals:
  double* skip_;       // [2S+1 + 2] 0 where a state may be entered from two before, else log zero
  double* row_;        // [2S+1 + 2] a row of variables with two log zeros before (forward) or behind (backward)
  double* emissions_;  // [2S+1] log output of each state's unit at a point
};

}  // namespace rnnlib
