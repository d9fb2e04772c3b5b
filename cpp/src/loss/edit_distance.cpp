// SPDX-License-Identifier: Apache-2.0
// Edit distance by dynamic programming over prefixes, and RNNLIB's way back through its cells (docs/behaviour.md,
// "CTC").
#include "loss/edit_distance.h"

#include <algorithm>
#include <cstdlib>

namespace rnnlib {
namespace {

// Cell (i, j) is the distance of the first i labels of the target and the first j of the output. The cells of a
// diagonal, i + j = k, do not depend on each other: they are filled together, lie side by side, and are kept as long as
// the next two diagonals need them.
void fill_diagonal(const std::int32_t* __restrict before_last, const std::int32_t* __restrict last,
                   const std::int32_t* __restrict target, const std::int32_t* __restrict output, Index first, Index end,
                   std::int32_t* __restrict cells) {
  for (Index i = first; i < end; ++i) {
    const std::int32_t substituted = before_last[i - 1] + (target[i - 1] == output[i] ? 0 : 1);
    const std::int32_t shorter = last[i - 1] < last[i] ? last[i - 1] : last[i];
    cells[i] = substituted < shorter + 1 ? substituted : shorter + 1;
  }
}

// Cells (i, j) for which i - j is target_length - output_length, by the smaller of i and j.
std::int32_t* fill_cells(const std::int32_t* target, Index target_length, const Index* output, Index output_length,
                         std::vector<std::int32_t>& numbers) {
  numbers.resize(static_cast<std::size_t>(edit_cells(target_length, output_length)));
  const Index stride = target_length + 1;
  const auto diagonal = [&](Index k) { return numbers.data() + k % 3 * stride; };  // by i
  std::int32_t* reversed = numbers.data() + 3 * stride;                            // so that both run with i
  std::int32_t* kept = reversed + output_length;
  for (Index j = 0; j < output_length; ++j) reversed[output_length - 1 - j] = static_cast<std::int32_t>(output[j]);
  const Index difference = target_length - output_length;
  for (Index k = 0; k <= target_length + output_length; ++k) {
    std::int32_t* row = diagonal(k);
    if (k <= output_length) row[0] = static_cast<std::int32_t>(k);
    if (k <= target_length) row[k] = static_cast<std::int32_t>(k);
    const Index first = std::max<Index>(1, k - output_length);
    const Index end = std::min(target_length + 1, k);
    if (first < end) {  // k + 1 and k + 2 lie where k - 2 and k - 1 were
      fill_diagonal(diagonal(k + 1), diagonal(k + 2), target, reversed + (output_length - k), first, end, row);
    }
    const Index least = k - std::abs(difference);  // twice the smaller of i and j
    if (least >= 0 && least % 2 == 0) kept[least / 2] = row[(k + difference) / 2];
  }
  return kept;
}

}  // namespace

Index edit_cells(Index target_length, Index output_length) {
  return 3 * (target_length + 1) + output_length + std::min(target_length, output_length) + 1;
}

void align_edits(const std::int32_t* target, Index target_length, const Index* output, Index output_length,
                 std::vector<std::int32_t>& numbers, EditAlignment& alignment) {
  const std::int32_t* kept = fill_cells(target, target_length, output, output_length, numbers);
  alignment.substitutions = alignment.deletions = alignment.insertions = 0;
  alignment.edits.clear();

  // From the last cell to the first. A cell exceeds its diagonal neighbour by 0 or 1: a free step, even where the
  // labels differ, or else a substitution, is always possible, and deletions and insertions are left for the borders.
  Index i = target_length;
  Index j = output_length;
  for (Index least = std::min(i, j); least > 0; --least) {
    --i, --j;
    if (kept[least] == kept[least - 1]) continue;
    ++alignment.substitutions;
    alignment.edits.push_back({EditType::kSubstitution, target[i], static_cast<std::int32_t>(output[j])});
  }
  for (; i > 0; --i, ++alignment.deletions) alignment.edits.push_back({EditType::kDeletion, target[i - 1], -1});
  for (; j > 0; --j, ++alignment.insertions)
    alignment.edits.push_back({EditType::kInsertion, -1, static_cast<std::int32_t>(output[j - 1])});
  std::reverse(alignment.edits.begin(), alignment.edits.end());
}

}  // namespace rnnlib
