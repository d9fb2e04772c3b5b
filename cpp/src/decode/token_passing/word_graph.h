// SPDX-License-Identifier: Apache-2.0
// The labels of a dictionary's words as the nodes that tokens pass through.
#pragma once

#include <cstdint>
#include <vector>

#include "rnnlib/lexicon.h"

namespace rnnlib {

struct WordGraph {
  // Where words begin: those of a class are equally probable, whatever was before.
  struct Gate {
    std::int32_t word_class;
    std::int32_t label;  // the first
  };

  struct Spelling {
    std::int32_t word;  // of the dictionary
    std::int32_t last;  // node of the last label
    std::int32_t exit;  // node after which the next word may begin: the separator's, or the last one
  };

  std::vector<std::int32_t> labels;   // [nodes]
  std::vector<std::int32_t> parents;  // [nodes] the node before, which comes earlier; of a first one -1 - its gate
  std::vector<Gate> gates;            // sorted by class
  std::vector<Spelling> spellings;

  Index num_nodes() const { return static_cast<Index>(labels.size()); }

  // The labels of a spelling.
  std::vector<Index> labels_of(const Spelling& spelling) const;

  std::int32_t add_node(std::int32_t label, std::int32_t parent);
  // The number of a gate, after the gates were set.
  std::int32_t gate(std::int32_t word_class, std::int32_t label) const;
};

// Words that begin alike share their first nodes: all are of the class 0.
WordGraph make_shared_graph(const Lexicon& lexicon);

// Every spelling has nodes of its own; `classes` [words] are the words'.
WordGraph make_separate_graph(const Lexicon& lexicon, const std::vector<std::int32_t>& classes);

}  // namespace rnnlib
