// SPDX-License-Identifier: Apache-2.0
// Nodes and rows of children lie in two arrays; those that are free are used first.
#include "decode/beam/prefix_tree.h"

#include <algorithm>

namespace rnnlib {

void PrefixTree::begin(ScorerRun* scorer) {
  scorer_ = scorer;
  prefixes_.clear();
  free_prefixes_.clear();
  free_rows_.clear();
  num_rows_ = 0;
  root_ = 0;
  prefixes_.push_back({kNone, kNone, kNone, kNone, kNone, kNone, 0, kNone, 0, 1, 0, 0, -1});
  if (scorer_ != nullptr) prefixes_[0].state = scorer_->start();
}

std::int32_t PrefixTree::make_row(Node node) {
  std::int32_t row = (*this)[node].row;
  if (row != kNone) return row;
  if (free_rows_.empty()) {
    row = num_rows_++;
    const std::size_t needed = static_cast<std::size_t>(num_rows_) * num_labels_;
    if (rows_.size() < needed) rows_.resize(std::max(needed, 2 * rows_.size()));
  } else {
    row = free_rows_.back();
    free_rows_.pop_back();
  }
  std::fill_n(rows_.begin() + static_cast<std::ptrdiff_t>(cell(row, 0)), num_labels_, kNone);
  (*this)[node].row = row;
  return row;
}

PrefixTree::Node PrefixTree::add(Node parent, std::int32_t label) {
  Node node = static_cast<Node>(prefixes_.size());
  if (free_prefixes_.empty()) {
    prefixes_.emplace_back();
  } else {
    node = free_prefixes_.back();
    free_prefixes_.pop_back();
  }
  rows_[cell(make_row(parent), label)] = node;
  Prefix& above = (*this)[parent];
  (*this)[node] = {parent, kNone, above.first_child, kNone, label, kNone, 0, kNone, 0, 1, 0, 0, -1};
  if (above.first_child != kNone) (*this)[above.first_child].previous = node;
  above.first_child = node;
  return node;
}

void PrefixTree::enter(Node node, std::int32_t slot) {
  Prefix& prefix = (*this)[node];
  if (!prefix.is_live() && prefix.parent != kNone) ++(*this)[prefix.parent].num_live;
  prefix.slot = slot;
}

void PrefixTree::leave(Node node) {
  (*this)[node].slot = kNone;
  while (node != root_ && !(*this)[node].is_live()) {
    const Node parent = (*this)[node].parent;
    drop_children(node);
    --(*this)[parent].num_live;
    if (scorer_ == nullptr) {
      unlink(node);
      free(node);
    }
    node = parent;
  }
}

PrefixTree::Node PrefixTree::only_child() const {
  const Prefix& root = (*this)[root_];
  if (root.slot != kNone || root.num_live != 1) return kNone;
  Node child = root.first_child;
  while (!(*this)[child].is_live()) child = (*this)[child].next;
  return child;
}

void PrefixTree::advance_root(Node child) {
  const Node old = root_;
  unlink(child);
  (*this)[child].parent = kNone;
  root_ = child;
  drop_children(old);
  free(old);
}

void PrefixTree::drop_children(Node node) {
  for (Node child = (*this)[node].first_child; child != kNone;) {
    const Node next = (*this)[child].next;
    free(child);
    child = next;
  }
  Prefix& prefix = (*this)[node];
  prefix.first_child = kNone;
  if (prefix.row != kNone) free_rows_.push_back(prefix.row);
  prefix.row = kNone;
}

void PrefixTree::unlink(Node node) {
  const Prefix& prefix = (*this)[node];
  rows_[cell((*this)[prefix.parent].row, prefix.label)] = kNone;
  if (prefix.next != kNone) (*this)[prefix.next].previous = prefix.previous;
  if (prefix.previous != kNone) {
    (*this)[prefix.previous].next = prefix.next;
  } else {
    (*this)[prefix.parent].first_child = prefix.next;
  }
}

void PrefixTree::free(Node node) {
  if (scorer_ != nullptr) scorer_->forget((*this)[node].state);
  free_prefixes_.push_back(node);
}

}  // namespace rnnlib
