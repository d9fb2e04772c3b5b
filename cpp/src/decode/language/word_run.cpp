// SPDX-License-Identifier: Apache-2.0
// Most states have one reading. It is the state itself, in 63 bits, and needs no table: node, place and context.
#include "decode/language/word_run.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace rnnlib {
namespace {

// More are rare: they differ in the words that later words are judged by.
constexpr std::size_t kMostReadings = 16;
constexpr double kNever = -std::numeric_limits<double>::infinity();
constexpr int kNodeBits = 30;
constexpr int kPlaceBits = 2;
constexpr std::int64_t kNodeMask = (std::int64_t{1} << kNodeBits) - 1;
constexpr std::int64_t kPlaceMask = (std::int64_t{1} << kPlaceBits) - 1;

// Nodes of dictionaries and states of models are less than 2^31.
std::uint32_t narrow(Index number) { return static_cast<std::uint32_t>(number); }

}  // namespace

ScorerRun::State WordRun::start() {
  next_.assign(1, {Lexicon::kRoot, narrow(scorer_.model().start()), 0, Place::kStart, 0});
  State state = 0;
  keep_best(state);
  return state;
}

double WordRun::extend(State from, Index label, State& to) {
  Reading single;
  const auto [begin, end] = read(from, single);
  next_.clear();
  for (const Reading* reading = begin; reading != end; ++reading) extend_reading(*reading, label);
  return keep_best(to);
}

void WordRun::extend_reading(const Reading& reading, Index label) {
  const Lexicon& lexicon = *scorer_.lexicon();
  const bool has_separator = lexicon.separator() != Lexicon::kNone;
  const bool is_separator = has_separator && label == lexicon.separator();
  const bool is_open = scorer_.options().mode == WordMode::kOpen;
  if (reading.place != Place::kWord) {  // between two words
    if (is_separator) {
      Reading next = reading;
      next.place = Place::kSeparator;
      if (reading.place == Place::kFree) add(next);
      return;
    }
    begin_word(reading, label);
    if (is_open) begin_free(reading);
    return;
  }
  const Index child = is_separator ? Lexicon::kNone : lexicon.child(reading.node, label);
  if (child != Lexicon::kNone) {
    const double added = scorer_.look_ahead(child) - scorer_.look_ahead(reading.node);
    add({narrow(child), reading.context, reading.words, Place::kWord, reading.score + added});
  }
  if (!is_separator && has_separator && !is_open) return;
  end_word(reading);
  for (Reading& ended : ended_) {
    if (is_separator) {
      if (!is_open && is_fixed() && ended.words >= scorer_.options().num_words)
        continue;  // a word would have to follow
      ended.place = Place::kSeparator;
      add(ended);
      continue;
    }
    if (!has_separator) begin_word(ended, label);
    if (is_open) begin_free(ended);
  }
}

void WordRun::begin_word(Reading reading, Index label) {
  const Index node = scorer_.first_node(label);
  if (node == Lexicon::kNone || (is_fixed() && reading.words >= scorer_.options().num_words)) return;
  add({narrow(node), reading.context, reading.words, Place::kWord, reading.score + scorer_.look_ahead(node)});
}

void WordRun::begin_free(Reading reading) {
  reading.place = Place::kFree;
  reading.score += scorer_.options().free_score;
  add(reading);
}

// The readings in which the word under way is complete, one for each word of this spelling.
void WordRun::end_word(const Reading& reading) {
  ended_.clear();
  const auto [begin, end] = scorer_.lexicon()->words_at(reading.node);
  for (const std::uint32_t* word = begin; word != end; ++word) {
    WeightedModel::State context = 0;
    const double added = scorer_.model().extend(reading.context, *word, context) - scorer_.look_ahead(reading.node);
    const std::uint32_t words = is_fixed() ? reading.words + 1 : 0;
    ended_.push_back({Lexicon::kRoot, narrow(context), words, Place::kWord, reading.score + added});
  }
}

double WordRun::finish(State state) {
  const LanguageOptions& options = scorer_.options();
  Reading single;
  const auto [begin, end] = read(state, single);
  double best = kNever;
  for (const Reading* from = begin; from != end; ++from) {
    const Reading& reading = *from;
    if (reading.place == Place::kWord) {
      end_word(reading);
    } else {
      ended_.assign(1, reading);
    }
    const bool may_end = reading.place != Place::kSeparator || options.mode == WordMode::kOpen;
    for (const Reading& ended : ended_) {
      if (!may_end || (is_fixed() && ended.words != options.num_words)) continue;
      best = std::max(best, ended.score + scorer_.model().finish(ended.context));
    }
  }
  return best;
}

double WordRun::most(State from) {
  Reading single;
  const auto [begin, end] = read(from, single);
  double most = kNever;
  for (const Reading* reading = begin; reading != end; ++reading) {
    most = std::max(most, reading->score + most_after(*reading));
  }
  return most;
}

// Within a word look-ahead can only fall. A separator adds nothing.
double WordRun::most_after(const Reading& reading) const {
  const bool is_open = scorer_.options().mode == WordMode::kOpen;
  const double between = std::max({0.0, scorer_.best_look_ahead(), is_open ? scorer_.options().free_score : kNever});
  if (reading.place != Place::kWord) return between;
  const auto [begin, end] = scorer_.lexicon()->words_at(reading.node);
  if (begin == end) return 0;
  return std::max(0.0, scorer_.model().most() - scorer_.look_ahead(reading.node) + between);
}

std::pair<const WordRun::Reading*, const WordRun::Reading*> WordRun::read(State state, Reading& single) const {
  if (state < 0) {
    const Readings& readings = sets_[set_of(state)];
    return {readings.data(), readings.data() + readings.size()};
  }
  single = {narrow(state & kNodeMask), narrow(state >> (kNodeBits + kPlaceBits)), 0,
            static_cast<Place>((state >> kNodeBits) & kPlaceMask), 0};
  return {&single, &single + 1};
}

// Of readings that go on alike the best one stays.
void WordRun::add(Reading reading) {
  for (Reading& other : next_) {
    const bool alike = other.node == reading.node && other.context == reading.context && other.place == reading.place &&
                       other.words == reading.words;
    if (!alike) continue;
    other.score = std::max(other.score, reading.score);
    return;
  }
  next_.push_back(reading);
}

double WordRun::keep_best(State& to) {
  if (next_.empty()) return kNever;
  const auto is_better = [](const Reading& a, const Reading& b) { return a.score > b.score; };
  if (next_.size() > 1) std::sort(next_.begin(), next_.end(), is_better);
  if (next_.size() > kMostReadings) next_.resize(kMostReadings);
  const double best = next_.front().score;
  if (next_.size() == 1 && fits(next_.front())) {
    to = pack(next_.front());
    return best;
  }
  for (Reading& reading : next_) reading.score -= best;
  std::size_t set = sets_.size();
  if (free_sets_.empty()) {
    sets_.emplace_back().reserve(kMostReadings);
  } else {
    set = free_sets_.back();
    free_sets_.pop_back();
  }
  sets_[set].assign(next_.begin(), next_.end());
  to = -1 - static_cast<State>(set);
  return best;
}

bool WordRun::fits(const Reading& reading) { return reading.words == 0 && reading.node <= kNodeMask; }

ScorerRun::State WordRun::pack(const Reading& reading) {
  return State{reading.node} | (static_cast<State>(reading.place) << kNodeBits) |
         (State{reading.context} << (kNodeBits + kPlaceBits));
}

}  // namespace rnnlib
