// SPDX-License-Identifier: Apache-2.0
// How often classes were taken for others, as fractions of a sequence's targets.
#pragma once

#include "loss/error_counts.h"

namespace rnnlib {

class ClassErrors final : public ErrorCounts {
 public:
  ClassErrors(const std::vector<std::string>& labels, const LossOptions& options);
  void add(const std::vector<Index>& labels, const Sequence& sequence, CountWorkspace& workspace,
           SequenceErrors& errors) const override;
  std::vector<std::string> label_names() const override;
  Index bytes(Index points, Index target_length) const override;

 private:
  Index num_counts() const;
  void add_fractions(const std::vector<Index>& counts, Index num_targets, SequenceErrors& errors) const;

  std::vector<std::string> labels_;
  Index num_labels_;
  bool confusions_;  // report _<a>-><b>
};

}  // namespace rnnlib
