// SPDX-License-Identifier: Apache-2.0
// Token passing: the most probable sequences of a dictionary's words, found without leaving any out (Graves 2012,
// "Supervised sequence labelling with recurrent neural networks", section 7.5.3).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "rnnlib/decoder.h"
#include "rnnlib/export.h"
#include "rnnlib/language_scorer.h"
#include "rnnlib/lexicon.h"
#include "rnnlib/ngram.h"

namespace rnnlib {

struct TokenPassingOptions {
  Index n_best = 1;          // readings, at least 1
  LanguageOptions language;  // of the bigrams, and how many words a reading has; the mode must be kClosed
};

class TokenPassing;

// Reads sequences of words, with the dictionary's separator, if it has one, between two of them. What is searched for
// is the most probable path (Viterbi) through the outputs whose labels spell words: a reading's log_probability is that
// of its best path, not the sum over all of them as in a beam search. Its score adds the bigrams' log probabilities and
// the word bonus. The search is exact: readings are the n word sequences with the highest scores, each in its most
// probable spelling. An output of 0 counts as the smallest normal float, since softmax rounds smaller ones to 0.
//
// There are no readings, and no labels, when no sequence of words fits: fewer output points than the shortest one
// needs.
//
// A point takes time in proportion to the labels of all spellings, and with a fixed number of words as many times that.
// Labels are known at the end of a sequence only, also in a Stream, which keeps the outputs until then.
class RNNLIB_API TokenPassingDecoder final : public Decoder {
 public:
  // `bigrams` has n-grams of one or two words, or is null: then all words are equally probable. Throws ConfigError for
  // options that do not fit and a model of a higher order, DataError when the model has none of the words.
  explicit TokenPassingDecoder(std::shared_ptr<const Lexicon> lexicon,
                               const std::shared_ptr<const NgramModel>& bigrams = nullptr,
                               const TokenPassingOptions& options = {});
  ~TokenPassingDecoder() override;

  // Throws ConfigError where the dictionary has labels that are no unit's; OutOfMemoryError.
  std::unique_ptr<DecoderRun> make_run(Index units) const override;
  const Lexicon* lexicon() const override;

  // Words of the dictionary that the bigrams do not have.
  const std::vector<std::string>& unknown() const;

 private:
  std::shared_ptr<const TokenPassing> search_;
};

}  // namespace rnnlib
