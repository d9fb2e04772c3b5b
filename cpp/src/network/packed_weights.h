// SPDX-License-Identifier: Apache-2.0
// A network's weights as sequences run through them.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "network/layout.h"

namespace rnnlib {

// All weights in the packed order, and those of the layers as their products read them.
template <class Real>
struct PackedWeights {
  Buffer<Real> values;
  std::vector<std::unique_ptr<LayerWeights<Real>>> layers;  // like layout.layers; null where a layer needs none

  // After `values` changed; on the threads of the caller's team.
  void pack(const NetworkLayout& layout);

  // Bytes of the weights in all these orders, and of the map between the packed and the flat order.
  static Index bytes(const NetworkLayout& layout);

 private:
  std::vector<std::pair<LayerWeights<Real>*, Index>> tasks_;  // of all layers
};

}  // namespace rnnlib
