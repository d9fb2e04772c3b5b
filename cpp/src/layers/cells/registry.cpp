// SPDX-License-Identifier: Apache-2.0
// What the rest of the engine asks about types of hidden units, from the registry.
#include "layers/cells/registry.h"

#include "layers/cells/code.h"

#include <optional>
#include <string>

#include "rnnlib/cell_info.h"

namespace rnnlib {

namespace {

// Dims: the number of dimensions, 0 = known at run time only.
template <class Cell, int Dims, class Real>
CellCode<Real> code_of() {
  CellCode<Real> code{};
  code.forward = Cell::template forward<Dims, Real>;
  code.backward = Cell::template backward<Dims, Real>;
  code.peepholes = [](int num_dims, FunctionRef<void(Index, Index, int)> use) { Cell::peepholes(num_dims, use); };
  if constexpr (Cell::kHasState) code.outputs = Cell::template outputs<Real>;
  return code;
}

}  // namespace

template <class Real>
CellCode<Real> cell_code(HiddenType type, int num_dims) {
  CellCode<Real> code{};
  with_cell(type, [&](auto cell) {
    using Cell = decltype(cell);
    code = code_of<Cell, 0, Real>();
    if constexpr (Cell::kPerDims) {
      if (num_dims == 1) code = code_of<Cell, 1, Real>();
      if (num_dims == 2) code = code_of<Cell, 2, Real>();
      if (num_dims == 3) code = code_of<Cell, 3, Real>();
    }
  });
  return code;
}

template CellCode<float> cell_code<float>(HiddenType, int);
template CellCode<double> cell_code<double>(HiddenType, int);

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
