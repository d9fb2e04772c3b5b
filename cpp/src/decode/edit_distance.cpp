// SPDX-License-Identifier: Apache-2.0
// Edit distance by dynamic programming over prefixes, and RNNLIB's way back through its cells (docs/behaviour.md,
// "CTC").
#include "decode/edit_distance.h"

#include <algorithm>

namespace rnnlib {
namespace {

// Cell (i, j) is the distance of the first i labels of the target and the first j of the output. The cells of a
// diagonal, i + j = k, do not depend on each other: they are filled together, and lie side by side.
class Cells {
 public:
  // numbers [edit_cells()]
  Cells(std::int32_t* numbers, Index target_length) : numbers_(numbers), stride_(target_length + 1) {}
  std::int32_t* diagonal(Index k) const { return numbers_ + k * stride_; }  // by i
  std::int32_t at(Index i, Index j) const { return diagonal(i + j)[i]; }

 private:
  std::int32_t* numbers_;
  Index stride_;
};

void fill_diagonal(const std::int32_t* __restrict before_last, const std::int32_t* __restrict last,
                   const std::int32_t* __restrict target, const std::int32_t* __restrict output, Index first, Index end,
                   std::int32_t* __restrict cells) {
  for (Index i = first; i < end; ++i) {
    const std::int32_t substituted = before_last[i - 1] + (target[i - 1] == output[i] ? 0 : 1);
    const std::int32_t shorter = last[i - 1] < last[i] ? last[i - 1] : last[i];
    cells[i] = substituted < shorter + 1 ? substituted : shorter + 1;
  }
}

Cells fill_cells(const std::int32_t* target, Index target_length, const std::int32_t* output, Index output_length,
                 std::vector<std::int32_t>& numbers) {
  const Index diagonals = target_length + output_length + 1;
  numbers.resize(static_cast<std::size_t>(edit_cells(target_length, output_length)));
  const Cells cells(numbers.data(), target_length);
  std::int32_t* reversed = cells.diagonal(diagonals);  // so that both run with i
  std::reverse_copy(output, output + output_length, reversed);
  for (Index k = 0; k < diagonals; ++k) {
    std::int32_t* row = cells.diagonal(k);
    if (k <= output_length) row[0] = static_cast<std::int32_t>(k);
    if (k <= target_length) row[k] = static_cast<std::int32_t>(k);
    const Index first = std::max<Index>(1, k - output_length);
    const Index end = std::min(target_length + 1, k);
    if (first >= end) continue;
    fill_diagonal(cells.diagonal(k - 2), cells.diagonal(k - 1), target, reversed + (output_length - k), first, end,
                  row);
  }
  return cells;
}

}  // namespace

Index edit_cells(Index target_length, Index output_length) {
  return (target_length + output_length + 1) * (target_length + 1) + output_length;
}

void align(const std::int32_t* target, Index target_length, const std::int32_t* output, Index output_length,
           std::vector<std::int32_t>& numbers, Alignment& alignment) {
  const Cells cells = fill_cells(target, target_length, output, output_length, numbers);
  alignment.substitutions = alignment.deletions = alignment.insertions = 0;
  alignment.edits.clear();

  // From the last cell to the first. A cell exceeds its diagonal neighbour by 0 or 1: a free step, even where the
  // labels differ, or else a substitution, is always possible, and deletions and insertions are left for the borders.
  Index i = target_length;
  Index j = output_length;
  while (i > 0 && j > 0) {
    const std::int32_t distance = cells.at(i, j);
    --i, --j;
    if (distance == cells.at(i, j)) continue;
    ++alignment.substitutions;
    alignment.edits.push_back({EditType::kSubstitution, target[i], output[j]});
  }
  for (; i > 0; --i, ++alignment.deletions) alignment.edits.push_back({EditType::kDeletion, target[i - 1], -1});
  for (; j > 0; --j, ++alignment.insertions) alignment.edits.push_back({EditType::kInsertion, -1, output[j - 1]});
  std::reverse(alignment.edits.begin(), alignment.edits.end());
}

}  // namespace rnnlib
