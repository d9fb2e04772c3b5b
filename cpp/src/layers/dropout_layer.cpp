// SPDX-License-Identifier: Apache-2.0
#include "layers/dropout_layer.h"

#include <cmath>

#include "base/mix.h"

namespace rnnlib {

template <class Real>
DropoutState<Real>::DropoutState(const DropoutLayer& layer) : LayerState<Real>(layer), level_(layer.level) {}

template <class Real>
void DropoutState<Real>::forward(const Pass<Real>& pass, const LayerWeights<Real>*, const Real* input, Real* output) {
  drop(pass.dropout, input, output);
}

template <class Real>
void DropoutState<Real>::backward(const Pass<Real>& pass, const LayerWeights<Real>*, const LayerRows<Real>& rows,
                                  Real*) {
  if (rows.d_input != nullptr) drop(pass.dropout, rows.d_output, rows.d_input);
}

// Numbers of the rows, or their errors. Which are dropped depends on the sequence's seed and on nothing else: not on
// the batch that it runs in.
template <class Real>
void DropoutState<Real>::drop(const Dropout& dropout, const Real* from, Real* to) const {
  const std::uint64_t least = static_cast<std::uint64_t>(std::ldexp(dropout.rate, 64));  // rate < 1
  const Real scale = static_cast<Real>(1 / (1 - dropout.rate));
  const BatchShape& batch = this->input_batch_;
  const Index size = this->layer_.input_size();
  for (std::size_t s = 0; s < batch.shapes.size(); ++s) {
    const std::uint64_t seed = derive_seed(dropout.seeds[s], level_, 0);
    const Index first = batch.offsets[s] * size;
    const Index count = num_points(batch.shapes[s]) * size;
    for (Index k = 0; k < count; ++k) {
      const std::uint64_t bits = mix_bits(seed + kGoldenGamma * static_cast<std::uint64_t>(k));
      to[first + k] = bits < least ? Real(0) : from[first + k] * scale;
    }
  }
}

template class DropoutState<float>;
template class DropoutState<double>;

}  // namespace rnnlib
