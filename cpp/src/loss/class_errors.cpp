// SPDX-License-Identifier: Apache-2.0
#include "loss/class_errors.h"

#include <numeric>

namespace rnnlib {
namespace {

enum ErrorId { kClassificationError = 1, kNumErrors };  // after the training criterion, as in the table of tasks

}  // namespace

ClassErrors::ClassErrors(const std::vector<std::string>& labels, const LossOptions& options)
    : labels_(labels),
      num_labels_(static_cast<Index>(labels.size())),
      confusions_(options.verbose && labels.size() > 2) {}

std::vector<std::string> ClassErrors::label_names() const {
  std::vector<std::string> names;
  for (const std::string& label : labels_) names.push_back("_" + label);
  if (!confusions_) return names;
  for (const std::string& target : labels_) {
    for (const std::string& output : labels_) names.push_back("_" + target + "->" + output);
  }
  return names;
}

// Targets per class, errors per class, then (if wanted by two) how often each class was taken for each other.
Index ClassErrors::num_counts() const { return num_labels_ * (confusions_ ? num_labels_ + 2 : 2); }

Index ClassErrors::bytes(Index points, Index) const {
  return (points + num_counts()) * static_cast<Index>(sizeof(Index));
}

void ClassErrors::add(const std::vector<Index>& labels, const Sequence& sequence, CountWorkspace& workspace,
                      SequenceErrors& errors) const {
  std::vector<Index>& counts = workspace.counts;
  counts.assign(static_cast<std::size_t>(num_counts()), 0);
  Index num_targets = 0;
  for (std::size_t t = 0; t < labels.size(); ++t) {
    const Index target = sequence.target()[t];
    if (target < 0) continue;
    ++num_targets;
    ++counts[static_cast<std::size_t>(target)];
    if (labels[t] == target) continue;
    ++counts[static_cast<std::size_t>(num_labels_ + target)];
    if (confusions_) ++counts[static_cast<std::size_t>(num_labels_ * (target + 2) + labels[t])];
  }
  if (num_targets > 0) add_fractions(counts, num_targets, errors);
}

// A class counts only in the sequences where it is a target, a confusion only where it happened.
void ClassErrors::add_fractions(const std::vector<Index>& counts, Index num_targets, SequenceErrors& errors) const {
  const auto wrong = counts.begin() + num_labels_;
  const Index all_wrong = std::accumulate(wrong, wrong + num_labels_, Index(0));
  const double targets = static_cast<double>(num_targets);
  errors.items.push_back({kClassificationError, static_cast<double>(all_wrong) / targets, 1});
  for (Index label = 0; label < num_labels_; ++label) {
    if (counts[static_cast<std::size_t>(label)] == 0) continue;
    errors.items.push_back({static_cast<int>(kNumErrors + label), static_cast<double>(wrong[label]) / targets, 1});
  }
  for (Index i = 2 * num_labels_; i < static_cast<Index>(counts.size()); ++i) {
    const Index count = counts[static_cast<std::size_t>(i)];
    if (count == 0) continue;
    errors.items.push_back({static_cast<int>(kNumErrors + i - num_labels_), static_cast<double>(count) / targets, 1});
  }
}

}  // namespace rnnlib
