// SPDX-License-Identifier: Apache-2.0
// Edit distance between the labels read and the target (docs/behaviour.md, "CTC").
#pragma once

#include "loss/error_counts.h"

namespace rnnlib {

class LabelErrors final : public ErrorCounts {
 public:
  LabelErrors(const std::vector<std::string>& labels, const LossOptions& options);
  void add(const std::vector<Index>& labels, const Sequence& sequence, CountWorkspace& workspace,
           SequenceErrors& errors) const override;
  std::vector<std::string> label_names() const override;
  Index bytes(Index points, Index target_length) const override;

 private:
  void add_confusions(const EditAlignment& alignment, double norm, SequenceErrors& errors) const;

  std::vector<std::string> labels_;
  Index num_labels_;
  bool confusions_;     // report per label errors
  bool legacy_errors_;  // a target that does not fit adds to no error
};

}  // namespace rnnlib
