// SPDX-License-Identifier: Apache-2.0
// Forced alignment: against all paths of tiny problems, and against best path decoding.
#include "rnnlib/alignment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "all_paths.h"
#include "engine_fixture.h"
#include "expect_error.h"
#include "rnnlib/decoder.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

using testing_paths::all_labellings;
using testing_paths::for_all_paths;
using testing_paths::Labels;
using testing_paths::labels_of_path;
using testing_paths::random_outputs;
using Positions = std::vector<std::pair<Index, Index>>;

Positions pairs_of(const std::vector<LabelPosition>& positions) {
  Positions pairs;
  for (const LabelPosition& position : positions) pairs.emplace_back(position.first, position.last);
  return pairs;
}

TEST(Alignment, IsTheMostProbableOfAllPathsThatReadTheLabels) {
  std::mt19937 random(1);
  for (Index points = 0; points <= 6; ++points) {
    for (Index units = 2; units <= 4; ++units) {
      const std::vector<double> outputs = random_outputs(points, units, 1, random);
      const std::map<Labels, double> labellings = all_labellings(outputs, points, units);
      std::map<Labels, std::pair<double, Labels>> best;
      for_all_paths(outputs, points, units, [&](const Labels& path, double probability) {
        std::pair<double, Labels>& so_far = best[labels_of_path(path, units)];
        if (probability > so_far.first) so_far = {probability, path};
      });
      for (const auto& [labels, probability] : labellings) {
        const Alignment found = align(labels, outputs, points, units);
        EXPECT_EQ(found.labels, labels);
        EXPECT_NEAR(found.log_probability, std::log(probability), 1e-9);
        EXPECT_NEAR(found.path_log_probability, std::log(best[labels].first), 1e-9);
        const Labels& path = best[labels].second;
        ASSERT_EQ(found.positions.size(), labels.size());
        Index covered = 0;
        for (std::size_t i = 0; i < labels.size(); ++i) {
          const auto [first, last] = found.positions[i];
          double sum = 0;
          for (Index t = first; t <= last; ++t, ++covered) {
            EXPECT_EQ(path[static_cast<std::size_t>(t)], labels[i]);
            sum += outputs[static_cast<std::size_t>(t * units + labels[i])];
          }
          EXPECT_NEAR(found.scores[i], sum / static_cast<double>(last - first + 1), 1e-12);
        }
        EXPECT_EQ(points - covered, std::count(path.begin(), path.end(), units - 1));
      }
    }
  }
}

TEST(Alignment, IsTheBestPathWhereThatReadsTheLabels) {
  std::mt19937 random(2);
  for (int i = 0; i < 300; ++i) {
    const Index points = 1 + i % 40;
    std::vector<double> outputs = random_outputs(points, 5, 2, random);
    if (i % 3 == 0) {  // with many units that are equally active
      for (double& output : outputs) output = output > 0.3 ? 0.5 : 0.125;
    }
    const Prediction found = decode(BestPathDecoder(), outputs, points, 5);
    EXPECT_EQ(pairs_of(align(found.labels, outputs, points, 5).positions), pairs_of(found.positions));
  }
}

TEST(Alignment, NeedsAPointForEachLabelAndOneBetweenEqualOnes) {
  EXPECT_EQ(points_needed({}), 0);
  EXPECT_EQ(points_needed({0, 1, 1, 1}), 6);
  const std::vector<double> outputs(5 * 3, 1.0 / 3);
  EXPECT_EQ(pairs_of(align({1, 1, 1}, outputs, 5, 3).positions), (Positions{{0, 0}, {2, 2}, {4, 4}}));
  expect_error<DataError>([&] { align({0, 1, 1, 1}, outputs, 5, 3); }, {"need 6 output points", "there are 5"});
  expect_error<DataError>([&] { align({0, 2}, outputs, 5, 3); }, {"label 1 is 2", "0 to 1", "blank"});
  expect_error<DataError>([&] { align({-1}, outputs, 5, 3); }, {"label 0 is -1"});
  expect_error<DataError>([&] { align({0}, outputs, 4, 3); }, {"15 outputs", "4 points of 3 units"});
}

TEST(Alignment, FindsLabelsWhoseOutputsAreZero) {
  const std::vector<double> outputs = {0, 0, 1, 0, 0.5, 0.5, 0, 0, 1};
  const Alignment found = align({0, 1}, outputs, 3, 3);
  EXPECT_EQ(pairs_of(found.positions), (Positions{{0, 0}, {1, 1}}));
  EXPECT_NEAR(found.path_log_probability, std::log(1.17549435e-38) + std::log(0.5), 1e-6);
  EXPECT_GT(found.log_probability, found.path_log_probability - 1e-9);
}

TEST(NetworkAlign, AlignsEachSequenceWithItsTarget) {
  using namespace testing_engine;
  const NetworkSpec spec = make_spec({{"task", "transcription"}, {"hiddenSize", "3"}, {"inputBlock", "3"}}, {});
  const Network network = make_network(spec);
  const TestSequences sequences(network, {{20}, {31}, {3}, {16}});
  RunOptions options;
  options.threads = 3;
  const std::vector<Alignment> found = network.align(sequences.all(), options);
  const std::vector<Prediction> predictions = network.predict(sequences.all());
  for (std::size_t i = 0; i < found.size(); ++i) {
    const Sequence& sequence = sequences[i];
    const Labels labels(sequence.target(), sequence.target() + sequence.target_length());
    EXPECT_EQ(found[i].labels, labels);
    EXPECT_EQ(found[i].points, num_points(predictions[i].shape));
    const Alignment own = align(labels, predictions[i].outputs, found[i].points, predictions[i].size);
    EXPECT_EQ(pairs_of(found[i].positions), pairs_of(own.positions));
    EXPECT_EQ(found[i].scores, own.scores);
    for (std::size_t k = 0; k < labels.size(); ++k) {
      EXPECT_EQ(found[i].input_positions[k].first, 3 * own.positions[k].first);
      EXPECT_EQ(found[i].input_positions[k].last, std::min(3 * own.positions[k].last + 2, sequence.shape()[0] - 1));
    }
    EXPECT_NEAR(-found[i].log_probability, network.evaluate(sequences.one(i)).find("ctcError")->figure(), 1e-9);
  }
}

TEST(NetworkAlign, NamesTargetsThatDoNotFit) {
  using namespace testing_engine;
  const Network network = make_network(make_spec({{"task", "transcription"}, {"hiddenSize", "3"}}, {}));
  TestSequences sequences(network, {{9}, {4}});
  const std::vector<std::int32_t> target = {1, 1, 0, 0};
  std::vector<Sequence> both = sequences.all();
  both[1].set_target(target);
  both[1].set_tag("short");
  expect_error<DataError>([&] { network.align(both); }, {"'short' (number 1)", "needs 6 output points", "there are 4"});
  std::vector<SkippedTarget> skipped;
  const std::vector<Alignment> found = network.align(both, {}, &skipped);
  EXPECT_FALSE(found[0].labels.empty());
  EXPECT_TRUE(found[1].labels.empty());
  ASSERT_EQ(skipped.size(), 1u);
  EXPECT_EQ(skipped[0].tag, "short");
  EXPECT_EQ(skipped[0].needed, 6);
  EXPECT_EQ(skipped[0].available, 4);
  const Network classes = make_network(make_spec({{"task", "classification"}, {"hiddenSize", "3"}}, {}));
  expect_error<ConfigError>([&] { classes.align({}); }, {"task classification has no labels to align"});
}

}  // namespace
}  // namespace rnnlib
