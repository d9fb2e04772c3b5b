// SPDX-License-Identifier: Apache-2.0
// Several scorers at once.
#pragma once

#include <memory>
#include <vector>

#include "rnnlib/export.h"
#include "rnnlib/scorer.h"

namespace rnnlib {

// Adds up what its scorers say, each times its weight. A label is allowed where all of them allow it. Words are those
// of the first one that has a dictionary.
class RNNLIB_API SumScorer final : public Scorer {
 public:
  struct Part {
    std::shared_ptr<const Scorer> scorer;
    double weight = 1;
  };

  // Throws ConfigError without parts, for a part without a scorer, and for weights that are not finite.
  explicit SumScorer(std::vector<Part> parts);
  ~SumScorer() override;

  std::unique_ptr<ScorerRun> begin() const override;
  const Lexicon* lexicon() const override;
  std::vector<Index> words(const std::vector<Index>& labels) const override;

 private:
  const Scorer* with_words() const;

  std::vector<Part> parts_;
};

}  // namespace rnnlib
