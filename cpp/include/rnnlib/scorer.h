// SPDX-License-Identifier: Apache-2.0
// What a beam search asks about a labelling while it extends it: language models, dictionaries, a program's own rules.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "rnnlib/export.h"
#include "rnnlib/types.h"

namespace rnnlib {

class Lexicon;

// Scores the labellings of one sequence, in one thread. A run may keep tables of its own behind the states.
class RNNLIB_API ScorerRun {
 public:
  // What a run knows of a labelling: equal states are continued alike.
  using State = std::int64_t;

  ScorerRun() = default;
  ScorerRun(const ScorerRun&) = delete;
  ScorerRun& operator=(const ScorerRun&) = delete;
  virtual ~ScorerRun();

  // The state of the empty labelling.
  virtual State start() = 0;

  // What `label` adds to the log probability (natural logarithm, weighted already): -infinity when it is not allowed
  // after `from`, and `to` is then of no use.
  virtual double extend(State from, Index label, State& to) = 0;

  // What is added when the labelling ends here; -infinity when it may not.
  virtual double finish(State state) = 0;

  // No label adds more than this after `from`: a search need not ask about labels that could not keep up even so.
  // Infinity, as long as it is not known.
  virtual double most(State from);

  // A labelling with this state is given up. Called at most once for each state that start() or extend() gave, so that
  // a run that keeps something for each of them need not grow with the sequence.
  virtual void forget(State state);
};

// Immutable, and shared by threads.
class RNNLIB_API Scorer {
 public:
  Scorer() = default;
  Scorer(const Scorer&) = delete;
  Scorer& operator=(const Scorer&) = delete;
  virtual ~Scorer();

  virtual std::unique_ptr<ScorerRun> begin() const = 0;

  // The dictionary whose words it scores; null: it knows no words.
  virtual const Lexicon* lexicon() const { return nullptr; }

  // A whole labelling as words of the dictionary, their numbers: its best reading, empty where it has none.
  virtual std::vector<Index> words(const std::vector<Index>& labels) const;
};

}  // namespace rnnlib
