// SPDX-License-Identifier: Apache-2.0
// Networks as language models: what a recurrent network says of the next label scores labellings in a beam search.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "rnnlib/export.h"
#include "rnnlib/network.h"
#include "rnnlib/scorer.h"

namespace rnnlib {

struct NetworkScorerOptions {
  double weight = 1;           // of the network's log probabilities; not negative
  double label_bonus = 0;      // added for each label
  double unknown_score = -20;  // log probability of a label that the network does not have
};

// The network has the task classification and streams (why_no_stream()). Its labels are those that are to be scored and
// kEnd. Each point of its input has a number for each of its labels: 1 for the label before, 0 for the others; at the
// first point kEnd, which ended the text before, is 1. Each point of its output says which label comes next, or kEnd.
class RNNLIB_API NetworkScorer final : public Scorer {
 public:
  static constexpr const char* kEnd = "</s>";

  // `labels` are those of the labellings, without the blank. The network must stay as it is. Throws ConfigError for
  // options that are no numbers, and for another network than described; DataError when it has none of the labels.
  NetworkScorer(std::shared_ptr<const Network> network, const std::vector<std::string>& labels,
                const NetworkScorerOptions& options = {});
  ~NetworkScorer() override;

  std::unique_ptr<ScorerRun> begin() const override;

  // The labels that the network does not have.
  const std::vector<std::string>& unknown() const { return unknown_; }

 private:
  std::shared_ptr<const Network> network_;
  NetworkScorerOptions options_;
  std::vector<Index> units_;  // [labels] the network's; -1: none
  std::vector<std::string> unknown_;
};

}  // namespace rnnlib
