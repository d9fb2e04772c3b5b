// SPDX-License-Identifier: Apache-2.0
// Which of a dictionary's words a whole labelling is read as.
#pragma once

#include <vector>

#include "decode/language/word_scorer.h"

namespace rnnlib {

// The numbers of the words of the labelling's best reading, by the rules and scores of WordRun; empty when it has none.
std::vector<Index> read_words(const WordScorer& scorer, const std::vector<Index>& labels);

}  // namespace rnnlib
