// SPDX-License-Identifier: Apache-2.0
// Alignment of a label sequence with its target by edit distance (Levenshtein 1966; every edit costs 1).
#pragma once

#include <vector>

#include "rnnlib/types.h"

namespace rnnlib {

enum class EditType { kSubstitution, kDeletion, kInsertion };

struct Edit {
  EditType type;
  std::int32_t target;  // the target's label; -1 for insertions
  std::int32_t output;  // the output's label; -1 for deletions
};

struct EditAlignment {
  Index substitutions = 0;
  Index deletions = 0;      // labels of the target that the output lacks
  Index insertions = 0;     // labels of the output that the target lacks
  std::vector<Edit> edits;  // in the order of the sequences
  Index distance() const { return substitutions + deletions + insertions; }
};

// Numbers that align_edits() needs: not more than some times the lengths, since the way back needs one diagonal only.
Index edit_cells(Index target_length, Index output_length);

// Aligns output [output_length] with target [target_length]. `numbers` is scratch memory.
void align_edits(const std::int32_t* target, Index target_length, const Index* output, Index output_length,
                 std::vector<std::int32_t>& numbers, EditAlignment& alignment);

}  // namespace rnnlib
