// SPDX-License-Identifier: Apache-2.0
// The labellings of a beam search as a tree: a node is a labelling, its parent the labelling without the last label.
#pragma once

#include <cstdint>
#include <vector>

#include "rnnlib/scorer.h"
#include "rnnlib/types.h"

namespace rnnlib {

// A node is live while it is in the beam or one of its children is live. With a scorer other children of live nodes are
// kept, too, so that the scorer is asked once only. Memory is used again, and grows with the live nodes only.
class PrefixTree {
 public:
  using Node = std::int32_t;
  static constexpr Node kNone = -1;     // no node
  static constexpr Node kRefused = -2;  // the scorer does not allow it

  struct Prefix {
    Node parent;  // kNone: the root
    Node first_child;
    Node next;      // of its parent's children
    Node previous;  // kNone: it is the first child
    std::int32_t label;
    std::int32_t slot;      // its place in the beam; kNone: it is not there
    std::int32_t num_live;  // children
    std::int32_t row;       // of the table of children; kNone: it has none
    Index created;          // the point at which it came into the beam
    double factor;          // e to the power of what the scorer adds for the label
    double score;           // all that the scorer added, from the beginning of the sequence on
    ScorerRun::State state;
    double most;  // e to the power of what the scorer adds at most for a further label; negative: it was not asked yet

    bool is_live() const { return slot != kNone || num_live > 0; }
  };

  // The children of a node are found by a label below `num_labels`.
  explicit PrefixTree(Index num_labels) : num_labels_(static_cast<std::size_t>(num_labels)) {}

  // Only the root is left, which has no label. `scorer` may be null; it is told when a state is no longer needed.
  void begin(ScorerRun* scorer);

  Node root() const { return root_; }
  Prefix& operator[](Node node) { return prefixes_[static_cast<std::size_t>(node)]; }
  const Prefix& operator[](Node node) const { return prefixes_[static_cast<std::size_t>(node)]; }

  // A node, kNone or kRefused.
  Node child(Node node, std::int32_t label) const {
    const std::int32_t row = (*this)[node].row;
    return row == kNone ? kNone : rows_[cell(row, label)];
  }
  Node add(Node parent, std::int32_t label);
  void refuse(Node parent, std::int32_t label) { rows_[cell(make_row(parent), label)] = kRefused; }

  // Into the beam, whose nodes' parents are live; out of it. When some leave and others enter, those enter first.
  void enter(Node node, std::int32_t slot);
  void leave(Node node);

  // The root's only live child; kNone when the root is in the beam or has more.
  Node only_child() const;
  // It becomes the root.
  void advance_root(Node child);

 private:
  std::size_t cell(std::int32_t row, std::int32_t label) const {
    return static_cast<std::size_t>(row) * num_labels_ + static_cast<std::size_t>(label);
  }
  std::int32_t make_row(Node node);
  void drop_children(Node node);  // none of which is live
  void unlink(Node node);
  void free(Node node);

  std::size_t num_labels_;
  ScorerRun* scorer_ = nullptr;
  Node root_ = kNone;
  std::vector<Prefix> prefixes_;
  std::vector<Node> free_prefixes_;
  std::vector<Node> rows_;  // [rows, labels]
  std::vector<std::int32_t> free_rows_;
  std::int32_t num_rows_ = 0;
};

}  // namespace rnnlib
