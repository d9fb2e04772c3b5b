// SPDX-License-Identifier: Apache-2.0
// At each point a token stays at its node, goes on to the next one, or, at the end of a word, enters the next word: by
// an n-gram of both where the model has one, else by the back-off weight of the first. Those of the second kind differ
// only in their scores, so that the best of them is the best for every word, unless it has an n-gram with that word.
#include "decode/token_passing/token_passing_run.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "decode/outputs.h"
#include "rnnlib/alignment.h"

namespace rnnlib {

TokenPassingRun::TokenPassingRun(std::shared_ptr<const TokenPassing> search, Index units)
    : search_(std::move(search)),
      graph_(search_->graph()),
      classes_(search_->classes()),
      units_(units),
      n_(search_->n_best()),
      num_layers_(search_->num_words() < 0 ? 1 : search_->num_words()),
      histories_(graph_.spellings) {
  first_gates_.assign(classes_.size() + 1, 0);
  for (const WordGraph::Gate& gate : graph_.gates) ++first_gates_[static_cast<std::size_t>(gate.word_class) + 1];
  for (std::size_t i = 1; i < first_gates_.size(); ++i) first_gates_[i] += first_gates_[i - 1];
  tokens_.resize(static_cast<std::size_t>(num_layers_ * graph_.num_nodes() * 2 * n_));
  entries_.resize(graph_.gates.size() * static_cast<std::size_t>(n_));
  merged_.resize(2 * static_cast<std::size_t>(n_));
  logs_.resize(static_cast<std::size_t>(units_));
}

void TokenPassingRun::begin() {
  std::fill(tokens_.begin(), tokens_.end(), Token());
  histories_.clear();
  start_ = 0;
  outputs_.clear();
}

void TokenPassingRun::step(const double* outputs, Index points, Prediction&) {
  outputs_.insert(outputs_.end(), outputs, outputs + points * units_);
  const Outputs given = {outputs, points, units_};
  for (Index t = 0; t < points; ++t) {
    for (Index k = 0; k < units_; ++k) logs_[static_cast<std::size_t>(k)] = std::log(given.at(t, k));
    pass_point(logs_.data());
  }
}

void TokenPassingRun::pass_point(const double* logs) {
  for (Index layer = num_layers_ - 1; layer >= 0; --layer) {
    std::fill(entries_.begin(), entries_.end(), Token());
    const Index before = search_->num_words() < 0 ? layer : layer - 1;
    if (before >= 0) {
      collect_exits(before);
      offer_exits();
    }
    if (layer == 0) offer_starts();
    if (n_ == 1) {
      pass_layer<true>(layer, logs);
    } else {
      pass_layer<false>(layer, logs);
    }
  }
  start_ += logs[units_ - 1];
  if (histories_.is_large()) forget_histories();
}

void TokenPassingRun::offer_starts() {
  for (std::size_t gate = 0; gate < graph_.gates.size(); ++gate) {
    const Token token{start_ + classes_.first(graph_.gates[gate].word_class), Histories::kEmpty, Histories::kEmpty};
    offer(token, entries_.data() + static_cast<Index>(gate) * n_, n_);
  }
}

void TokenPassingRun::collect_exits(Index layer) {
  exits_.clear();
  for (std::size_t i = 0; i < graph_.spellings.size(); ++i) {
    const WordGraph::Spelling& spelling = graph_.spellings[i];
    const double added = classes_.alone(spelling.word);
    for (Place place : {kLabel, kBlank}) {
      const Token* list = tokens(layer, spelling.exit, place);
      if (!is_there(list[0])) continue;
      const std::int32_t label = place == kLabel ? graph_.labels[static_cast<std::size_t>(spelling.exit)] : -1;
      exits_.push_back({list[0].score + added, list, list + n_, added, static_cast<std::int32_t>(i), label});
    }
  }
}

void TokenPassingRun::offer_exits() {
  if (exits_.empty()) return;
  sorted_.set(exits_, [&](const Exit& exit) { return classes_.back_off(word_of(exit.spelling)); });
  if (classes_.has_unknown()) unknown_.set(exits_, [](const Exit&) { return 0.0; });
  for (std::size_t gate = 0; gate < graph_.gates.size(); ++gate) offer_others(gate);
  if (!classes_.has_context()) return;
  // Most paths are so improbable by now that no n-gram makes them one of the best anywhere.
  double least = std::numeric_limits<double>::infinity();  // that is of use at some gate
  for (std::size_t i = static_cast<std::size_t>(n_) - 1; i < entries_.size(); i += static_cast<std::size_t>(n_)) {
    least = std::min(least, entries_[i].score);
  }
  for (const Exit& exit : exits_) offer_successors(exit, least);
}

// To the words that the model has an n-gram of after this one.
void TokenPassingRun::offer_successors(const Exit& exit, double least) {
  const std::int32_t word = word_of(exit.spelling);
  const double best = classes_.best_successor(word);
  for (const Token* token = exit.token; token != exit.end; ++token) {
    const double score = token->score + exit.added;
    if (!(score + best > least)) return;
    RankedExit ranked{score, token->history, exit.spelling, exit.label};
    const auto [begin, end] = classes_.successors(word);
    for (const WordClasses::Successor* next = begin; next != end; ++next) {
      const auto word_class = static_cast<std::size_t>(next->word_class);
      for (std::size_t gate = first_gates_[word_class]; gate < first_gates_[word_class + 1]; ++gate) {
        if (graph_.gates[gate].label == exit.label) continue;  // the two labels would be read as one
        offer_exit(ranked, score + next->score, entries_.data() + static_cast<Index>(gate) * n_);
      }
    }
  }
}

// The best n that may pass this gate by back-off.
void TokenPassingRun::offer_others(std::size_t gate) {
  const auto [word_class, label] = graph_.gates[gate];
  Token* list = entries_.data() + static_cast<Index>(gate) * n_;
  const double added = classes_.score(word_class);
  SortedExits& exits = classes_.is_unknown(word_class) ? unknown_ : sorted_;
  for (std::size_t i = 0; RankedExit* exit = exits.at(i); ++i) {
    const double score = exit->score + added;
    if (!(score > list[n_ - 1].score)) return;  // as are all that follow
    if (label == exit->label) continue;
    if (classes_.has_context() && classes_.is_successor(word_of(exit->spelling), word_class)) continue;
    offer_exit(*exit, score, list);
  }
}

void TokenPassingRun::offer_exit(RankedExit& exit, double score, Token* list) {
  if (!(score > list[n_ - 1].score)) return;
  if (exit.extended < 0) exit.extended = histories_.add(exit.history, exit.spelling);
  offer({score, exit.extended, histories_.words(exit.extended)}, list, n_);
}

// From the last node to the first: a node reads what the one before it had at the point before.
template <bool kSingle>
void TokenPassingRun::pass_layer(Index layer, const double* logs) {
  const double blank = logs[units_ - 1];
  for (Index node = graph_.num_nodes() - 1; node >= 0; --node) {
    const auto at = static_cast<std::size_t>(node);
    const std::int32_t label = graph_.labels[at];
    const std::int32_t parent = graph_.parents[at];
    Token* place = tokens(layer, node, kLabel);
    const bool is_first = parent < 0;
    const Token* before = is_first ? entries_.data() + (-1 - parent) * n_ : tokens(layer, parent, kLabel);
    const bool may_touch = is_first || graph_.labels[static_cast<std::size_t>(parent)] != label;
    if (kSingle) {  // without branches, which nobody could foretell
      const auto better = [](const Token* one, const Token* other) { return one->score > other->score ? one : other; };
      const Token* staying = better(place + kBlank, place + kLabel);
      const Token* coming = better(place, may_touch ? before : place);
      coming = better(coming, is_first ? coming : before + kBlank);
      const Token with_label{coming->score + logs[label], coming->history, coming->words};
      place[kBlank] = {staying->score + blank, staying->history, staying->words};
      place[kLabel] = with_label;
      continue;
    }
    const Token* coming[] = {place, may_touch ? before : nullptr, is_first ? nullptr : before + n_};
    const Token* staying[] = {place, place + n_};
    merge(coming, n_, logs[label], merged_.data());
    merge(staying, n_, blank, merged_.data() + n_);
    std::copy(merged_.begin(), merged_.end(), place);
  }
}

void TokenPassingRun::forget_histories() {
  histories_.begin_marks();
  for (const Token& token : tokens_) histories_.mark(token.history);
  const std::vector<std::int32_t>& numbers = histories_.forget_others();
  for (Token& token : tokens_) {
    token.history = numbers[static_cast<std::size_t>(token.history)];
    token.words = numbers[static_cast<std::size_t>(token.words)];
  }
}

// Complete sequences of words.
std::vector<Token> TokenPassingRun::final_tokens() {
  std::vector<Token> best(static_cast<std::size_t>(n_));
  if (search_->num_words() <= 0)
    offer({start_ + classes_.finish(-1), Histories::kEmpty, Histories::kEmpty}, best.data(), n_);
  for (std::size_t i = 0; num_layers_ > 0 && i < graph_.spellings.size(); ++i) {
    const WordGraph::Spelling& spelling = graph_.spellings[i];
    const double added = classes_.alone(spelling.word) + classes_.finish(spelling.word);
    for (Place place : {kLabel, kBlank}) {
      const Token* list = tokens(num_layers_ - 1, spelling.last, place);
      for (Index j = 0; j < n_; ++j) {
        RankedExit exit{list[j].score, list[j].history, static_cast<std::int32_t>(i), -1};
        offer_exit(exit, list[j].score + added, best.data());
      }
    }
  }
  best.erase(std::find_if_not(best.begin(), best.end(), is_there), best.end());
  return best;
}

Reading TokenPassingRun::make_reading(const Token& token) const {
  Reading reading;
  const Index separator = search_->lexicon().separator();
  for (std::int32_t number : histories_.spellings_of(token.history)) {
    const WordGraph::Spelling& spelling = graph_.spellings[static_cast<std::size_t>(number)];
    if (!reading.words.empty() && separator != Lexicon::kNone) reading.labels.push_back(separator);
    reading.words.push_back(spelling.word);
    const std::vector<Index> labels = graph_.labels_of(spelling);
    reading.labels.insert(reading.labels.end(), labels.begin(), labels.end());
  }
  const Alignment aligned = align(reading.labels, outputs_, static_cast<Index>(outputs_.size()) / units_, units_);
  reading.positions = aligned.positions;
  reading.log_probability = aligned.path_log_probability;
  for (std::size_t i = 0; i < reading.labels.size(); ++i) {
    double& confidence = reading.confidences.emplace_back(0);
    for (Index t = reading.positions[i].first; t <= reading.positions[i].last; ++t) {
      confidence = std::max(confidence, outputs_[static_cast<std::size_t>(t * units_ + reading.labels[i])]);
    }
  }
  reading.score = token.score;
  return reading;
}

void TokenPassingRun::finish(Prediction& prediction) {
  for (const Token& token : final_tokens()) prediction.readings.push_back(make_reading(token));
  if (prediction.readings.empty()) return;
  const Reading& best = prediction.readings.front();
  prediction.labels = best.labels;
  prediction.positions = best.positions;
  prediction.confidences = best.confidences;
}

}  // namespace rnnlib
