// SPDX-License-Identifier: Apache-2.0
// The two orders of an engine's weights: flat, as the world sees them, and packed.
#include "network/engine.h"

namespace rnnlib {

template <class Real>
std::vector<double> Engine<Real>::to_flat(const Real* packed) const {
  std::vector<double> flat(static_cast<std::size_t>(layout_.num_weights));
  copy_to_flat(packed, flat.data());
  return flat;
}

template <class Real>
void Engine<Real>::reduce_tied(Real* gradient) const {
  for (const TiedWeight& tied : layout_.tied) {
    gradient[tied.owner] += gradient[tied.copy];
    gradient[tied.copy] = 0;
  }
}

template <class Real>
void Engine<Real>::broadcast_tied(Real* gradient) const {
  for (const TiedWeight& tied : layout_.tied) gradient[tied.copy] = gradient[tied.owner];
}

template class Engine<float>;
template class Engine<double>;

}  // namespace rnnlib
