// SPDX-License-Identifier: Apache-2.0
// A state is a list of the parts' states; lists are numbered as they come.
#include "rnnlib/sum_scorer.h"

#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "base/numbers.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

constexpr double kNever = -std::numeric_limits<double>::infinity();

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
    double sum = 0;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const double score = parts_[i].run->extend(at(from)[i], label, next_[i]);
      if (score == kNever) return kNever;
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

 private:
  using States = std::vector<State>;
  struct Part {
    std::unique_ptr<ScorerRun> run;
    double weight;
  };

  const States& at(State number) const { return *lists_[static_cast<std::size_t>(number)]; }

  State number_of(const States& states) {
    const auto [found, is_new] = numbers_.emplace(states, static_cast<State>(lists_.size()));
    if (is_new) lists_.push_back(&found->first);
    return found->second;
  }

  std::vector<Part> parts_;
  std::map<States, State> numbers_;
  std::vector<const States*> lists_;  // by number
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
