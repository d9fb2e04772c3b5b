// SPDX-License-Identifier: Apache-2.0
// The n-grams of a model as a tree, in 12 bytes for those of the highest order and 20 for the others.
#pragma once

#include <cstdint>
#include <vector>

#include "rnnlib/types.h"

namespace rnnlib {

// Node 0 is the empty n-gram. Then come those of one word (node w + 1 is word w), those of two, and so on; within an
// order they are sorted by the node of all words but the last, then by the last word. So the children of a node, the
// n-grams that it begins, lie side by side, and those of the next node follow.
struct NgramTable {
  using Node = std::uint32_t;
  static constexpr Node kRoot = 0;
  static constexpr Node kNone = 0;  // the root is nobody's child

  std::vector<std::uint32_t> words;  // [nodes] the last word
  std::vector<float> log_probs;      // [nodes] natural logarithm, of the last word after the others
  std::vector<Node> links;           // [nodes] the longest n-gram of the model that is a true ending of this one
  std::vector<float> back_offs;      // [nodes below the highest order] natural logarithm
  std::vector<Node> children;        // [nodes below the highest order + 1] the first child
  std::vector<Index> begins;         // [order + 2] the first node of each order, from 0 words on; the last is the end

  Index order() const { return static_cast<Index>(begins.size()) - 2; }
  bool is_of_highest_order(Node node) const { return node >= back_offs.size(); }

  // Of a node below the highest order; kNone when there is no such child.
  Node child(Node node, std::uint32_t word) const {
    if (node == kRoot) return word + 1;
    Node low = children[node];
    Node high = children[node + 1];
    const Node end = high;
    while (low < high) {
      const Node middle = low + (high - low) / 2;
      if (words[middle] < word) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < end && words[low] == word ? low : kNone;
  }

  // The longest n-gram that ends a node's words and by which the next word can be told apart from what shorter ones
  // say of it.
  Node context(Node node) const {
    while (is_of_highest_order(node) ||
           (node != kRoot && back_offs[node] == 0 && children[node] == children[node + 1])) {
      node = links[node];
    }
    return node;
  }
};

}  // namespace rnnlib
