// SPDX-License-Identifier: Apache-2.0
// Networks as language models against the outputs of whole sequences.
#include "rnnlib/network_scorer.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine_fixture.h"
#include "expect_error.h"
#include "rnnlib/beam.h"
#include "rnnlib/error.h"
#include "rnnlib/language_scorer.h"

namespace rnnlib {
namespace {

using namespace testing_engine;

constexpr double kNever = -std::numeric_limits<double>::infinity();
const std::vector<std::string> kLabels = {"a", "b", "c", NetworkScorer::kEnd};

std::shared_ptr<Network> make(Keys keys = {}, std::vector<std::string> labels = kLabels, Index inputs = 4) {
  Config config;
  keys.insert(keys.begin(), {{"task", "classification"}, {"hiddenSize", "5,4"}, {"bidirectional", "false"}});
  for (const auto& [key, value] : keys) config.set(key, value);
  DataHeader header;
  header.num_dims = 1;
  header.input_size = inputs;
  header.labels = std::move(labels);
  return std::make_shared<Network>(make_network(make_network_spec(config, header), Precision::kDouble, 1.5));
}

// Of the labelling's labels and its end, by the outputs of the whole sequence.
double expected_score(const Network& network, const std::vector<Index>& units) {
  std::vector<float> inputs((units.size() + 1) * 4, 0.0F);
  inputs[3] = 1;
  for (std::size_t i = 0; i < units.size(); ++i) inputs[(i + 1) * 4 + static_cast<std::size_t>(units[i])] = 1;
  Sequence sequence;
  sequence.set_inputs(inputs, {static_cast<Index>(units.size()) + 1}, 4);
  const std::vector<double> outputs = network.predict({sequence}).front().outputs;
  double sum = std::log(outputs[units.size() * 4 + 3]);
  for (std::size_t i = 0; i < units.size(); ++i) sum += std::log(outputs[i * 4 + static_cast<std::size_t>(units[i])]);
  return sum;
}

TEST(NetworkScorer, ScoresAreThoseOfWholeSequences) {
  const auto network = make();
  NetworkScorerOptions options;
  options.weight = 0.6;
  options.label_bonus = 0.25;
  // The transcription network has its labels in another order.
  const NetworkScorer scorer(network, {"c", "a", "b"}, options);
  for (const std::vector<Index>& labels : {std::vector<Index>{}, {0}, {1, 1}, {2, 0, 1}, {0, 0, 2, 1, 1}}) {
    std::vector<Index> units;
    for (Index label : labels) units.push_back((label + 2) % 3);
    EXPECT_NEAR(score_labels(scorer, labels),
                0.6 * expected_score(*network, units) + 0.25 * static_cast<double>(labels.size()), 1e-5);
  }
  EXPECT_EQ(score_labels(scorer, {3}), kNever);
  EXPECT_EQ(score_labels(scorer, {-1}), kNever);
}

// In any order, as a beam search asks.
TEST(NetworkScorer, BranchesDoNotDisturbEachOther) {
  const auto network = make();
  const NetworkScorer scorer(network, {"a", "b", "c"});
  const auto run = scorer.begin();
  std::vector<std::pair<std::vector<Index>, ScorerRun::State>> texts = {{{}, run->start()}};
  std::vector<double> scores = {0};
  for (std::size_t i = 0; i < 13; ++i) {
    for (Index label : {2, 0, 1}) {
      auto [labels, from] = texts[i];
      ScorerRun::State to = 0;
      const double score = scores[i] + run->extend(from, label, to);
      labels.push_back(label);
      texts.emplace_back(labels, to);
      scores.push_back(score);
    }
  }
  for (std::size_t i = texts.size(); i-- > 0;) {
    EXPECT_NEAR(scores[i] + run->finish(texts[i].second), expected_score(*network, texts[i].first), 1e-5);
  }
}

TEST(NetworkScorer, WhatIsGivenUpDoesNotDisturbItsContinuations) {
  const auto network = make();
  const NetworkScorer scorer(network, {"a", "b", "c"});
  const auto run = scorer.begin();
  const ScorerRun::State nothing = run->start();
  ScorerRun::State a = 0;
  ScorerRun::State b = 0;
  ScorerRun::State ab = 0;
  double sum = run->extend(nothing, 0, a);
  run->extend(nothing, 1, b);
  run->forget(nothing);
  run->forget(b);
  EXPECT_GE(run->most(a), run->extend(a, 2, b));
  sum += run->extend(a, 1, ab);
  run->forget(a);
  EXPECT_NEAR(sum + run->finish(ab), expected_score(*network, {0, 1}), 1e-5);
}

TEST(NetworkScorer, LabelsThatItDoesNotHave) {
  const auto network = make();
  NetworkScorerOptions options;
  options.unknown_score = -7;
  const NetworkScorer scorer(network, {"x", "a", NetworkScorer::kEnd}, options);
  EXPECT_EQ(scorer.unknown(), (std::vector<std::string>{"x", NetworkScorer::kEnd}));
  const auto run = scorer.begin();
  ScorerRun::State state = run->start();
  EXPECT_NEAR(run->extend(state, 0, state), -7, 1e-12);
  EXPECT_TRUE(std::isfinite(run->extend(state, 1, state)));
  expect_error<DataError>([&] { NetworkScorer(network, {"x"}); }, {"none of the 1 labels", "x"});
}

TEST(NetworkScorer, InABeamSearch) {
  const auto scorer = std::make_shared<NetworkScorer>(make(), std::vector<std::string>{"a", "b", "c"});
  BeamOptions options;
  options.n_best = 5;
  std::vector<double> outputs;
  Random random(2);
  for (int i = 0; i < 6 * 4; ++i) outputs.push_back(0.1 + random.uniform(0, 0.3));
  for (const Reading& reading : decode(BeamDecoder(options, scorer), outputs, 6, 4).readings) {
    EXPECT_NEAR(reading.score, reading.log_probability + score_labels(*scorer, reading.labels), 1e-5);
  }
}

TEST(NetworkScorer, RefusesOtherNetworks) {
  const std::vector<std::string> labels = {"a"};
  const auto refuse = [&](const std::shared_ptr<Network>& network, const std::string& part) {
    expect_error<ConfigError>([&] { NetworkScorer(network, labels); }, {part});
  };
  refuse(nullptr, "needs one");
  refuse(make({{"bidirectional", "true"}}), "bidirectional");
  refuse(make({{"task", "transcription"}}), "task classification");
  refuse(make({}, {"a", "b", "c", "d"}), "</s>");
  refuse(make({}, {"a", NetworkScorer::kEnd}, 2), "at least 3 labels");
  refuse(make({}, kLabels, 3), "an input for each of its 4 labels, found 3");
  refuse(make({{"inputBlock", "2"}}), "as soon as");
  const auto network = make();
  for (const NetworkScorerOptions& options :
       {NetworkScorerOptions{-1, 0, 0}, NetworkScorerOptions{std::nan(""), 0, 0},
        NetworkScorerOptions{1, std::nan(""), 0}, NetworkScorerOptions{1, 0, 1}}) {
    expect_error<ConfigError>([&] { NetworkScorer(network, labels, options); }, {"found"});
  }
}

}  // namespace
}  // namespace rnnlib
