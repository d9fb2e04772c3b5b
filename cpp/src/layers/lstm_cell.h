// SPDX-License-Identifier: Apache-2.0
// The multidimensional LSTM cell with peepholes at one point (docs/behaviour.md, "Units"; Graves, Fernandez,
// Schmidhuber 2007).
//
// Gates lie one after another, each with all its units: input gate, forget gates 0..D-1, cell input, output gate.
// Peepholes likewise: input gate, forget gates 0..D-1, output gate.
#pragma once

#include "layers/activation.h"
#include "layers/unit_blocks.h"

namespace rnnlib {

template <class Real>
struct LstmPoint {
  Index hidden;               // H
  int num_dims;               // D
  const Real* net;            // [D + 3, H]
  const Real* peepholes;      // [D + 2, H]
  const Real* const* before;  // [D] states one step back along each dimension, [H] each; zeros at the border
  Real* gates;                // [D + 3, H] activations; not the same as net
  Real* state;                // [H]
  Real* squashed;             // [H] CO(state)
  Real* output;               // [H]
};

template <class Real>
struct LstmPointErrors {
  Index hidden;
  int num_dims;
  const Real* gates;  // [D + 3, H]
  const Real* peepholes;
  const Real* const* before;
  const Real* state;
  const Real* squashed;
  const Real* d_output;             // [H] dE/dy, without what later points add:
  const Real* const* output_after;  // [D] to dE/dy, [H] each; zeros at the border
  const Real* const* state_after;   // [D] to dE/ds
  Real limit;                       // bounds every delta; infinity for gradient checks
  Real* deltas;                     // [D + 3, H]; not the same as gates
  Real* state_error;                // [D, H] what this point adds to dE/ds one step back
  Real* d_peepholes;                // [blocks of units][D + 2][units of a block], added to; or null
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

// The rows of p.before and the like from a unit on; copied where their number is known, so that they stay in registers.
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

// Units [first, first + Count): the gates that do not need the new state. Dims: the number of dimensions, 0 = known at
// run time only.
template <class CellInput, int Dims, int Count, class Real>
RNNLIB_INLINE void lstm_units_gates(const LstmPoint<Real>& p, Index first) {
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
RNNLIB_INLINE void lstm_units_state(const LstmPoint<Real>& p, Index first) {
  const int dims = Dims > 0 ? Dims : p.num_dims;
  const Index h = p.hidden;
  const Real* out_net = p.net + (2 + dims) * h + first;
  const Real* out_peepholes = p.peepholes + (1 + dims) * h + first;
  Real* gates = p.gates + first;
  Real* state = p.state + first;
  Real* squashed = p.squashed + first;
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
inline void lstm_units_backward(const LstmPointErrors<Real>& p, Index first, Index block) {
  const int dims = Dims > 0 ? Dims : p.num_dims;
  const Index h = p.hidden;
  const Real limit = p.limit;
  const Real* gates = p.gates + first;
  const Real* peepholes = p.peepholes + first;
  const Real* state = p.state + first;
  const Real* squashed = p.squashed + first;
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
    Real carried = 0;
    for (int d = 0; d < dims; ++d) {
      error += output_after(d)[i];
      carried += state_after(d)[i];
    }
    const Real in_gate = gates[i];
    const Real cell = gates[(1 + dims) * h + i];
    const Real out_gate = gates[(2 + dims) * h + i];
    const Real d_out = Logistic::derivative(out_gate) * squashed[i] * error;
    const Real own = CellOutput::derivative(squashed[i]) * out_gate * error + peepholes[(1 + dims) * h + i] * d_out;
    const Real ds = clip(own + carried, kStateLimit<Real>);
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

// Many units in two passes: the chain from the net inputs to the output is so long that a processor would not have two
// vectors under way at a time.
template <class CellInput, class CellOutput, int Dims, class Real>
void lstm_forward(const LstmPoint<Real>& point) {
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

template <class CellInput, class CellOutput, int Dims, class Real>
void lstm_backward(const LstmPointErrors<Real>& point) {
  for_unit_blocks<Real>(point.hidden, [&](auto count, Index first, Index block) {
    if (point.d_peepholes != nullptr) {
      lstm_units_backward<CellInput, CellOutput, Dims, count(), true>(point, first, block);
    } else {
      lstm_units_backward<CellInput, CellOutput, Dims, count(), false>(point, first, block);
    }
  });
}

// For traces: what the gates see beside the connections, added to their net inputs. net [D + 3, H]
template <class Real>
void add_peepholes(const LstmPoint<Real>& p, Real* net) {
  const Index h = p.hidden;
  const Index dims = p.num_dims;
  for (Index i = 0; i < h; ++i) {
    for (Index d = 0; d < dims; ++d) {
      net[i] += p.peepholes[i] * p.before[d][i];
      net[(1 + d) * h + i] += p.peepholes[(1 + d) * h + i] * p.before[d][i];
    }
    net[(2 + dims) * h + i] += p.peepholes[(1 + dims) * h + i] * p.state[i];
  }
}

// Calls use(CellInput{}, CellOutput{}, number of dimensions as a constant, 0 for those that have no code of their own).
template <class Use>
void with_lstm(HiddenType type, int num_dims, const Use& use) {
  const auto with_dims = [&](auto input, auto output) {
    switch (num_dims) {
      case 1:
        return use(input, output, std::integral_constant<int, 1>());
      case 2:
        return use(input, output, std::integral_constant<int, 2>());
      case 3:
        return use(input, output, std::integral_constant<int, 3>());
      default:
        return use(input, output, std::integral_constant<int, 0>());
    }
  };
  switch (type) {
    case HiddenType::kLinearLstm:
      return with_dims(Tanh{}, Identity{});
    case HiddenType::kSoftsignLstm:
      return with_dims(Softsign{}, Softsign{});
    default:
      return with_dims(Tanh{}, Tanh{});
  }
}

}  // namespace rnnlib
