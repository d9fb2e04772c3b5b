// SPDX-License-Identifier: Apache-2.0
// A labelling's state is the network after it has read the labelling. Most labellings are given up before anybody asks
// what follows them: the network reads a label only when that happens.
#include "rnnlib/network_scorer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>
#include <utility>

#include "base/numbers.h"
#include "base/text.h"
#include "rnnlib/error.h"
#include "rnnlib/stream.h"

namespace rnnlib {
namespace {

constexpr Index kNone = -1;

Index unit_of(const Network& network, const std::string& label) {
  const std::vector<std::string>& labels = network.spec().data.labels;
  const auto found = std::find(labels.begin(), labels.end(), label);
  return found == labels.end() ? kNone : found - labels.begin();
}

void check_options(const NetworkScorerOptions& options) {
  if (!(options.weight >= 0) || !std::isfinite(options.weight)) {
    throw ConfigError("the weight of a network as a language model must be 0 or more, found " +
                      number_text(options.weight));
  }
  if (!std::isfinite(options.label_bonus)) {
    throw ConfigError("the label bonus must be a number, found " + number_text(options.label_bonus));
  }
  if (!(options.unknown_score <= 0) || !std::isfinite(options.unknown_score)) {
    throw ConfigError("the score of unknown labels must be 0 or less, found " + number_text(options.unknown_score));
  }
}

void check_network(const Network& network) {
  const NetworkSpec& spec = network.spec();
  const std::string what = "a network as a language model ";
  if (spec.task != Task::kClassification) {
    throw ConfigError(what + "needs the task classification, found " + to_string(spec.task));
  }
  const std::string why = why_no_stream(spec);
  if (!why.empty()) throw ConfigError(what + "must stream, but " + why);
  const Index labels = static_cast<Index>(spec.data.labels.size());
  if (labels < 3) throw ConfigError(what + "needs at least 3 labels, found " + std::to_string(labels));
  if (unit_of(network, NetworkScorer::kEnd) == kNone) {
    throw ConfigError(what + "needs the label " + in_quotes(NetworkScorer::kEnd) + ", which ends a text");
  }
  if (spec.data.input_size != labels) {
    throw ConfigError(what + "needs an input for each of its " + std::to_string(labels) + " labels, found " +
                      std::to_string(spec.data.input_size));
  }
}

// What the network has read, and what it says of the next label.
struct ReadText {
  Stream stream;
  std::vector<float> log_probabilities;
};

class NetworkScorerRun final : public ScorerRun {
 public:
  NetworkScorerRun(const Network& network, const NetworkScorerOptions& options, const std::vector<Index>& units)
      : options_(options),
        units_(units),
        end_(unit_of(network, NetworkScorer::kEnd)),
        inputs_(static_cast<std::size_t>(network.spec().data.input_size)),
        nothing_(read(Stream(network), end_)) {}

  State start() override { return add({nothing_, nullptr, kNone}); }

  double extend(State from, Index label, State& to) override {
    if (label < 0 || label >= static_cast<Index>(units_.size())) return -std::numeric_limits<double>::infinity();
    const std::shared_ptr<const ReadText> text = text_of(from);
    const Index unit = units_[static_cast<std::size_t>(label)];
    to = add({nullptr, text, unit});
    return score_of(*text, unit);
  }

  double finish(State state) override { return options_.weight * log_probability(*text_of(state), end_); }

  double most(State from) override {
    const std::shared_ptr<const ReadText> text = text_of(from);
    double best = -std::numeric_limits<double>::infinity();
    for (Index unit : units_) best = std::max(best, score_of(*text, unit));
    return best;
  }

  void forget(State state) override { texts_.erase(state); }

 private:
  // A labelling that was read, or one that is to be read when somebody asks: another one with one more label.
  struct Text {
    std::shared_ptr<const ReadText> text;  // null: not read yet
    std::shared_ptr<const ReadText> before;
    Index unit;
  };

  State add(Text text) {
    texts_.emplace(next_, std::move(text));
    return next_++;
  }

  std::shared_ptr<const ReadText> text_of(State state) {
    Text& found = texts_.at(state);
    if (found.text == nullptr) {
      found.text = read(found.before->stream, found.unit);
      found.before.reset();
    }
    return found.text;
  }

  static double log_probability(const ReadText& text, Index unit) {
    return static_cast<double>(text.log_probabilities[static_cast<std::size_t>(unit)]);
  }

  double score_of(const ReadText& text, Index unit) const {
    const double score = unit == kNone ? options_.unknown_score : log_probability(text, unit);
    return options_.weight * score + options_.label_bonus;
  }

  // One more label; kNone: one that the network does not have.
  std::shared_ptr<const ReadText> read(Stream stream, Index unit) {
    std::fill(inputs_.begin(), inputs_.end(), 0.0F);
    if (unit != kNone) inputs_[static_cast<std::size_t>(unit)] = 1;
    const StreamOutput& output = stream.push(inputs_.data(), 1, static_cast<Index>(inputs_.size()));
    if (output.points != 1) {
      throw ConfigError("a network as a language model must have an output as soon as it has read a label");
    }
    constexpr double kLeast = static_cast<double>(std::numeric_limits<float>::min());
    std::vector<float> logs;
    for (double y : output.outputs) logs.push_back(static_cast<float>(std::log(std::max(y, kLeast))));
    return std::make_shared<ReadText>(ReadText{std::move(stream), std::move(logs)});
  }

  NetworkScorerOptions options_;
  const std::vector<Index>& units_;
  Index end_;
  std::vector<float> inputs_;                // of a point
  std::shared_ptr<const ReadText> nothing_;  // before the first label
  std::unordered_map<State, Text> texts_;    // that are not given up
  State next_ = 0;
};

}  // namespace

NetworkScorer::NetworkScorer(std::shared_ptr<const Network> network, const std::vector<std::string>& labels,
                             const NetworkScorerOptions& options)
    : network_(std::move(network)), options_(options) {
  if (network_ == nullptr) throw ConfigError("a scorer of a network needs one");
  check_options(options);
  check_network(*network_);
  for (const std::string& label : labels) {
    units_.push_back(label == kEnd ? kNone : unit_of(*network_, label));
    if (units_.back() == kNone) unknown_.push_back(label);
  }
  if (unknown_.size() == labels.size()) {
    throw DataError("the language model has none of the " + std::to_string(labels.size()) + " labels" +
                    (labels.empty() ? "" : ", the first of which is " + in_quotes(labels.front())));
  }
  begin();  // a network that needs more points for an output is refused now
}

NetworkScorer::~NetworkScorer() = default;

std::unique_ptr<ScorerRun> NetworkScorer::begin() const {
  return std::make_unique<NetworkScorerRun>(*network_, options_, units_);
}

}  // namespace rnnlib
