// SPDX-License-Identifier: Apache-2.0
// What the runs of a token passing decoder share.
#pragma once

#include <memory>

#include "decode/token_passing/word_classes.h"
#include "decode/token_passing/word_graph.h"
#include "rnnlib/token_passing.h"

namespace rnnlib {

class TokenPassing {
 public:
  TokenPassing(std::shared_ptr<const Lexicon> lexicon, const std::shared_ptr<const NgramModel>& bigrams,
               const TokenPassingOptions& options)
      : lexicon_(std::move(lexicon)),
        options_(options),
        classes_(*lexicon_, bigrams, options.language),
        graph_(classes_.has_context() ? make_separate_graph(*lexicon_, classes_.of_words())
                                      : make_shared_graph(*lexicon_)) {}

  const Lexicon& lexicon() const { return *lexicon_; }
  const WordClasses& classes() const { return classes_; }
  const WordGraph& graph() const { return graph_; }
  Index n_best() const { return options_.n_best; }
  Index num_words() const { return options_.language.num_words; }  // -1: any number

 private:
  std::shared_ptr<const Lexicon> lexicon_;
  TokenPassingOptions options_;
  WordClasses classes_;
  WordGraph graph_;
};

}  // namespace rnnlib
