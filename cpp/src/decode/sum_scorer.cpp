// SPDX-License-Identifier: Apache-2.0
// A state is a list of the parts' states; lists are numbered as they come.
#include "rnnlib/sum_scorer.h"

#include <cmath>
#include <limits>
#include <map>
#include <unordered_map>
#include <utility>

#include "base/numbers.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

constexpr double kNever = -std::numeric_limits<double>::infinity();
constexpr double kUnknown = std::numeric_limits<double>::infinity();

class SumRun final : public ScorerRun {
 public:
  explicit SumRun(const std::vector<SumScorer::Part>& parts) : next_(parts.size()) {
    for (const SumScorer::Part& part : parts) parts_.push_back({part.scorer->begin(), part.weight});
  }

  State start() override {
    for (std::size_t i = 0; i < parts_.size(); ++i) next_[i] = parts_[i].run->start();
    return number_of(next_);
  }

  double extend(State from, Index label, State& to) override {
    const States& states = at(from);
    double sum = 0;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const double score = parts_[i].run->extend(states[i], label, next_[i]);
      if (score == kNever) {
        for (std::size_t j = 0; j < i; ++j) parts_[j].run->forget(next_[j]);
        return kNever;
      }
      sum += parts_[i].weight * score;
    }
    to = number_of(next_);
    return sum;
  }

  double finish(State state) override {
    double sum = 0;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const double score = parts_[i].run->finish(at(state)[i]);
      if (score == kNever) return kNever;
      sum += parts_[i].weight * score;
    }
    return sum;
  }

  double most(State from) override {
    double sum = 0;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const double part = parts_[i].weight < 0 ? kUnknown : parts_[i].run->most(at(from)[i]);
      if (part == kUnknown) return kUnknown;
      sum += parts_[i].weight * part;
    }
    return sum;
  }

  // Equal lists are one state, which is given several times then, and so are those of its parts.
  void forget(State state) override {
    const auto entry = entries_.find(state);
    const States& states = *entry->second.states;
    for (std::size_t i = 0; i < parts_.size(); ++i) parts_[i].run->forget(states[i]);
    if (--entry->second.times_given > 0) return;
    numbers_.erase(numbers_.find(states));
    entries_.erase(entry);
  }

 private:
  using States = std::vector<State>;
  struct Part {
    std::unique_ptr<ScorerRun> run;
    double weight;
  };
  struct Entry {
    const States* states;
    Index times_given;
  };

  const States& at(State number) const { return *entries_.at(number).states; }

  State number_of(const States& states) {
    const auto [found, is_new] = numbers_.emplace(states, next_number_);
    if (is_new) entries_.emplace(next_number_++, Entry{&found->first, 0});
    ++entries_.at(found->second).times_given;
    return found->second;
  }

  std::vector<Part> parts_;
  std::map<States, State> numbers_;
  std::unordered_map<State, Entry> entries_;  // by number
  State next_number_ = 0;
  States next_;
};

}  // namespace

SumScorer::SumScorer(std::vector<Part> parts) : parts_(std::move(parts)) {
  if (parts_.empty()) throw ConfigError("a sum of scorers needs at least one");
  for (const Part& part : parts_) {
    if (part.scorer == nullptr) throw ConfigError("a part of a sum of scorers has no scorer");
    if (!std::isfinite(part.weight)) {
      throw ConfigError("the weight of a scorer must be a number, found " + number_text(part.weight));
    }
  }
}

SumScorer::~SumScorer() = default;

std::unique_ptr<ScorerRun> SumScorer::begin() const { return std::make_unique<SumRun>(parts_); }

const Scorer* SumScorer::with_words() const {
  for (const Part& part : parts_) {
    if (part.scorer->lexicon() != nullptr) return part.scorer.get();
  }
  return nullptr;
}

const Lexicon* SumScorer::lexicon() const {
  const Scorer* found = with_words();
  return found == nullptr ? nullptr : found->lexicon();
}

std::vector<Index> SumScorer::words(const std::vector<Index>& labels) const {
  const Scorer* found = with_words();
  return found == nullptr ? std::vector<Index>() : found->words(labels);
}

}  // namespace rnnlib
