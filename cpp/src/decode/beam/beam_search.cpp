// SPDX-License-Identifier: Apache-2.0
// A point of the search. Labellings that were kept find their parent among those that were kept, so that paths which
// reach them by their last label are added without looking anything up.
#include "decode/beam/beam_search.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/numbers.h"
#include "rnnlib/error.h"
#include "tensor/reduce.h"

namespace rnnlib {
namespace {

// A labelling that is further behind than doubles reach is lost anyway.
constexpr double kMostNats = 600;
constexpr double kLeast = 1e-260;  // about e to the power of -kMostNats
constexpr double kNever = -std::numeric_limits<double>::infinity();

double checked(double added) {
  if (added <= std::numeric_limits<double>::max()) return added;
  throw DataError("a scorer added " + number_text(added) + "; expected a number, or -inf for what is not allowed");
}

}  // namespace

BeamSearch::BeamSearch(const BeamOptions& options, Index units, const Scorer* scorer)
    : options_(options),
      blank_(units - 1),
      least_probability_(std::max(options.min_probability, std::numeric_limits<double>::denorm_min())),
      least_share_(std::exp(-std::min(options.beam_threshold, kMostNats))),
      scorer_(scorer),
      tree_(units) {}

void BeamSearch::begin() {
  if (scorer_ != nullptr) scorer_run_ = scorer_->begin();
  tree_.begin(scorer_run_.get());
  tree_.enter(tree_.root(), 0);
  entries_.assign(1, {tree_.root(), 1, 0});
  point_ = 0;
  scale_ = 1;
}

void BeamSearch::step(const double* point) {
  const double blank = point[blank_];
  if (blank > options_.blank_threshold) {
    pass_blank(blank);
  } else {
    find_labels(point);
    keep_entries(point);
    extend_entries();
    select();
    rebuild();
  }
  ++point_;
}

// Every path goes on by a blank, which changes no order.
void BeamSearch::pass_blank(double blank) {
  double best = 0;
  for (Entry& entry : entries_) {
    entry = {entry.node, entry.total() * scale_ * blank, 0};
    best = std::max(best, entry.blank);
  }
  scale_ = 1 / best;
}

void BeamSearch::find_labels(const double* point) {
  labels_.clear();
  for (Index k = 0; k < blank_; ++k) {
    // Most of the units are passed over, some at a time.
    if (k + kLanes <= blank_ && largest(point + k, kLanes) < least_probability_) {
      k += kLanes - 1;
    } else if (point[k] >= least_probability_) {
      labels_.push_back({point[k] * scale_, static_cast<std::int32_t>(k)});
    }
  }
  std::sort(labels_.begin(), labels_.end(), [](const Label& a, const Label& b) {
    return a.probability > b.probability || (a.probability == b.probability && a.label < b.label);
  });
}

// The entries with no new label: their last one goes on, their parent's paths reach it, or a blank follows.
void BeamSearch::keep_entries(const double* point) {
  candidates_.clear();
  ranks_.clear();
  const double blank = point[blank_] * scale_;
  for (const Entry& entry : entries_) {
    const PrefixTree::Prefix& prefix = tree_[entry.node];
    Candidate next{{entry.node, entry.total() * blank, 0}, PrefixTree::kNone, prefix.label};
    if (prefix.label != PrefixTree::kNone) {
      double before = entry.label;
      if (prefix.parent != PrefixTree::kNone && tree_[prefix.parent].slot != PrefixTree::kNone) {
        const Entry& parent = entries_[static_cast<std::size_t>(tree_[prefix.parent].slot)];
        const bool repeats = tree_[prefix.parent].label == prefix.label;
        before += (repeats ? parent.blank : parent.total()) * prefix.factor;
      }
      next.entry.label = before * point[prefix.label] * scale_;
    }
    ranks_.push_back({next.entry.total(), static_cast<std::int32_t>(candidates_.size())});
    candidates_.push_back(next);
  }
}

// Longer labellings need more than this: what the last of a full beam has, or the least share of the best.
double BeamSearch::least_total() const {
  double best = 0;
  double worst = std::numeric_limits<double>::infinity();
  for (const Rank& rank : ranks_) {
    best = std::max(best, rank.total);
    worst = std::min(worst, rank.total);
  }
  const bool is_full = static_cast<Index>(ranks_.size()) >= options_.width;
  return std::max(is_full ? worst : 0, best * least_share_);
}

void BeamSearch::extend_entries() {
  bound_ = least_total();
  for (const Entry& entry : entries_) {
    if (scorer_ == nullptr) {
      extend<false>(entry);
    } else {
      extend<true>(entry);
    }
  }
}

template <bool kHasScorer>
void BeamSearch::extend(const Entry& entry) {
  const std::int32_t own = tree_[entry.node].label;
  const double total = entry.total();
  const double most = kHasScorer ? total * most_of(entry.node) : total;
  for (const Label& label : labels_) {
    double gained = label.probability * (label.label == own ? entry.blank : total);
    if (label.probability * most < bound_) break;
    if (!kHasScorer && gained <= bound_) continue;
    Node child = tree_.child(entry.node, label.label);
    if constexpr (kHasScorer) {
      if (child == PrefixTree::kNone) child = scored_child(entry.node, label.label);
      if (child == PrefixTree::kRefused) continue;
      gained *= tree_[child].factor;
      if (gained <= bound_) continue;
    }
    if (child != PrefixTree::kNone && tree_[child].slot != PrefixTree::kNone) continue;  // keep_entries() has it
    ranks_.push_back({gained, static_cast<std::int32_t>(candidates_.size())});
    candidates_.push_back({{child, 0, gained}, entry.node, label.label});
  }
}

// What further labels are multiplied with at most.
double BeamSearch::most_of(Node node) {
  PrefixTree::Prefix& prefix = tree_[node];
  if (prefix.most < 0) prefix.most = std::exp(scorer_run_->most(prefix.state));
  return prefix.most;
}

BeamSearch::Node BeamSearch::scored_child(Node parent, std::int32_t label) {
  ScorerRun::State state = 0;
  const double added = checked(scorer_run_->extend(tree_[parent].state, label, state));
  if (added == kNever) {
    tree_.refuse(parent, label);
    return PrefixTree::kRefused;
  }
  const Node child = tree_.add(parent, label);
  PrefixTree::Prefix& prefix = tree_[child];
  prefix.state = state;
  prefix.factor = std::exp(std::min(added, kMostNats));
  prefix.score = tree_[parent].score + added;
  return child;
}

// Marks those that stay. Of equals the first ones do, whatever the order of the ranks is.
void BeamSearch::select() {
  const auto is_better = [](const Rank& a, const Rank& b) {
    return a.total > b.total || (a.total == b.total && a.candidate < b.candidate);
  };
  if (static_cast<Index>(ranks_.size()) > options_.width) {
    const auto middle = ranks_.begin() + static_cast<std::ptrdiff_t>(options_.width);
    std::nth_element(ranks_.begin(), middle, ranks_.end(), is_better);
    ranks_.erase(middle, ranks_.end());
  }
  double best = 0;
  for (const Rank& rank : ranks_) best = std::max(best, rank.total);
  kept_.assign(candidates_.size(), 0);
  for (const Rank& rank : ranks_) {
    kept_[static_cast<std::size_t>(rank.candidate)] = rank.total > 0 && rank.total >= best * least_share_;
  }
  if (best >= kLeast) {
    scale_ = 1 / best;
    return;
  }
  // No path of the beam can take this point.
  scale_ = 1;
  candidates_.resize(entries_.size());
  kept_.assign(candidates_.size(), 1);
  for (std::size_t i = 0; i < entries_.size(); ++i) candidates_[i].entry = entries_[i];
}

void BeamSearch::rebuild() {
  next_.clear();
  left_.clear();
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    const Candidate& candidate = candidates_[i];
    const bool was_kept = i < entries_.size();
    if (!kept_[i]) {
      if (was_kept) left_.push_back(candidate.entry.node);
      continue;
    }
    const auto slot = static_cast<std::int32_t>(next_.size());
    next_.push_back(candidate.entry);
    if (was_kept) {
      tree_[candidate.entry.node].slot = slot;
      continue;
    }
    Node& node = next_.back().node;
    if (node == PrefixTree::kNone) node = tree_.add(candidate.parent, candidate.label);
    if (!tree_[node].is_live()) tree_[node].created = point_;
    tree_.enter(node, slot);
  }
  for (const Node node : left_) tree_.leave(node);
  entries_.swap(next_);
}

