// SPDX-License-Identifier: Apache-2.0
#include "loss/label_errors.h"

#include <map>

namespace rnnlib {
namespace {

// After the training criterion, as in the table of tasks.
enum ErrorId { kLabelError = 1, kSeqError, kSubstitutions, kDeletions, kInsertions, kNumErrors };

}  // namespace

LabelErrors::LabelErrors(const std::vector<std::string>& labels, const LossOptions& options)
    : labels_(labels),
      num_labels_(static_cast<Index>(labels.size())),
      confusions_(options.confusion_matrix),
      legacy_errors_(options.legacy_errors) {}

std::vector<std::string> LabelErrors::label_names() const {
  std::vector<std::string> names;
  if (!confusions_) return names;
  for (const char* kind : {"_substitutions", "_deletions", "_insertions"}) {
    for (const std::string& label : labels_) names.push_back("_" + label + kind);
  }
  for (const std::string& target : labels_) {
    for (const std::string& output : labels_) names.push_back("_" + target + "->" + output);
  }
  return names;
}

// At most one label is read at each point: a number for itself, two for its place and one for its confidence.
Index LabelErrors::bytes(Index points, Index target_length) const {
  return 4 * points * static_cast<Index>(sizeof(Index)) +
         edit_cells(target_length, points) * static_cast<Index>(sizeof(std::int32_t));
}

void LabelErrors::add(const std::vector<Index>& labels, const Sequence& sequence, CountWorkspace& workspace,
                      SequenceErrors& errors) const {
  if (errors.skipped && legacy_errors_) return;
  EditAlignment& alignment = workspace.alignment;
  align_edits(sequence.target(), sequence.target_length(), labels.data(), static_cast<Index>(labels.size()),
              workspace.cells, alignment);
  const double norm = static_cast<double>(sequence.target_length());
  errors.items.push_back({kLabelError, static_cast<double>(alignment.distance()), norm});
  errors.items.push_back({kSeqError, alignment.distance() > 0 ? 1.0 : 0.0, 1});
  errors.items.push_back({kSubstitutions, static_cast<double>(alignment.substitutions), norm});
  errors.items.push_back({kDeletions, static_cast<double>(alignment.deletions), norm});
  errors.items.push_back({kInsertions, static_cast<double>(alignment.insertions), norm});
  if (confusions_) add_confusions(alignment, norm, errors);
}

// Only what happened in this sequence.
void LabelErrors::add_confusions(const EditAlignment& alignment, double norm, SequenceErrors& errors) const {
  std::map<Index, Index> counts;  // by error id
  for (const Edit& edit : alignment.edits) {
    switch (edit.type) {
      case EditType::kSubstitution:
        ++counts[kNumErrors + edit.target];
        ++counts[kNumErrors + num_labels_ * (3 + edit.target) + edit.output];
        break;
      case EditType::kDeletion:
        ++counts[kNumErrors + num_labels_ + edit.target];
        break;
      case EditType::kInsertion:
        ++counts[kNumErrors + 2 * num_labels_ + edit.output];
        break;
    }
  }
  for (const auto& [id, count] : counts)
    errors.items.push_back({static_cast<int>(id), static_cast<double>(count), norm});
}

}  // namespace rnnlib
