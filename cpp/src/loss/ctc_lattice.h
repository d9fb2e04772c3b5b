// SPDX-License-Identifier: Apache-2.0
// The forward-backward recursions of connectionist temporal classification (Graves et al. 2006, section 4.1).
// A lattice has T points and 2S+1 states: the S target labels with blanks before, between and after them.
#pragma once

#include "loss/loss.h"
#include "tensor/scaled.h"

namespace rnnlib {

// Numbers of a point's labels and of its blanks, apart from each other so that loops over each are contiguous. Label i
// is state 2i + 1, blank i state 2i. Both have room for two more at their ends: -1 .. S + 1.
struct CtcRow {
  double* label_mantissa;
  double* label_exponent;
  double* blank_mantissa;
  double* blank_exponent;
};

class CtcLattice {
 public:
  // The lattice's numbers lie in the workspace. The blank is unit size - 1.
  CtcLattice(const std::int32_t* target, Index length, Index points, Index size, LossWorkspace& workspace);

  // Of the workspace's vectors.
  static Index bytes(Index length, Index points, Index size);

  // From net [points, size]: the forward variables, the probability of all path prefixes that are in a state at a
  // point, the point's own output included. Returns the probability of the target, which must fit.
  template <class Real>
  Scaled forward(const Real* net);

  // After it, for each point from the last to the first: backward variables, likewise of suffixes, the point's own
  // output not included.
  void begin_backward();
  void step_backward();  // one point back

  // At the backward variables' point: occupancy [size] = probability, given the target, that the path is at each unit.
  void occupancy(Scaled probability, double* occupancy);

  // Logarithms of a point's forward variables and of the present backward variables, [2S+1].
  void log_forward(Index t, double* values) const;
  void log_backward(double* values) const;

 private:
  // The labels and blanks from which the end, and which from the start, can be reached in time.
  struct Band {
    Index first_label, end_label, first_blank, end_blank;
  };
  Band band(Index t) const;
  CtcRow row_at(double* numbers) const;
  CtcRow forward_row(Index t) const;
  template <class Real>
  void set_emissions(Index t, const Real* net);
  double* emissions(Index t) const;
  void log_row(const CtcRow& row, const Band& band, double* values) const;

  const std::int32_t* target_;
  Index length_;
  Index points_;
  Index size_;
  Index width_;  // of one of a row's four parts
  Index point_ = 0;
  LossWorkspace& workspace_;
  // In workspace.reals:
  double* skip_;  // [S + 1] 0 where a label may follow the one before it directly, else a very low exponent
  CtcRow backward_;
  CtcRow backward_next_;
  double* unit_mantissa_;  // [K], also [S] shares
  double* unit_exponent_;  // [K]
  double* unit_value_;     // [K], also [S + 1] shares of blanks
};

}  // namespace rnnlib
