// SPDX-License-Identifier: Apache-2.0
#include "network/packed_weights.h"

#include "base/parallel/loops.h"

namespace rnnlib {

template <class Real>
void PackedWeights<Real>::pack(const NetworkLayout& layout) {
  if (layers.empty()) {
    for (const auto& layer : layout.layers) {
      layers.push_back(layer->make_weights(Real()));
      LayerWeights<Real>* made = layers.back().get();
      for (Index task = 0; made != nullptr && task < made->tasks(); ++task) tasks_.emplace_back(made, task);
    }
  }
  parallel_for(static_cast<Index>(tasks_.size()), [&](Index i, int) {
    const auto& [weights, task] = tasks_[static_cast<std::size_t>(i)];
    weights->pack(task, values.data());
  });
}

template <class Real>
Index PackedWeights<Real>::bytes(const NetworkLayout& layout) {
  Index elements = static_cast<Index>(layout.packed_source.size());
  for (const auto& layer : layout.layers) elements += layer->weight_elements(Real());
  return elements * static_cast<Index>(sizeof(Real)) +
         static_cast<Index>(layout.packed_source.size() * sizeof(std::int32_t) +
                            layout.tied.size() * sizeof(TiedWeight));
}

template struct PackedWeights<float>;
template struct PackedWeights<double>;

}  // namespace rnnlib
