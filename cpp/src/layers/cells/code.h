// SPDX-License-Identifier: Apache-2.0
// A cell as sweeps call it.
#pragma once

#include "base/function_ref.h"
#include "layers/cells/cell.h"
#include "rnnlib/spec.h"

namespace rnnlib {

// A cell's functions for some number of dimensions. Sweeps call them at every point, or for all points of a wave: so
// the code of a cell is there once, however many kinds of sweeps there are.
template <class Real>
struct CellCode {
  void (*forward)(const CellPoint<Real>& point);
  void (*backward)(const CellErrors<Real>& point);
  void (*peepholes)(int num_dims, FunctionRef<void(Index peephole, Index gate, int dim)> use);
  const Real* (*outputs)(int num_dims, Index n, const Real* gates, const Real* state, const Real* extra, Real* output);

  // For traces: what the gates see beside the connections, added to their net inputs. net [gates, H]
  void add_peepholes(const CellPoint<Real>& p, Real* net) const {
    const Index h = p.hidden;
    peepholes(p.num_dims, [&](Index peephole, Index gate, int dim) {
      const Real* weights = p.peepholes + peephole * h;
      const Real* states = dim < 0 ? p.state : p.before[dim];
      for (Index i = 0; i < h; ++i) net[gate * h + i] += weights[i] * states[i];
    });
  }
};

template <class Real>
CellCode<Real> cell_code(HiddenType type, int num_dims);

}  // namespace rnnlib
