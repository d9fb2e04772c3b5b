// SPDX-License-Identifier: Apache-2.0
// A state with one reading is that reading in 63 bits, and needs no table: node, context, and whether a separator came
// last.
#include "decode/language/word_run.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace rnnlib {
namespace {

// More are rare: they differ in the words that later words are judged by.
constexpr std::size_t kMostReadings = 16;
constexpr double kNever = -std::numeric_limits<double>::infinity();
constexpr int kBits = 31;
constexpr std::int64_t kMask = (std::int64_t{1} << kBits) - 1;

}  // namespace

ScorerRun::State WordRun::start() { return pack({Lexicon::kRoot, scorer_.model().start(), false, 0}); }

double WordRun::extend(State from, Index label, State& to) {
  const Lexicon& lexicon = scorer_.lexicon();
  read(from, from_);
  next_.clear();
  for (const Reading& reading : from_) {
    if (label == lexicon.separator() || lexicon.separator() == Lexicon::kNone) end_word(reading, label);
    if (label == lexicon.separator()) continue;
    const Index child = lexicon.child(reading.node, label);
    if (child == Lexicon::kNone) continue;
    const double added = scorer_.look_ahead(child) - scorer_.look_ahead(reading.node);
    add({child, reading.context, false, reading.score + added});
  }
  return keep_best(to);
}

double WordRun::finish(State state) {
  read(state, from_);
  double best = kNever;
  for (const Reading& reading : from_) {
    if (reading.node == Lexicon::kRoot) {  // the empty labelling may end
      if (!reading.after_separator) best = std::max(best, reading.score + scorer_.model().finish(reading.context));
      continue;
    }
    const auto [begin, end] = scorer_.lexicon().words_at(reading.node);
    for (const std::uint32_t* word = begin; word != end; ++word) {
      WeightedModel::State context = 0;
      const double added = scorer_.model().extend(reading.context, *word, context) - scorer_.look_ahead(reading.node);
      best = std::max(best, reading.score + added + scorer_.model().finish(context));
    }
  }
  return best;
}

void WordRun::read(State state, Readings& readings) const {
  if (state < 0) {
    readings = sets_[static_cast<std::size_t>(-1 - state)];
  } else {
    readings.assign(1, {state & kMask, (state >> kBits) & kMask, (state >> (2 * kBits)) != 0, 0});
  }
}

// The word under way ends, and `label` separates it from the next one or begins the next one.
void WordRun::end_word(const Reading& reading, Index label) {
  const Lexicon& lexicon = scorer_.lexicon();
  const auto [begin, end] = lexicon.words_at(reading.node);
  if (begin == end) return;
  const bool separated = lexicon.separator() != Lexicon::kNone;
  const Index node = separated ? Lexicon::kRoot : lexicon.child(Lexicon::kRoot, label);
  if (node == Lexicon::kNone) return;
  const double change = scorer_.look_ahead(node) - scorer_.look_ahead(reading.node);
  for (const std::uint32_t* word = begin; word != end; ++word) {
    WeightedModel::State context = 0;
    const double added = scorer_.model().extend(reading.context, *word, context) + change;
    add({node, context, separated, reading.score + added});
  }
}

// Of readings that go on alike the best one stays.
void WordRun::add(Reading reading) {
  for (Reading& other : next_) {
    if (other.node != reading.node || other.context != reading.context) continue;
    other.score = std::max(other.score, reading.score);
    return;
  }
  next_.push_back(reading);
}

double WordRun::keep_best(State& to) {
  if (next_.empty()) return kNever;
  const auto is_better = [](const Reading& a, const Reading& b) { return a.score > b.score; };
  std::sort(next_.begin(), next_.end(), is_better);
  if (next_.size() > kMostReadings) next_.resize(kMostReadings);
  const double best = next_.front().score;
  if (next_.size() == 1) {
    to = pack(next_.front());
    return best;
  }
  for (Reading& reading : next_) reading.score -= best;
  sets_.push_back(next_);
  to = -static_cast<State>(sets_.size());
  return best;
}

ScorerRun::State WordRun::pack(const Reading& reading) {
  return reading.node | (reading.context << kBits) | (State{reading.after_separator} << (2 * kBits));
}

}  // namespace rnnlib
