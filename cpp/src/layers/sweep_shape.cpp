// SPDX-License-Identifier: Apache-2.0
#include "layers/sweep_shape.h"

#include <algorithm>

#include "layers/cells/registry.h"

namespace rnnlib {

SweepShape make_sweep_shape(HiddenType type, bool recurrent, Index input_size, Index hidden, int num_dims,
                            unsigned direction) {
  SweepShape shape{};
  const CellInfo info = cell_info(type, num_dims);
  with_cell(type, [&](auto cell) { shape.has_extra = cell.kHasExtra; });
  shape.type = type;
  shape.recurrent = recurrent;
  shape.input_size = input_size;
  shape.hidden = hidden;
  shape.num_dims = info.has_state || recurrent ? num_dims : 0;
  shape.direction = direction;
  shape.gates = static_cast<Index>(info.gates.size());
  for (const Gate& gate : info.gates) {
    const bool reads = std::find(gate.reads_before.begin(), gate.reads_before.end(), true) != gate.reads_before.end();
    if (reads) shape.recurrent_gates = 1 + (&gate - info.gates.data());
  }
  shape.peepholes = static_cast<Index>(info.peepholes.size());
  shape.has_state = info.has_state;
  return shape;
}

template <class Real>
void clear_absent(const SweepShape& shape, Real* d_matrix) {
  const Index h = shape.hidden;
  const auto clear = [&](Index gate, Index first, Index rows) {
    Real* row = d_matrix + first * shape.net_stride() + gate * h;
    for (Index r = 0; r < rows; ++r, row += shape.net_stride()) std::fill_n(row, h, Real(0));
  };
  with_cell(shape.type, [&](auto cell) {
    if (cell.kReadsAll) return;
    for (Index gate = 0; gate < shape.gates; ++gate) {
      if (!cell.reads_input(shape.num_dims, gate)) clear(gate, 1, shape.input_size);
      for (Index d = 0; d < shape.num_dims && shape.recurrent; ++d) {
        if (!cell.reads_before(shape.num_dims, gate, d)) clear(gate, 1 + shape.input_size + d * h, h);
      }
    }
  });
}

template void clear_absent<float>(const SweepShape&, float*);
template void clear_absent<double>(const SweepShape&, double*);

}  // namespace rnnlib
