// SPDX-License-Identifier: Apache-2.0
// The block layers over the parts of another layer's rows. A part of layers that are not lists of points of their own:
// the input layer, the block layers of a level, and a subsample layer, which makes blocks in strips.
#pragma once

#include <vector>

#include "layers/block.h"
#include "layers/layer.h"
#include "layers/trace_rows.h"

namespace rnnlib {

// A row of blocked points holds the rows of a block's points one after another, with all their units.
struct BlockView {
  // An empty block: the parts stay as they are, and there are no layers. `level` as LayerInfo::level.
  BlockView(const LayerOutput& below, const Shape& joined, Index level);

  Shape block;
  Index units;                   // of the rows below
  LayerOutput output;            // of the blocked rows
  std::vector<LayerInfo> infos;  // of the block layers

  bool empty() const { return block.empty(); }

  // Of one sequence, after a pass for a trace; d_rows null: without errors.
  template <class Real>
  void trace(const Shape& blocked, const Real* rows, const Real* d_rows, std::vector<TraceVariable>& variables) const {
    if (!empty()) trace_parts(output, blocked, rows, d_rows, variables);
  }
};

}  // namespace rnnlib
