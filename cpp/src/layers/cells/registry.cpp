// SPDX-License-Identifier: Apache-2.0
// What the rest of the engine asks about types of hidden units, from the registry.
#include "layers/cells/registry.h"

#include <optional>
#include <string>

#include "rnnlib/cell_info.h"

namespace rnnlib {

CellInfo cell_info(HiddenType type, Index num_dims) {
  std::optional<CellInfo> found;
  for_each_cell([&](HiddenType row, CellNames names, auto cell) {
    if (row != type) return;
    found = cell.info(num_dims);
    found->type = type;
    found->name = names.name;
    found->has_state = cell.kHasState;
    for (std::size_t g = 0; g < found->gates.size(); ++g) {
      const Index gate = static_cast<Index>(g);
      found->gates[g].reads_input = cell.reads_input(num_dims, gate);
      for (Index d = 0; d < num_dims; ++d) {
        found->gates[g].reads_before.push_back(cell.reads_before(num_dims, gate, d));
      }
    }
  });
  if (!found) throw ConfigError("the hidden type is none of those there are");
  return *found;
}

std::vector<HiddenTypeName> hidden_type_names() {
  std::vector<HiddenTypeName> all;
  for_each_cell([&](HiddenType type, CellNames names, auto cell) {
    all.push_back({type, names.name, cell.kHasState});
    if (names.other != nullptr) all.push_back({type, names.other, cell.kHasState});
  });
  return all;
}

}  // namespace rnnlib
