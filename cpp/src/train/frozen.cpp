// SPDX-License-Identifier: Apache-2.0
#include "train/frozen.h"

#include <algorithm>

#include "base/text.h"
#include "rnnlib/error.h"

namespace rnnlib {

std::vector<bool> learning_weights(const NetworkLayout& layout, const std::vector<std::string>& freeze) {
  std::vector<bool> learns(static_cast<std::size_t>(layout.num_weights), true);
  for (const std::string& wanted : freeze) {
    bool found = false;
    for (const Connection& connection : layout.graph.connections) {
      if (connection.name != wanted && connection.target != wanted) continue;
      found = true;
      const auto begin = learns.begin() + static_cast<std::ptrdiff_t>(connection.offset);
      std::fill(begin, begin + static_cast<std::ptrdiff_t>(connection.size()), false);
    }
    if (found) continue;
    std::vector<std::string> all;
    for (const Connection& connection : layout.graph.connections) all.push_back(connection.name);
    for (const LayerInfo& layer : layout.graph.layers) all.push_back(layer.name);
    const std::string nearest = nearest_name(wanted, all);
    throw ConfigError("freeze " + in_quotes(wanted) + ": no layer with weights and no connection is called so" +
                      (nearest.empty() ? "" : "; did you mean " + in_quotes(nearest) + "?"));
  }
  return learns;
}

}  // namespace rnnlib
