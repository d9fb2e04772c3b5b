// SPDX-License-Identifier: Apache-2.0
// Tokens: paths on their way through the words. A place has its n best ones with different words, the best first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "decode/token_passing/histories.h"

namespace rnnlib {

struct Token {
  double score = -std::numeric_limits<double>::infinity();
  std::int32_t history = Histories::kEmpty;  // the complete words
  std::int32_t words = Histories::kEmpty;    // Histories::words() of it
};

inline bool is_there(const Token& token) { return token.score > -std::numeric_limits<double>::infinity(); }

// Makes a token one of the n best of a place, if it is.
inline void offer(const Token& token, Token* list, Index n) {
  if (!(token.score > list[n - 1].score)) return;
  Index at = 0;  // the one that gives way
  while (at < n - 1 && is_there(list[at]) && list[at].words != token.words) ++at;
  if (list[at].score >= token.score) return;
  for (; at > 0 && list[at - 1].score < token.score; --at) list[at] = list[at - 1];
  list[at] = token;
}

// The n best of several places, with something added to their scores. `merged` is none of them.
template <std::size_t kLists>
void merge(const Token* (&lists)[kLists], Index n, double added, Token* merged) {
  const Token* ends[kLists];
  for (std::size_t i = 0; i < kLists; ++i) ends[i] = lists[i] == nullptr ? nullptr : lists[i] + n;
  Index count = 0;
  while (count < n) {
    const Token** best = nullptr;
    for (std::size_t i = 0; i < kLists; ++i) {
      if (lists[i] != ends[i] && (best == nullptr || lists[i]->score > (*best)->score)) best = &lists[i];
    }
    if (best == nullptr || !is_there(**best)) break;
    const Token& token = *(*best)++;
    bool is_new = true;
    for (Index i = 0; i < count; ++i) is_new = is_new && merged[i].words != token.words;
    if (is_new) merged[count++] = {token.score + added, token.history, token.words};
  }
  for (; count < n; ++count) merged[count] = {};
}

}  // namespace rnnlib
