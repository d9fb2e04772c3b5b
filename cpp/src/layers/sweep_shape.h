// SPDX-License-Identifier: Apache-2.0
// Sizes, weights and rows of one hidden layer that runs over a batch in one direction.
#pragma once

#include "layers/keep.h"
#include "rnnlib/spec.h"
#include "tensor/buffer.h"
#include "tensor/lanes.h"
#include "tensor/row_product.h"

namespace rnnlib {

// Dimensions for which a point's neighbours are found without asking for memory.
inline constexpr int kMaxDims = 16;

struct SweepShape {
  HiddenType type;
  bool recurrent;      // has recurrent connections; cells with a state recur in any case
  Index input_size;    // I
  Index hidden;        // H
  int num_dims;        // D of its recurrence: 0 without any
  unsigned direction;  // bit d set: +1 along dimension d
  // Of its cell (layers/cells/cell.h).
  Index gates;            // net inputs per hidden unit
  Index recurrent_gates;  // of them: the first ones, beyond which none has weights from the outputs one step back
  Index peepholes;        // per hidden unit
  bool has_state;
  bool has_extra;

  Index net_size() const { return gates * hidden; }
  Index net_stride() const { return padded(net_size()); }
  Index recurrent_size() const { return recurrent ? num_dims * hidden : 0; }
  Index recurrent_net_size() const { return recurrent_gates * hidden; }
  Index saved_size() const { return (has_state ? hidden : 0) + (has_extra ? hidden : 0); }  // beside the gates
  // Packed weights: rows of net_stride: bias, one per input unit, one per unit of each predecessor; then peepholes.
  Index matrix_rows() const { return 1 + input_size + recurrent_size(); }
  Index matrix_elements() const { return matrix_rows() * net_stride(); }
  Index peephole_elements() const { return peepholes * hidden; }
};

// num_dims: of the data.
SweepShape make_sweep_shape(HiddenType type, bool recurrent, Index input_size, Index hidden, int num_dims,
                            unsigned direction);

// Gates that lack some weights (Gate::reads_input, Gate::reads_before) have zeros in the packed matrix. Makes the
// gradients of these places zeros, too. d_matrix [matrix_rows, net_stride]
template <class Real>
void clear_absent(const SweepShape& shape, Real* d_matrix);

// A sweep's weights as its products read them.
template <class Real>
struct SweepWeights {
  const Real* matrix = nullptr;     // [matrix_rows, net_stride] as packed; the first row is the bias
  const Real* peepholes = nullptr;  // [peepholes, H]
  RowWeights<Real> input;           // [I, net]
  RowWeights<Real> recurrent;       // [D * H, recurrent_net]
  RowWeights<Real> recurrent_back;  // [recurrent_net, D * H]

  // `packed` [matrix_rows, net_stride] and the peepholes must outlive this.
  void assign(const SweepShape& shape, const Real* packed, const Real* packed_peepholes) {
    const Index stride = shape.net_stride();
    const Index net = shape.net_size();
    matrix = packed;
    peepholes = packed_peepholes;
    input.assign({packed + stride, shape.input_size, net, stride});
    const ConstMatrix<Real> all(packed + (1 + shape.input_size) * stride, shape.recurrent_size(),
                                shape.recurrent_net_size(), stride);
    recurrent.assign(all);
    recurrent_back.assign_transposed(all);
  }

  static Index elements(const SweepShape& shape) {
    return RowWeights<Real>::elements(shape.input_size, shape.net_size()) +
           RowWeights<Real>::elements(shape.recurrent_size(), shape.recurrent_net_size()) +
           RowWeights<Real>::elements(shape.recurrent_net_size(), shape.recurrent_size());
  }
};

// Rows of a batch inside a wider matrix.
template <class Real>
struct Rows {
  Real* data;
  Index stride;

  Real* operator[](Index row) const { return data + row * stride; }
};

// What a sweep's backward pass reads, and the gradients that it adds to.
template <class Real>
struct BackwardPass {
  Rows<const Real> input;     // [points, I]
  Rows<const Real> output;    // [points, H]
  Rows<const Real> d_output;  // [points, H]
  Real limit;                 // clips the deltas of cells with a state
  bool keep_deltas;           // all deltas are there afterwards
  Real* d_matrix;             // [matrix_rows, net_stride]
  Real* d_peepholes;          // [peepholes, H]
};

// The variables that a sweep keeps for traces.
enum class SweepVariable { kNet, kGates, kState, kDeltas, kCellError, kOutputError };

// An array that a sweep has kept for traces: [points, units].
template <class Real>
struct Traced {
  const Real* values;
  Index units;
};

// The one of a sweep's arrays that holds a variable. Deltas lie elsewhere (Sweep::deltas).
template <class Real>
Traced<Real> choose_traced(SweepVariable variable, const SweepShape& shape, const Buffer<Real>& net,
                           const Buffer<Real>& gates, const Buffer<Real>& state, const Buffer<Real>& cell_error,
                           const Buffer<Real>& output_error) {
  switch (variable) {
    case SweepVariable::kNet:
      return {net.data(), shape.net_size()};
    case SweepVariable::kGates:
      return {gates.data(), shape.net_size()};
    case SweepVariable::kState:
      return {state.data(), shape.hidden};
    case SweepVariable::kCellError:
      return {cell_error.data(), shape.hidden};
    case SweepVariable::kOutputError:
      return {output_error.data(), shape.hidden};
    case SweepVariable::kDeltas:
      break;
  }
  return {nullptr, 0};
}

}  // namespace rnnlib
