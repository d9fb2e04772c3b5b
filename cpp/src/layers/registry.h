// SPDX-License-Identifier: Apache-2.0
// The kinds of layers there are.
#pragma once

#include <memory>
#include <vector>

#include "layers/layer.h"

namespace rnnlib {

struct LayerKind {
  const char* name;
  bool (*is_wanted)(const LayerContext& context);  // by the spec, at this place
  std::unique_ptr<Layer> (*make)(const LayerContext& context);
};

// In the order in which the layers of a level stand on each other, from its input up.
const std::vector<LayerKind>& layer_kinds();

}  // namespace rnnlib
