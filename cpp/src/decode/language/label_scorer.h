// SPDX-License-Identifier: Apache-2.0
// An n-gram model over labels: a run needs nothing but the model's own states.
#pragma once

#include <limits>
#include <memory>
#include <utility>

#include "decode/language/weighted_model.h"

namespace rnnlib {

class LabelScorer final : public Scorer {
 public:
  explicit LabelScorer(WeightedModel model) : model_(std::move(model)) {}

  std::unique_ptr<ScorerRun> begin() const override { return std::make_unique<Run>(model_); }

 private:
  class Run final : public ScorerRun {
   public:
    explicit Run(const WeightedModel& model) : model_(model) {}
    State start() override { return model_.start(); }
    double extend(State from, Index label, State& to) override {
      if (label < 0 || label >= model_.size()) return -std::numeric_limits<double>::infinity();
      return model_.extend(from, static_cast<std::size_t>(label), to);
    }
    double most(State) override { return model_.most(); }
    double finish(State state) override { return model_.finish(state); }

   private:
    const WeightedModel& model_;
  };

  WeightedModel model_;
};

}  // namespace rnnlib
