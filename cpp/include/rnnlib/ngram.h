// SPDX-License-Identifier: Apache-2.0
// N-gram language models with back-off (Katz 1987), of any order, read from ARPA files.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rnnlib/export.h"
#include "rnnlib/types.h"

namespace rnnlib {

class ByteSource;
struct NgramTable;
class Vocabulary;

// Immutable and shared by threads; copies are cheap and share what they hold. Words are numbered in the order of the
// file. Probabilities are natural logarithms.
class RNNLIB_API NgramModel {
 public:
  // The words that decide about the next one: as many of the last ones as the model has an n-gram of.
  using State = std::int64_t;
  static constexpr Index kNoWord = -1;

  // An ARPA file, plain or, in a library that was built with zlib, packed by gzip. Throws IoError; FormatError, which
  // names file and line.
  static NgramModel read(const std::string& path);
  // The same from memory; `source` is what messages call it.
  static NgramModel parse(std::string_view text, const std::string& source);

  NgramModel(const NgramModel&);
  NgramModel(NgramModel&&) noexcept;
  NgramModel& operator=(const NgramModel&);
  NgramModel& operator=(NgramModel&&) noexcept;
  ~NgramModel();

  Index order() const;
  Index num_words() const;
  Index num_ngrams(Index n) const;  // of n words, 1 <= n <= order()
  Index memory() const;             // bytes

  std::string word(Index word) const;
  Index find(std::string_view word) const;  // kNoWord when it is not in the model
  Index begin_word() const;                 // <s>, kNoWord when it is not in the model
  Index end_word() const;                   // </s>
  Index unknown_word() const;               // <unk>

  State empty() const;  // nothing is known of the words before
  State begin() const;  // the state after <s>; empty() when the model has none

  // The log probability of a word after `from`, and the state after both. kNoWord is read as <unk>; when the model has
  // none, the result is -infinity and the state empty(). Throws DataError for a number that is no word.
  double extend(State from, Index word, State& to) const;

  // The words that the model has an n-gram of that begins with the words of a state, with their log probabilities after
  // it; of empty() all words. Any other word w has back_off(from) + extend(<the state without its first word>, w).
  std::vector<std::pair<Index, double>> continuations(State from) const;
  double back_off(State from) const;

  // The log probabilities of the words of a sentence, each after those before it, and, where the model
  // has </s>, that of the sentence's end.
  std::vector<double> score(const std::vector<std::string>& words) const;

 private:
  NgramModel(std::shared_ptr<const Vocabulary> vocabulary, std::shared_ptr<const NgramTable> table);
  static NgramModel from_source(std::unique_ptr<ByteSource> source, const std::string& name);
  void check_word(Index word) const;
  void check_state(State state) const;

  std::shared_ptr<const Vocabulary> vocabulary_;
  std::shared_ptr<const NgramTable> table_;
  Index begin_word_;
  Index end_word_;
  Index unknown_word_;
};

}  // namespace rnnlib
