// SPDX-License-Identifier: Apache-2.0
// The multidimensional LSTM cell with peepholes (docs/behaviour.md, "Units"; Graves, Fernandez, Schmidhuber 2007).
//
// Gates: input gate, forget gates 0..D-1, cell input, output gate. Peepholes: input gate, forget gates 0..D-1, output
// gate. `extra` holds the squashed state CO(state).
#pragma once

#include "layers/activation.h"
#include "layers/cells/cell.h"
#include "layers/unit_blocks.h"

namespace rnnlib {

// Units [first, first + Count): the gates that do not need the new state. Dims: the number of dimensions, 0 = known at
// run time only.
template <class CellInput, int Dims, int Count, class Real>
RNNLIB_INLINE void lstm_units_gates(const CellPoint<Real>& p, Index first) {
  const int dims = Dims > 0 ? Dims : p.num_dims;
  const Index h = p.hidden;
  const Real* net = p.net + first;
  const Real* peepholes = p.peepholes + first;
  Real* gates = p.gates + first;
  const PointerPerDim<Dims, Real> before(p.before, first);
  RNNLIB_INDEPENDENT
  for (Index i = 0; i < Count; ++i) {
    Real in_net = net[i];
    for (int d = 0; d < dims; ++d) {
      const Real s_before = before(d)[i];
      in_net += peepholes[i] * s_before;
      gates[(1 + d) * h + i] = vmath::logistic(net[(1 + d) * h + i] + peepholes[(1 + d) * h + i] * s_before);
    }
    gates[i] = vmath::logistic(in_net);
    gates[(1 + dims) * h + i] = CellInput::value(net[(1 + dims) * h + i]);
  }
}

// The rest, after the gates.
template <class CellOutput, int Dims, int Count, class Real>
RNNLIB_INLINE void lstm_units_state(const CellPoint<Real>& p, Index first) {
  const int dims = Dims > 0 ? Dims : p.num_dims;
  const Index h = p.hidden;
  const Real* out_net = p.net + (2 + dims) * h + first;
  const Real* out_peepholes = p.peepholes + (1 + dims) * h + first;
  Real* gates = p.gates + first;
  Real* state = p.state + first;
  Real* squashed = p.extra + first;
  Real* output = p.output + first;
  const PointerPerDim<Dims, Real> before(p.before, first);
  RNNLIB_INDEPENDENT
  for (Index i = 0; i < Count; ++i) {
    Real s = gates[i] * gates[(1 + dims) * h + i];
    for (int d = 0; d < dims; ++d) s += gates[(1 + d) * h + i] * before(d)[i];
    s = clip(s, kStateLimit<Real>);
    const Real out_gate = vmath::logistic(out_net[i] + out_peepholes[i] * s);
    const Real squash = CellOutput::value(s);
    gates[(2 + dims) * h + i] = out_gate;
    state[i] = s;
    squashed[i] = squash;
    output[i] = out_gate * squash;
  }
}

template <class CellInput, class CellOutput, int Dims, int Count, bool Peepholes, class Real>
inline void lstm_units_backward(const CellErrors<Real>& p, Index first, Index block) {
  const int dims = Dims > 0 ? Dims : p.num_dims;
  const Index h = p.hidden;
  const Real limit = p.limit;
  const Real* gates = p.gates + first;
  const Real* peepholes = p.peepholes + first;
  const Real* state = p.state + first;
  const Real* squashed = p.extra + first;
  const Real* d_output = p.d_output + first;
  Real* deltas = p.deltas + first;
  Real* state_error = p.state_error + (dims > 0 ? first : 0);  // without dimensions there is none
  constexpr Index kCount = Count;
  Real* d_peepholes = Peepholes ? p.d_peepholes + block * (dims + 2) * kCount : nullptr;
  const PointerPerDim<Dims, Real> before(p.before, first);
  const PointerPerDim<Dims, Real> output_after(p.output_after, first);
  const PointerPerDim<Dims, Real> state_after(p.state_after, first);
  Real* output_error = p.output_error + first;
  Real* own_state_error = p.own_state_error + first;
  RNNLIB_INDEPENDENT
  for (Index i = 0; i < Count; ++i) {
    Real error = d_output[i];
    Real propagated = 0;
    for (int d = 0; d < dims; ++d) {
      error += output_after(d)[i];
      propagated += state_after(d)[i];
    }
    const Real in_gate = gates[i];
    const Real cell = gates[(1 + dims) * h + i];
    const Real out_gate = gates[(2 + dims) * h + i];
    const Real d_out = Logistic::derivative(out_gate) * squashed[i] * error;
    const Real own = CellOutput::derivative(squashed[i]) * out_gate * error + peepholes[(1 + dims) * h + i] * d_out;
    const Real ds = clip(own + propagated, kStateLimit<Real>);
    const Real d_in = clip(Logistic::derivative(in_gate) * cell * ds, limit);
    const Real d_out_clipped = clip(d_out, limit);
    deltas[i] = d_in;
    deltas[(1 + dims) * h + i] = clip(in_gate * CellInput::derivative(cell) * ds, limit);
    deltas[(2 + dims) * h + i] = d_out_clipped;
    Real in_peephole = 0;
    for (int d = 0; d < dims; ++d) {
      const Real s_before = before(d)[i];
      const Real forget = gates[(1 + d) * h + i];
      const Real d_forget = clip(Logistic::derivative(forget) * s_before * ds, limit);
      deltas[(1 + d) * h + i] = d_forget;
      state_error[d * h + i] = forget * ds + peepholes[(1 + d) * h + i] * d_forget + peepholes[i] * d_in;
      if (Peepholes) {
        d_peepholes[(1 + d) * kCount + i] += d_forget * s_before;
        in_peephole += s_before;
      }
    }
    if (Peepholes) {
      d_peepholes[i] += d_in * in_peephole;
      d_peepholes[(1 + dims) * kCount + i] += d_out_clipped * state[i];
    }
    output_error[i] = error;
    own_state_error[i] = ds;
  }
}

// CellInput, CellOutput: what squashes the cell's input and its state.
template <class CellInput, class CellOutput>
struct LstmCell : ReadsAll {
  static constexpr bool kHasState = true;
  static constexpr bool kHasExtra = true;
  static constexpr bool kPerDims = true;

