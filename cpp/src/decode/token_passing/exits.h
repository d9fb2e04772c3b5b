// SPDX-License-Identifier: Apache-2.0
// Tokens that have come to the end of a word, at one point, in the order of their scores.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "decode/token_passing/token.h"

namespace rnnlib {

// The tokens of one place, of which one after the other is looked at.
struct Exit {
  double score;           // of the token, with what the word adds
  const Token* token;     // the best one that was not looked at yet
  const Token* end;       // of the place's tokens
  double added;           // to each token's score
  std::int32_t spelling;  // of the word
  std::int32_t label;     // that the paths ended with; -1: a blank, after which any label may follow
};

// A token that was looked at.
struct RankedExit {
  double score;
  std::int32_t history;   // the complete words before this one
  std::int32_t spelling;  // of this one
  std::int32_t label;
  std::int32_t extended = -1;  // the history with this word, once somebody asked for it
};

// Only as many are sorted as are looked at.
class SortedExits {
 public:
  // Takes the place of those before. The tokens must stay as they are.
  template <class AddedTo>
  void set(const std::vector<Exit>& exits, const AddedTo& added_to) {
    heap_ = exits;
    for (Exit& exit : heap_) {
      const double more = added_to(exit);
      exit.score += more;
      exit.added += more;
    }
    std::make_heap(heap_.begin(), heap_.end(), IsWorse());
    ranked_.clear();
  }

  // The best one is number 0; null: there are not so many.
  RankedExit* at(std::size_t number) {
    while (ranked_.size() <= number) {
      if (heap_.empty()) return nullptr;
      std::pop_heap(heap_.begin(), heap_.end(), IsWorse());
      Exit& best = heap_.back();
      ranked_.push_back({best.score, best.token->history, best.spelling, best.label});
      ++best.token;
      if (best.token == best.end || !is_there(*best.token)) {
        heap_.pop_back();
      } else {
        best.score = best.token->score + best.added;
        std::push_heap(heap_.begin(), heap_.end(), IsWorse());
      }
    }
    return &ranked_[number];
  }

 private:
  struct IsWorse {
    bool operator()(const Exit& a, const Exit& b) const { return a.score < b.score; }
  };

  std::vector<Exit> heap_;
  std::vector<RankedExit> ranked_;
};

}  // namespace rnnlib
