// SPDX-License-Identifier: Apache-2.0
// The search itself: from the labellings that were kept at one point to those of the next.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "decode/beam/prefix_tree.h"
#include "rnnlib/beam.h"

namespace rnnlib {

// Probabilities are scaled, so that the best labelling has about 1 at every point. They have what the scorer added in
// them: all paths of a labelling have the same score, and are weighted by it when the labelling begins.
class BeamSearch {
 public:
  using Node = PrefixTree::Node;

  // A labelling that was kept, with the probability of the paths that end in a blank and of those that do not.
  struct Entry {
    Node node;
    double blank;
    double label;
    double total() const { return blank + label; }
  };

  // `scorer` may be null.
  BeamSearch(const BeamOptions& options, Index units, const Scorer* scorer);

  void begin();
  // The probabilities [units] of the next point.
  void step(const double* point);
  // Gives up labellings that differ from the best in a label that was begun before `oldest`.
  void drop_older(Index oldest);

  const std::vector<Entry>& entries() const { return entries_; }  // never empty
  const Entry& best() const;
  PrefixTree& tree() { return tree_; }
  const PrefixTree& tree() const { return tree_; }
  // What the scorer adds when a labelling ends.
  double finish(Node node);

 private:
  // What may become an entry: one of the entries before, in their order, or a longer labelling.
  struct Candidate {
    Entry entry;
    Node parent;  // of a labelling that has no node yet
    std::int32_t label;
  };
  struct Rank {
    double total;
    std::int32_t candidate;
  };
  struct Label {
    double probability;
    std::int32_t label;
  };

  void pass_blank(double blank);
  void find_labels(const double* point);
  void keep_entries(const double* point);
  void extend_entries();
  template <bool kHasScorer>
  void extend(const Entry& entry);
  double most_of(Node node);
  Node scored_child(Node parent, std::int32_t label);
  double least_total() const;
  void select();
  void rebuild();
  void keep_branch(Node top, Node way, Index oldest);

  BeamOptions options_;
  Index blank_;
  double least_probability_;  // above 0
  double least_share_;        // of the best labelling's probability
  const Scorer* scorer_;
  std::unique_ptr<ScorerRun> scorer_run_;
  PrefixTree tree_;
  std::vector<Entry> entries_;
  Index point_ = 0;
  double scale_ = 1;  // that the next point's probabilities are multiplied with
  // Of a point, kept for their memory.
  std::vector<Label> labels_;  // the most probable first
  std::vector<Candidate> candidates_;
  std::vector<Rank> ranks_;
  std::vector<std::uint8_t> kept_;  // [candidates]
  std::vector<Entry> next_;
  std::vector<Node> left_;
  double bound_ = 0;  // what a longer labelling needs to become an entry
};

}  // namespace rnnlib
