// SPDX-License-Identifier: Apache-2.0
#include "layers/sweep_shape.h"

#include "layers/cells/registry.h"

namespace rnnlib {

SweepShape make_sweep_shape(HiddenType type, bool recurrent, Index input_size, Index hidden, int num_dims,
                            unsigned direction) {
  SweepShape shape{};
  const CellInfo info = cell_info(type, num_dims);
  with_cell(type, num_dims, [&](auto cell, auto) { shape.has_extra = cell.kHasExtra; });
  shape.type = type;
  shape.recurrent = recurrent;
  shape.input_size = input_size;
  shape.hidden = hidden;
  shape.num_dims = info.has_state || recurrent ? num_dims : 0;
  shape.direction = direction;
  shape.gates = static_cast<Index>(info.gates.size());
  shape.peepholes = static_cast<Index>(info.peepholes.size());
  shape.has_state = info.has_state;
  return shape;
}

}  // namespace rnnlib
