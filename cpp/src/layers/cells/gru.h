// SPDX-License-Identifier: Apache-2.0
// The gated recurrent unit in any number of dimensions (docs/behaviour.md, "Units"). In one dimension it is the unit of
// Cho et al. 2014 ("Learning phrase representations using RNN encoder-decoder") in the form whose reset gate comes
// after the product with the recurrent weights, so that one product per wave is enough.
//
// Gates: reset gates 0..D-1, update gates 0..D-1, what each dimension adds to the candidate 0..D-1 (from recurrent
// connections only), candidate (from the level's input only). The state is the output.
#pragma once

#include <type_traits>

#include "layers/activation.h"
#include "layers/cells/cell.h"
#include "layers/cells/softmax.h"
#include "layers/unit_blocks.h"

namespace rnnlib {

// Units [first, first + Count): the gates but the update gates.
template <int Dims, int Count, class Real>
RNNLIB_INLINE void gru_units_candidate(const CellPoint<Real>& p, Index first) {
  const int dims = Dims > 0 ? Dims : p.num_dims;
  const Index h = p.hidden;
  const Real* net = p.net + first;
  Real* gates = p.gates + first;
  RNNLIB_INDEPENDENT
  for (Index i = 0; i < Count; ++i) {
    Real candidate = net[3 * h * dims + i];
    for (int d = 0; d < dims; ++d) {
      const Real reset = vmath::logistic(net[d * h + i]);
      const Real added = net[(2 * dims + d) * h + i];
      gates[d * h + i] = reset;
      gates[(2 * dims + d) * h + i] = added;
      candidate += reset * added;
    }
    gates[3 * h * dims + i] = vmath::tanh(candidate);
  }
}

// The rest, after that.
template <int Dims, int Count, class Real>
RNNLIB_INLINE void gru_units_output(const CellPoint<Real>& p, Index first) {
  const int dims = Dims > 0 ? Dims : p.num_dims;
  const Index h = p.hidden;
  const Real* update_net = p.net + dims * h + first;
  Real* update_gates = p.gates + dims * h + first;
  const Real* candidates = p.gates + 3 * h * dims + first;
  Real* state = p.state + first;
  Real* output = p.output + first;
  const PointerPerDim<Dims, Real> before(p.before, first);
  RNNLIB_INDEPENDENT
  for (Index i = 0; i < Count; ++i) {
    softmax_beside_zero<Dims>(update_net + i, dims, h, update_gates + i);
    const Real candidate = candidates[i];
    Real y = candidate;
    for (int d = 0; d < dims; ++d) y += update_gates[d * h + i] * (before(d)[i] - candidate);
    state[i] = y;
    output[i] = y;
  }
}

template <int Dims, int Count, class Real>
inline void gru_units_backward(const CellErrors<Real>& p, Index first) {
  const int dims = Dims > 0 ? Dims : p.num_dims;
  const Index h = p.hidden;
  const Real limit = p.limit;
  const Real* gates = p.gates + first;
  const Real* state = p.state + first;
  const Real* d_output = p.d_output + first;
  Real* deltas = p.deltas + first;
  Real* state_error = p.state_error + (dims > 0 ? first : 0);  // without dimensions there is none
  const PointerPerDim<Dims, Real> before(p.before, first);
  const PointerPerDim<Dims, Real> output_after(p.output_after, first);
  const PointerPerDim<Dims, Real> state_after(p.state_after, first);
  Real* output_error = p.output_error + first;
  Real* own_state_error = p.own_state_error + first;
  RNNLIB_INDEPENDENT
  for (Index i = 0; i < Count; ++i) {
    Real error = d_output[i];
    Real propagated = 0;
    Real share = 1;  // of the candidate in the output
    for (int d = 0; d < dims; ++d) {
      error += output_after(d)[i];
      propagated += state_after(d)[i];
      share -= gates[(dims + d) * h + i];
    }
    const Real dy = error + propagated;
    const Real candidate = gates[3 * h * dims + i];
    const Real d_candidate = Tanh::derivative(candidate) * share * dy;
    deltas[3 * h * dims + i] = clip(d_candidate, limit);
    for (int d = 0; d < dims; ++d) {
      const Real reset = gates[d * h + i];
      const Real update = gates[(dims + d) * h + i];
      const Real added = gates[(2 * dims + d) * h + i];
      deltas[d * h + i] = clip(Logistic::derivative(reset) * added * d_candidate, limit);
      deltas[(dims + d) * h + i] = clip(update * (before(d)[i] - state[i]) * dy, limit);
      deltas[(2 * dims + d) * h + i] = clip(reset * d_candidate, limit);
      state_error[d * h + i] = update * dy;
    }
    output_error[i] = error;
    own_state_error[i] = dy;
  }
}

// Units in blocks. With more than three dimensions one by one: code for blocks whose number of dimensions is known at
// run time only is large and no faster.
template <int Dims, class Real, class Use>
void for_gru_units(Index hidden, const Use& use) {
  if constexpr (Dims > 0) {
    for_unit_blocks<Real>(hidden, [&](auto count, Index first, Index) { use(count, first); });
  } else {
    for (Index i = 0; i < hidden; ++i) use(std::integral_constant<int, 1>(), i);
  }
}

struct GruCell : NoPeepholes {
  static constexpr bool kHasState = true;
  static constexpr bool kHasExtra = false;
  static constexpr bool kPerDims = true;
  static constexpr bool kReadsAll = false;

  static CellInfo info(Index num_dims) {
    CellInfo info;
    for (const char* gate : {"reset gate", "update gate", "recurrent candidate"}) {
      for (Index d = 0; d < num_dims; ++d) info.gates.push_back({name_per_dim(gate, d, num_dims)});
    }
    info.gates.push_back({"candidate"});
    info.variables = {
        {"resetGateActs", 0, num_dims}, {"updateGateActs", num_dims, num_dims}, {"candidateActs", 3 * num_dims, 1}};
    return info;
  }

  static bool reads_input(Index num_dims, Index gate) { return gate < 2 * num_dims || gate == 3 * num_dims; }
  static bool reads_before(Index num_dims, Index gate, Index dim) {
    return gate < 2 * num_dims || gate == 2 * num_dims + dim;
  }

  template <int Dims, class Real>
  static void forward(const CellPoint<Real>& point) {
    for_gru_units<Dims, Real>(point.hidden,
                              [&](auto count, Index first) { gru_units_candidate<Dims, count()>(point, first); });
    for_gru_units<Dims, Real>(point.hidden,
                              [&](auto count, Index first) { gru_units_output<Dims, count()>(point, first); });
  }

  template <int Dims, class Real>
  static void backward(const CellErrors<Real>& point) {
    for_gru_units<Dims, Real>(point.hidden,
                              [&](auto count, Index first) { gru_units_backward<Dims, count()>(point, first); });
  }

  template <class Real>
  static const Real* outputs(int, Index, const Real*, const Real* state, const Real*, Real*) {
    return state;
  }
};

}  // namespace rnnlib
