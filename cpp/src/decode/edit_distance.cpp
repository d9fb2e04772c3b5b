// SPDX-License-Identifier: Apache-2.0
// Edit distance by dynamic programming over prefixes, and RNNLIB's way back through its cells (spec section 5).
#include "decode/edit_distance.h"

#include <algorithm>

namespace rnnlib {
namespace {

// cells [target_length + 1, output_length + 1]: the distance of each pair of prefixes.
void fill_cells(const std::int32_t* target, Index target_length, const std::int32_t* output, Index output_length,
                std::vector<std::int32_t>& cells) {
  const Index stride = output_length + 1;
  cells.resize(static_cast<std::size_t>((target_length + 1) * stride));
  for (Index j = 0; j <= output_length; ++j) cells[static_cast<std::size_t>(j)] = static_cast<std::int32_t>(j);
  for (Index i = 1; i <= target_length; ++i) {
    const std::int32_t* above = cells.data() + (i - 1) * stride;
    std::int32_t* row = cells.data() + i * stride;
    row[0] = static_cast<std::int32_t>(i);
    for (Index j = 1; j <= output_length; ++j) {
      const std::int32_t diagonal = above[j - 1] + (target[i - 1] == output[j - 1] ? 0 : 1);
      row[j] = std::min(diagonal, std::min(above[j], row[j - 1]) + 1);
    }
  }
}

}  // namespace

void align(const std::int32_t* target, Index target_length, const std::int32_t* output, Index output_length,
           std::vector<std::int32_t>& cells, Alignment& alignment) {
  fill_cells(target, target_length, output, output_length, cells);
  alignment.substitutions = alignment.deletions = alignment.insertions = 0;
  alignment.edits.clear();

  // From the last cell to the first. A cell exceeds its diagonal neighbour by 0 or 1: a free step, even where the
  // labels differ, or else a substitution, is always possible, and deletions and insertions are left for the borders.
  const Index stride = output_length + 1;
  Index i = target_length;
  Index j = output_length;
  while (i > 0 && j > 0) {
    const std::int32_t* cell = cells.data() + i * stride + j;
    --i, --j;
    if (*cell == cell[-stride - 1]) continue;
    ++alignment.substitutions;
    alignment.edits.push_back({EditType::kSubstitution, target[i], output[j]});
  }
  for (; i > 0; --i, ++alignment.deletions) alignment.edits.push_back({EditType::kDeletion, target[i - 1], -1});
  for (; j > 0; --j, ++alignment.insertions) alignment.edits.push_back({EditType::kInsertion, -1, output[j - 1]});
  std::reverse(alignment.edits.begin(), alignment.edits.end());
}

}  // namespace rnnlib
