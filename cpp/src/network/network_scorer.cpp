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

class NetworkScorerRun final : public ScorerRun {
 public:
  NetworkScorerRun(const Network& network, const NetworkScorerOptions& options, const std::vector<Index>& units)
      : options_(options),
        units_(units),
        end_(unit_of(network, NetworkScorer::kEnd)),
        inputs_(static_cast<std::size_t>(network.spec().data.input_size)) {
    add(Stream(network), end_);
  }

  State start() override { return 0; }

  double extend(State from, Index label, State& to) override {
    if (label < 0 || label >= num_labels()) return -std::numeric_limits<double>::infinity();
    const std::size_t text = text_of(from);
    const Index unit = units_[static_cast<std::size_t>(label)];
    to = 1 + static_cast<State>(text) * num_labels() + label;
    const double score = unit == kNone ? options_.unknown_score : log_probability(text, unit);
    return options_.weight * score + options_.label_bonus;
  }

  double finish(State state) override { return options_.weight * log_probability(text_of(state), end_); }

 private:
  struct Text {
    Stream after;  // the network that has read it
    std::vector<float> log_probabilities;
  };

  Index num_labels() const { return static_cast<Index>(units_.size()); }

  double log_probability(std::size_t text, Index unit) const {
    return static_cast<double>(texts_[text].log_probabilities[static_cast<std::size_t>(unit)]);
  }

  // State 0 is the empty text; state 1 + t * labels + l is text t with the label l, whether it was read yet or not.
  std::size_t text_of(State state) {
    if (state == 0) return 0;
    const auto known = numbers_.find(state);
    if (known != numbers_.end()) return known->second;
    const auto before = static_cast<std::size_t>((state - 1) / num_labels());
    add(texts_[before].after, units_[static_cast<std::size_t>((state - 1) % num_labels())]);
    numbers_.emplace(state, texts_.size() - 1);
    return texts_.size() - 1;
  }

  // A text with one more label; kNone: one that the network does not have.
  void add(Stream stream, Index unit) {
    std::fill(inputs_.begin(), inputs_.end(), 0.0F);
    if (unit != kNone) inputs_[static_cast<std::size_t>(unit)] = 1;
    const StreamOutput& output = stream.push(inputs_.data(), 1, static_cast<Index>(inputs_.size()));
    if (output.points != 1) {
      throw ConfigError("a network as a language model must have an output as soon as it has read a label");
    }
    constexpr double kLeast = static_cast<double>(std::numeric_limits<float>::min());
    std::vector<float> logs;
    for (double y : output.outputs) logs.push_back(static_cast<float>(std::log(std::max(y, kLeast))));
    texts_.push_back({std::move(stream), std::move(logs)});
  }

  NetworkScorerOptions options_;
  const std::vector<Index>& units_;
  Index end_;
  std::vector<float> inputs_;  // of a point
  std::vector<Text> texts_;
  std::unordered_map<State, std::size_t> numbers_;  // of the texts that were read
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
