// SPDX-License-Identifier: Apache-2.0
// A labelling read as words. Where words have no separator between them, or share a spelling, it can be read in several
// ways: a state is then a set of readings.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "decode/language/word_scorer.h"

namespace rnnlib {

class WordRun final : public ScorerRun {
 public:
  explicit WordRun(const WordScorer& scorer) : scorer_(scorer) {}

  State start() override;
  double extend(State from, Index label, State& to) override;
  double finish(State state) override;
  double most(State from) override;
  void forget(State state) override {
    if (state < 0) free_sets_.push_back(set_of(state));
  }

 private:
  enum class Place : std::uint8_t { kStart, kWord, kSeparator, kFree };  // what the last label was

  struct Reading {
    std::uint32_t node;     // of the word under way, the root between two words
    std::uint32_t context;  // the model's state after the words before it
    std::uint32_t words;    // before this one; counted only where their number is fixed
    Place place;
    double score;  // beside the best of the readings
  };
  using Readings = std::vector<Reading>;

  // The readings of a state, in `single` where the state is a reading itself.
  std::pair<const Reading*, const Reading*> read(State state, Reading& single) const;
  double most_after(const Reading& reading) const;
  void extend_reading(const Reading& reading, Index label);
  void begin_word(Reading reading, Index label);
  void begin_free(Reading reading);
  void end_word(const Reading& reading);
  bool is_fixed() const { return scorer_.options().num_words >= 0; }
  void add(Reading reading);
  double keep_best(State& to);
  static std::size_t set_of(State state) { return static_cast<std::size_t>(-1 - state); }
  static bool fits(const Reading& reading);
  static State pack(const Reading& reading);

  const WordScorer& scorer_;
  Readings next_;
  Readings ended_;              // what end_word() makes of a reading
  std::vector<Readings> sets_;  // behind negative states: -1 stands for the first one
  std::vector<std::size_t> free_sets_;
};

}  // namespace rnnlib