  static CellInfo info(Index num_dims) {
    CellInfo info;
    info.gates.push_back({"input gate"});
    for (Index d = 0; d < num_dims; ++d) info.gates.push_back({name_per_dim("forget gate", d, num_dims)});
    for (const Gate& gate : info.gates) info.peepholes.push_back(gate.name);
    info.gates.push_back({"cell"});
    info.gates.push_back({"output gate"});
    info.peepholes.push_back("output gate");
    info.variables = {{"inGateActs", 0, 1}, {"forgetGateActs", 1, num_dims}, {"outGateActs", num_dims + 2, 1}};
    return info;
  }

  template <class Use>
  static void peepholes(int num_dims, const Use& use) {
    for (int d = 0; d < num_dims; ++d) {
      use(0, 0, d);
      use(1 + d, 1 + d, d);
    }
    use(1 + num_dims, 2 + num_dims, -1);
  }

  template <int Dims, class Real>
  static void forward(const CellPoint<Real>& point);
  template <int Dims, class Real>
  static void backward(const CellErrors<Real>& point);

  // gates [D + 3, n], the others [n]
  template <class Real>
  static const Real* outputs(int num_dims, Index n, const Real* gates, const Real*, const Real* squashed,
                             Real* output) {
    const Real* out_gate = gates + (2 + num_dims) * n;
    RNNLIB_INDEPENDENT
    for (Index i = 0; i < n; ++i) output[i] = out_gate[i] * squashed[i];
    return output;
  }
};

// Many units in two passes: the chain from the net inputs to the output is so long that a processor would not have two
// vectors under way at a time.
template <class CellInput, class CellOutput>
template <int Dims, class Real>
void LstmCell<CellInput, CellOutput>::forward(const CellPoint<Real>& point) {
  if (point.hidden <= kVectorLanes<Real>) {
    for_unit_blocks<Real>(point.hidden, [&](auto count, Index first, Index) {
      lstm_units_gates<CellInput, Dims, count()>(point, first);
      lstm_units_state<CellOutput, Dims, count()>(point, first);
    });
    return;
  }
  for_unit_blocks<Real>(
      point.hidden, [&](auto count, Index first, Index) { lstm_units_gates<CellInput, Dims, count()>(point, first); });
  for_unit_blocks<Real>(
      point.hidden, [&](auto count, Index first, Index) { lstm_units_state<CellOutput, Dims, count()>(point, first); });
}

template <class CellInput, class CellOutput>
template <int Dims, class Real>
void LstmCell<CellInput, CellOutput>::backward(const CellErrors<Real>& point) {
  for_unit_blocks<Real>(point.hidden, [&](auto count, Index first, Index block) {
    if (point.d_peepholes != nullptr) {
      lstm_units_backward<CellInput, CellOutput, Dims, count(), true>(point, first, block);
    } else {
      lstm_units_backward<CellInput, CellOutput, Dims, count(), false>(point, first, block);
    }
  });
}

}  // namespace rnnlib
