// SPDX-License-Identifier: Apache-2.0
// A labelling read as words. Where words have no separator between them, or share a spelling, it can be read in several
// ways: a state is then a set of readings.
#pragma once

#include <cstdint>
#include <vector>

#include "decode/language/word_scorer.h"

namespace rnnlib {

class WordRun final : public ScorerRun {
 public:
  explicit WordRun(const WordScorer& scorer) : scorer_(scorer) {}

  State start() override;
  double extend(State from, Index label, State& to) override;
  double finish(State state) override;

 private:
  struct Reading {
    Index node;                    // of the word under way
    WeightedModel::State context;  // the words before it
    bool after_separator;
    double score;  // beside the best of the readings
  };
  using Readings = std::vector<Reading>;

  void read(State state, Readings& readings) const;
  void end_word(const Reading& reading, Index label);
  void add(Reading reading);
  double keep_best(State& to);
  static State pack(const Reading& reading);

  const WordScorer& scorer_;
  Readings from_;
  Readings next_;
  std::vector<Readings> sets_;  // behind negative states: state -1 is the first one
};

}  // namespace rnnlib
