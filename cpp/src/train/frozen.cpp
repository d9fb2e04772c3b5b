// SPDX-License-Identifier: Apache-2.0
#include "train/frozen.h"

#include <algorithm>

#include "base/text.h"
#include "rnnlib/error.h"

namespace rnnlib {

namespace {

bool leads_into(const std::string& connection, const std::string& layer) {
  return ends_with(connection, "_to_" + layer) || connection == layer + "_peepholes" ||
         starts_with(connection, layer + "_to_" + layer + "_delay_");
}

// Of a connection that shares its weights, the one that owns them.
std::string owner_of(const NetworkLayout& layout, const std::string& connection) {
  for (const SharedConnection& shared : layout.shared_connections) {
    if (shared.name == connection) return shared.owner;
  }
  return connection;
}

}  // namespace

std::vector<bool> learning_weights(const NetworkLayout& layout, const std::vector<std::string>& freeze) {
  std::vector<std::string> names;
  for (const Connection& connection : layout.connections) names.push_back(connection.name);
  for (const SharedConnection& shared : layout.shared_connections) names.push_back(shared.name);
  std::vector<bool> learns(static_cast<std::size_t>(layout.num_weights), true);
  for (const std::string& wanted : freeze) {
    bool found = false;
    for (const std::string& name : names) {
      if (name != wanted && !leads_into(name, wanted)) continue;
      found = true;
      const std::string owner = owner_of(layout, name);
      for (const Connection& connection : layout.connections) {
        if (connection.name != owner) continue;
        const auto begin = learns.begin() + static_cast<std::ptrdiff_t>(connection.offset);
        std::fill(begin, begin + static_cast<std::ptrdiff_t>(connection.size()), false);
      }
    }
    if (found) continue;
    std::vector<std::string> all = names;
    for (const LayerInfo& layer : layout.layers) all.push_back(layer.name);
    const std::string nearest = nearest_name(wanted, all);
    throw ConfigError("freeze " + in_quotes(wanted) + ": no layer with weights and no connection is called so" +
                      (nearest.empty() ? "" : "; did you mean " + in_quotes(nearest) + "?"));
  }
  return learns;
}

}  // namespace rnnlib
