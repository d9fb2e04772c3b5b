// SPDX-License-Identifier: Apache-2.0
// What every type of hidden unit ("cell") has in common: what a sweep hands it at a point, and helpers.
//
// A cell is a class with static functions (layers/cells/registry.h lists them, and makes a CellCode of each):
//
//   kHasState   whether its units keep a state, which the points one step on along every dimension read
//   kHasExtra   whether forward keeps something else for backward, in `extra`
//   kPerDims    whether 1, 2 and 3 dimensions have code of their own
//   info        its gates and peepholes by name (rnnlib/cell_info.h)
//   forward<Dims>(CellPoint), backward<Dims>(CellErrors)     Dims: D, or 0 where it is known at run time only
//   peepholes(D, use)   use(peephole, gate, dimension): peephole weights times the state one step back along that
//                       dimension, or times the point's own state for dimension -1, are part of the gate's net input
//   outputs(...)        the outputs again from what forward kept, in the room given or where they lie; only for cells
//                       with a state
//   kReadsAll, reads_input(D, gate), reads_before(D, gate, dimension)
//                       whether a gate has weights from the level's input, and from the outputs one step back
//
// Gates lie one after another, each with all its units, and so do peepholes.
#pragma once

#include <string>
#include <type_traits>
#include <vector>

#include "rnnlib/cell_info.h"
#include "rnnlib/types.h"
#include "tensor/vector_math.h"

namespace rnnlib {

// Of cells all of whose gates have weights from everywhere.
struct ReadsAll {
  static constexpr bool kReadsAll = true;
  static bool reads_input(Index, Index) { return true; }
  static bool reads_before(Index, Index, Index) { return true; }
};

struct NoPeepholes {
  template <class Use>
  static void peepholes(int, const Use&) {}
};

template <class Real>
struct CellPoint {
  Index hidden;               // H
  int num_dims;               // D
  const Real* net;            // [gates, H]
  const Real* peepholes;      // [peepholes, H]
  const Real* const* before;  // [D] states one step back along each dimension, [H] each; zeros at the border
  Real* gates;                // [gates, H] activations; not the same as net
  Real* state;                // [H]
  Real* extra;                // [H]
  Real* output;               // [H]
};

template <class Real>
struct CellErrors {
  Index hidden;
  int num_dims;
  const Real* gates;  // [gates, H]
  const Real* peepholes;
  const Real* const* before;
  const Real* state;
  const Real* extra;
  const Real* output;               // [H]; cells with a state do without
  const Real* d_output;             // [H] dE/dy, without what later points add:
  const Real* const* output_after;  // [D] to dE/dy, [H] each; zeros at the border
  const Real* const* state_after;   // [D] to dE/ds
  Real limit;                       // bounds every delta of a cell with a state; infinity for gradient checks
  Real* deltas;                     // [gates, H]; of cells with a state not the same as gates
  Real* state_error;                // [D, H] what this point adds to dE/ds one step back
  Real* d_peepholes;                // [blocks of units][peepholes][units of a block], added to; or null
  Real* output_error;               // [H] dE/dy
  Real* own_state_error;            // [H] dE/ds
};

template <class Real>
RNNLIB_INLINE Real clip(Real x, Real limit) {
  x = x > limit ? limit : x;
  return x < -limit ? -limit : x;  // NaN stays
}

// With several forget gates near 1 the states, and going back their errors, can grow exponentially over the points
// (Leifert, Strauss, Gruening, Wustlich, Labahn 2016, "Cells in multidimensional recurrent neural networks"). Long
// before this limit the squashed state is saturated, so that outputs do not change; but infinity would make NaN.
template <class Real>
inline constexpr Real kStateLimit = Real(sizeof(Real) == 4 ? 1e30 : 1e150);

// The rows of `before` and the like from a unit on; copied where their number is known, so that they stay in registers.
template <int Dims, class Real>
struct PointerPerDim {
  const Real* rows[Dims];
  PointerPerDim(const Real* const* all, Index first) {
    for (int d = 0; d < Dims; ++d) rows[d] = all[d] + first;
  }
  const Real* operator()(int d) const { return rows[d]; }
};
template <class Real>
struct PointerPerDim<0, Real> {
  const Real* const* rows;
  Index offset;
  PointerPerDim(const Real* const* all, Index first) : rows(all), offset(first) {}
  const Real* operator()(int d) const { return rows[d] + offset; }
};

// "forget gate 0"; in one dimension just "forget gate".
inline std::string name_per_dim(const std::string& gate, Index dim, Index num_dims) {
  return num_dims == 1 ? gate : gate + " " + std::to_string(dim);
}

}  // namespace rnnlib