double BeamSearch::finish(Node node) {
  return scorer_run_ == nullptr ? 0 : checked(scorer_run_->finish(tree_[node].state));
}

const BeamSearch::Entry& BeamSearch::best() const {
  return *std::max_element(entries_.begin(), entries_.end(),
                           [](const Entry& a, const Entry& b) { return a.total() < b.total(); });
}

void BeamSearch::drop_older(Index oldest) {
  for (Node top = tree_.root();;) {
    Node way = best().node;  // the child of `top` that the best labelling goes through, or `top` itself
    while (way != top && tree_[way].parent != top) way = tree_[way].parent;
    bool any_is_old = false;
    for (Node child = tree_[top].first_child; child != PrefixTree::kNone; child = tree_[child].next) {
      any_is_old = any_is_old || (tree_[child].is_live() && tree_[child].created < oldest);
    }
    if (!any_is_old) return;
    keep_branch(top, way, oldest);
    if (way == top || tree_[way].created >= oldest) return;
    top = way;
  }
}

// Of the labellings from `top` on: those through `way`, and unless it is old itself, the others that are not old.
void BeamSearch::keep_branch(Node top, Node way, Index oldest) {
  const bool is_settled = way != top && tree_[way].created < oldest;
  next_.clear();
  left_.clear();
  for (const Entry& entry : entries_) {
    Node branch = entry.node;
    while (branch != top && tree_[branch].parent != top) branch = tree_[branch].parent;
    if (branch == way || (!is_settled && (branch == top || tree_[branch].created >= oldest))) {
      next_.push_back(entry);
    } else {
      left_.push_back(entry.node);
    }
  }
  for (std::size_t i = 0; i < next_.size(); ++i) tree_[next_[i].node].slot = static_cast<std::int32_t>(i);
  for (const Node node : left_) tree_.leave(node);
  entries_.swap(next_);
}

}  // namespace rnnlib
