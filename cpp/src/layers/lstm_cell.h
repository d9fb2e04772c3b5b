// SPDX-License-Identifier: Apache-2.0
// The multidimensional LSTM cell with peepholes over one wave (spec section 4; Graves, Fernandez, Schmidhuber 2007).
//
// All arrays are unit-major: m = hidden units * points of the wave, gates one after another:
//   gates [D + 3, m]: input gate, forget gates 0..D-1, cell input, output gate
//   peepholes [D + 2, m]: input gate, forget gates 0..D-1, output gate, repeated for every point
#pragma once

#include <algorithm>

#include "layers/activation.h"
#include "rnnlib/types.h"

namespace rnnlib {

template <class Real>
struct LstmWave {
  Index m;  // hidden units * points
  int num_dims;
  const Real* peepholes;  // [D + 2, m]
  const Real* before;     // [D, m] states one step back along each dimension, 0 at the border
  Real* gates;            // [D + 3, m] net input, then activations
  Real* state;            // [m]
  Real* squashed;         // [m] CO(state)
};

template <class Real>
struct LstmWaveErrors {
  const Real* d_output;      // [m] dE/dy
  const Real* d_state_next;  // [m] what the points one step on add to dE/ds
  Real* deltas;              // [D + 3, m]
  Real* d_state;             // [m] dE/ds
  Real* d_before;            // [D, m] what this wave adds to dE/ds one step back
};

template <class Real>
Real clip(Real x, Real limit) {
  x = x > limit ? limit : x;
  return x < -limit ? -limit : x;  // NaN stays
}

// With several forget gates near 1 the states, and going back their errors, can grow exponentially over the points
// (Leifert, Strauss, Gruening, Wustlich, Labahn 2016, "Cells in multidimensional recurrent neural networks"). Long
// before this limit the squashed state is saturated, so that outputs do not change; but infinity would make NaN.
template <class Real>
inline constexpr Real kStateLimit = Real(sizeof(Real) == 4 ? 1e30 : 1e150);

// output [m]
template <class CellInput, class CellOutput, class Real>
void lstm_forward(const LstmWave<Real>& w, Real* output) {
  const Index m = w.m;
  const int dims = w.num_dims;
  Real* state = w.state;
  Real* squashed = w.squashed;
  Real* in_gate = w.gates;
  Real* cell = w.gates + (1 + dims) * m;
  Real* out_gate = w.gates + (2 + dims) * m;
  const Real* in_peep = w.peepholes;
  const Real* out_peep = w.peepholes + (1 + dims) * m;

  for (int d = 0; d < dims; ++d) {
    const Real* before = w.before + d * m;
    RNNLIB_INDEPENDENT
    for (Index i = 0; i < m; ++i) in_gate[i] += in_peep[i] * before[i];
  }
  RNNLIB_INDEPENDENT
  for (Index i = 0; i < m; ++i) {
    in_gate[i] = vmath::logistic(in_gate[i]);
    cell[i] = CellInput::value(cell[i]);
    state[i] = in_gate[i] * cell[i];
  }
  for (int d = 0; d < dims; ++d) {
    Real* forget = w.gates + (1 + d) * m;
    const Real* peep = w.peepholes + (1 + d) * m;
    const Real* before = w.before + d * m;
    RNNLIB_INDEPENDENT
    for (Index i = 0; i < m; ++i) {
      forget[i] = vmath::logistic(forget[i] + peep[i] * before[i]);
      state[i] += forget[i] * before[i];
    }
  }
  RNNLIB_INDEPENDENT
  for (Index i = 0; i < m; ++i) {
    state[i] = clip(state[i], kStateLimit<Real>);
    out_gate[i] = vmath::logistic(out_gate[i] + out_peep[i] * state[i]);
    squashed[i] = CellOutput::value(state[i]);
    output[i] = out_gate[i] * squashed[i];
  }
}

// `limit` bounds every delta; infinity for gradient checks.
template <class CellInput, class CellOutput, class Real>
void lstm_backward(const LstmWave<Real>& w, const LstmWaveErrors<Real>& e, Real limit) {
  const Index m = w.m;
  const int dims = w.num_dims;
  const Real* squashed = w.squashed;
  const Real* d_output = e.d_output;
  const Real* d_state_next = e.d_state_next;
  Real* d_state = e.d_state;
  const Real* in_gate = w.gates;
  const Real* cell = w.gates + (1 + dims) * m;
  const Real* out_gate = w.gates + (2 + dims) * m;
  const Real* in_peep = w.peepholes;
  const Real* out_peep = w.peepholes + (1 + dims) * m;
  Real* d_in = e.deltas;
  Real* d_cell = e.deltas + (1 + dims) * m;
  Real* d_out = e.deltas + (2 + dims) * m;

  RNNLIB_INDEPENDENT
  for (Index i = 0; i < m; ++i) {
    const Real d_out_gate = Logistic::derivative(out_gate[i]) * squashed[i] * d_output[i];
    const Real own = CellOutput::derivative(squashed[i]) * out_gate[i] * d_output[i] + out_peep[i] * d_out_gate;
    const Real ds = clip(own + d_state_next[i], kStateLimit<Real>);
    d_state[i] = ds;
    d_out[i] = clip(d_out_gate, limit);
    d_in[i] = clip(Logistic::derivative(in_gate[i]) * cell[i] * ds, limit);
    d_cell[i] = clip(in_gate[i] * CellInput::derivative(cell[i]) * ds, limit);
  }
  for (int d = 0; d < dims; ++d) {
    const Real* forget = w.gates + (1 + d) * m;
    const Real* peep = w.peepholes + (1 + d) * m;
    const Real* before = w.before + d * m;
    Real* d_forget = e.deltas + (1 + d) * m;
    Real* d_before = e.d_before + d * m;
    RNNLIB_INDEPENDENT
    for (Index i = 0; i < m; ++i) {
      d_forget[i] = clip(Logistic::derivative(forget[i]) * before[i] * d_state[i], limit);
      d_before[i] = forget[i] * d_state[i] + peep[i] * d_forget[i] + in_peep[i] * d_in[i];
    }
  }
}

}  // namespace rnnlib
