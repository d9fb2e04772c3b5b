// SPDX-License-Identifier: Apache-2.0
// The words of a labelling: what stands between separators.
#pragma once

#include <vector>

#include "rnnlib/types.h"

namespace rnnlib {

struct WordPlace {
  Index first;  // label
  Index end;    // after its last label
};

// None without a separator (-1). Separators beside each other, or at an end, have no word between them.
inline std::vector<WordPlace> find_words(const std::vector<Index>& labels, Index separator) {
  std::vector<WordPlace> words;
  if (separator < 0) return words;
  Index first = 0;
  for (Index i = 0; i <= static_cast<Index>(labels.size()); ++i) {
    if (i < static_cast<Index>(labels.size()) && labels[static_cast<std::size_t>(i)] != separator) continue;
    if (i > first) words.push_back({first, i});
    first = i + 1;
  }
  return words;
}

}  // namespace rnnlib
