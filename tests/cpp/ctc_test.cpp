// SPDX-License-Identifier: Apache-2.0
// Connectionist temporal classification against a sum over all paths and differences; its errors.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>

#include "ctc_fixture.h"
#include "decode/best_path.h"

namespace rnnlib {
namespace {

using testing_losses::compare_with_differences;
using testing_losses::label_sequence;
using testing_losses::Labels;
using testing_losses::make_spec;
using testing_losses::random_net;
using testing_losses::run_loss;

// Probability of every label sequence that any path of `points` units gives.
std::map<Labels, double> sum_over_paths(const std::vector<double>& output, Index points, Index size) {
  std::map<Labels, double> probabilities;
  Index num_paths = 1;
  for (Index t = 0; t < points; ++t) num_paths *= size;
  for (Index path = 0; path < num_paths; ++path) {
    std::vector<double> chosen(static_cast<std::size_t>(points * size), 0.0);
    double probability = 1;
    Index rest = path;
    for (Index t = 0; t < points; ++t, rest /= size) {
      const auto i = static_cast<std::size_t>(t * size + rest % size);
      probability *= output[i];
      chosen[i] = 1;
    }
    Prediction read;
    BestPathRun decoder(size, 1);
    decode(decoder, chosen.data(), points, read);
    probabilities[Labels(read.labels.begin(), read.labels.end())] += probability;
  }
  return probabilities;
}

TEST(Ctc, IsTheSumOverAllPaths) {
  for (const Index num_labels : {1, 2, 3}) {
    for (const Index points : {1, 2, 3, 5}) {
      const NetworkSpec spec = make_spec(Task::kTranscription, num_labels);
      const Index size = num_labels + 1;
      const auto net = random_net(points * size, static_cast<unsigned>(10 * num_labels + points));
      const auto output = run_loss<double>(spec, net, label_sequence({}, points)).output;
      double total = 0;
      for (const auto& [labels, probability] : sum_over_paths(output, points, size)) {
        const double error = run_loss<double>(spec, net, label_sequence(labels, points)).value("ctcError");
        EXPECT_NEAR(error, -std::log(probability), 1e-12) << labels.size() << " labels, " << points << " points";
        total += std::exp(-error);
      }
      EXPECT_NEAR(total, 1, 1e-12);
    }
  }
}

TEST(Ctc, Gradient) {
  const NetworkSpec spec = make_spec(Task::kTranscription, 3);
  for (const Labels& target : {Labels{}, Labels{1}, Labels{0, 0, 2}, Labels{2, 1, 2, 0}, Labels{0, 0, 0}}) {
    compare_with_differences(
        spec, random_net(5 * 4, 3), label_sequence(target, 5),
        [](double exact, double numeric, std::size_t i) { EXPECT_NEAR(exact, numeric, 1e-8) << "net input " << i; });
  }
}

TEST(Ctc, OutputDeltasLeadToNetDeltas) {
  const auto run =
      run_loss<double>(make_spec(Task::kTranscription, 3), random_net(24, 4), label_sequence({1, 1, 0}, 6));
  for (std::size_t i = 0; i < 24; ++i) {
    double expected = 0;  // dy_j / dnet_i = y_j (delta_ij - y_i)
    for (std::size_t j = i / 4 * 4; j < i / 4 * 4 + 4; ++j) {
      expected += run.d_output[j] * run.output[j] * ((i == j ? 1 : 0) - run.output[i]);
    }
    EXPECT_NEAR(run.d_net[i], expected, 1e-13);
  }
}

TEST(Ctc, ForwardTimesBackwardIsTheSameAtEveryPoint) {
  const Index points = 40;
  const Labels target = {0, 1, 1, 2, 0, 0, 2};
  const auto run =
      run_loss<double>(make_spec(Task::kTranscription, 3), random_net(points * 4, 5), label_sequence(target, points));
  ASSERT_EQ(run.trace.size(), 2U);
  EXPECT_EQ(run.trace[0].name, "forwardVariables");
  EXPECT_EQ(run.trace[1].name, "backwardVariables");
  EXPECT_EQ(run.trace[0].shape, (Shape{points, 15}));
  for (std::size_t t = 0; t < 40; ++t) {
    double sum = 0;
    for (std::size_t s = 0; s < 15; ++s) {
      sum += std::exp(run.trace[0].values[t * 15 + s] + run.trace[1].values[t * 15 + s] + run.criterion());
    }
    EXPECT_NEAR(sum, 1, 1e-12) << "point " << t;
  }
}

TEST(Ctc, ImportanceWeighsTheSequence) {
  const NetworkSpec spec = make_spec(Task::kTranscription, 2);
  const std::vector<float> weight = {2.5F};
  const std::vector<float> none = {0.0F};
  const Labels target = {0, 1, 1};
  Sequence sequence = label_sequence(target, 6);
  const std::vector<double> net = random_net(18, 9);
  const auto plain = run_loss<double>(spec, net, sequence);
  sequence.set_importance(weight);
  const auto weighted = run_loss<double>(spec, net, sequence);
  EXPECT_DOUBLE_EQ(weighted.criterion(), 2.5 * plain.criterion());
  for (std::size_t i = 0; i < net.size(); ++i) {
    EXPECT_DOUBLE_EQ(weighted.d_net[i], 2.5 * plain.d_net[i]);
    EXPECT_DOUBLE_EQ(weighted.d_output[i], 2.5 * plain.d_output[i]);
  }
  sequence.set_importance(none);
  EXPECT_EQ(run_loss<double>(spec, net, sequence).by_name.count("ctcError"), 0U);
}

TEST(Ctc, LongSequencesNeitherOverflowNorVanish) {
  const Index points = 3000;
  const Index length = 500;
  const Labels target(length, 1);
  const NetworkSpec spec = make_spec(Task::kTranscription, 2);
  const std::vector<double> net(static_cast<std::size_t>(points * 3), 0.0);
  // All paths are equally likely, 3^-T. Those of S equal labels are cut into 2S+1 stretches, of which only the first
  // and the last may be empty: C(T+1, 2S) ways.
  const double n = static_cast<double>(points + 1);
  const double k = static_cast<double>(2 * length);
  const double log_paths = std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1);
  const auto run = run_loss<double>(spec, net, label_sequence(target, points));
  EXPECT_NEAR(run.value("ctcError"), static_cast<double>(points) * std::log(3.0) - log_paths, 1e-7);
  for (const double delta : run.d_net) ASSERT_TRUE(std::isfinite(delta));
}

TEST(Ctc, NetInputsOfAnySizeStayFinite) {
  for (const double huge : {1e5, 1e8, 1e30}) {
    std::vector<double> net = random_net(600, 2);
    for (double& x : net) x *= huge;
    const auto run =
        run_loss<float>(make_spec(Task::kTranscription, 2), net, label_sequence({0, 1, 1, 0, 0, 1, 0}, 200));
    EXPECT_TRUE(std::isfinite(run.criterion()));
    EXPECT_GT(run.criterion(), 1e5);
    for (const float delta : run.d_net) ASSERT_TRUE(std::isfinite(delta));
    for (const TraceVariable& variable : run.trace) {
      for (const double value : variable.values) ASSERT_TRUE(std::isfinite(value));
    }
  }
}

TEST(Ctc, CertainAndImpossibleOutputsStayFinite) {
  const NetworkSpec spec = make_spec(Task::kTranscription, 2);
  const std::vector<double> certain = {9000, 0, 0, 0, 0, 9000};  // label 0, blank
  EXPECT_NEAR(run_loss<double>(spec, certain, label_sequence({0}, 2)).criterion(), 0, 1e-12);
  const auto wrong = run_loss<float>(spec, certain, label_sequence({1}, 2));
  EXPECT_NEAR(wrong.criterion(), 9000, 1);
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_TRUE(std::isfinite(wrong.d_net[i]));
    EXPECT_TRUE(std::isfinite(wrong.d_output[i]));
  }
}

TEST(Ctc, NanIsSeen) {
  const NetworkSpec spec = make_spec(Task::kTranscription, 2);
  std::vector<double> net(15, 0.0);
  for (const std::size_t i : {0U, 7U, 14U}) {
    net.assign(15, 0.0);
    net[i] = std::numeric_limits<double>::quiet_NaN();
    EXPECT_TRUE(std::isnan(run_loss<double>(spec, net, label_sequence({1}, 5)).criterion())) << i;
    net[i] = std::numeric_limits<double>::infinity();
    EXPECT_TRUE(std::isnan(run_loss<float>(spec, net, label_sequence({1}, 5)).criterion())) << i;
  }
}

TEST(Ctc, TargetsThatCannotFitAddToAllErrorsButCtcError) {
  // Best path: 0 1 1 blank = labels 0 1
  const std::vector<double> net = {9, 0, 0, 0, 0, 9, 0, 0, 0, 9, 0, 0, 0, 0, 0, 9};
  LossOptions options;
  options.confusion_matrix = true;
  const NetworkSpec spec = make_spec(Task::kTranscription, 3);
  const auto run = run_loss<double>(spec, net, label_sequence({0, 0, 1, 1}, 4), options);
  EXPECT_TRUE(run.errors.skipped);
  EXPECT_EQ(run.errors.needed, 6);
  EXPECT_EQ(run.errors.available, 4);
  EXPECT_EQ(run.by_name.count("ctcError"), 0U);
  EXPECT_EQ(run.value("labelError"), 2);
  EXPECT_EQ(run.norm("labelError"), 4);
  EXPECT_EQ(run.value("seqError"), 1);
  EXPECT_EQ(run.norm("seqError"), 1);
  EXPECT_EQ(run.value("substitutions"), 0);
  EXPECT_EQ(run.value("deletions"), 2);
  EXPECT_EQ(run.value("insertions"), 0);
  EXPECT_EQ(run.value("_l0_deletions"), 2);  // the way back goes along the diagonal: the first two
  EXPECT_EQ(run.norm("_l0_deletions"), 4);
  EXPECT_TRUE(run.trace.empty());
  EXPECT_EQ(run.d_net, std::vector<double>(16, 0));
  EXPECT_EQ(run.d_output, std::vector<double>(16, 0));
  EXPECT_FALSE(run_loss<double>(spec, random_net(24, 6), label_sequence({0, 0, 1, 1}, 6)).errors.skipped);
}

TEST(Ctc, LegacyErrorsLeaveTargetsThatCannotFitOut) {
  const NetworkSpec spec = make_spec(Task::kTranscription, 3);
  LossOptions options;
  options.legacy_errors = true;
  const auto run = run_loss<double>(spec, random_net(16, 6), label_sequence({0, 0, 1, 1}, 4), options);
  EXPECT_TRUE(run.errors.skipped);
  EXPECT_TRUE(run.errors.items.empty());
  EXPECT_EQ(run.d_net, std::vector<double>(16, 0));
}

TEST(Ctc, LabelsReadWhereTheTargetHasNoneAreInsertions) {
  const std::vector<double> net = {9, 0, 0, 0, 0, 9, 0, 0};
  const auto run = run_loss<double>(make_spec(Task::kTranscription, 3), net, label_sequence({}, 2));
  EXPECT_EQ(run.value("labelError"), 2);
  EXPECT_EQ(run.norm("labelError"), 0);
  EXPECT_EQ(run.value("insertions"), 2);
  EXPECT_EQ(run.value("seqError"), 1);
}

TEST(Ctc, LabelErrorsOfTheBestPath) {
  // Best path: 0 0 blank 0 1 blank = labels 0 0 1
  const std::vector<double> net = {9, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 9, 9, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 9};
  LossOptions options;
  options.confusion_matrix = true;
  const NetworkSpec spec = make_spec(Task::kTranscription, 3);
  const auto run = run_loss<double>(spec, net, label_sequence({0, 2}, 6), options);
  EXPECT_EQ(run.prediction.labels, (std::vector<Index>{0, 0, 1}));
  EXPECT_EQ(run.value("labelError"), 2);
  EXPECT_EQ(run.norm("labelError"), 2);
  EXPECT_EQ(run.value("seqError"), 1);
  EXPECT_EQ(run.norm("seqError"), 1);
  EXPECT_EQ(run.value("substitutions"), 1);
  EXPECT_EQ(run.value("deletions"), 0);
  EXPECT_EQ(run.value("insertions"), 1);
  EXPECT_EQ(run.value("_l2_substitutions"), 1);
  EXPECT_EQ(run.value("_l2->l1"), 1);
  EXPECT_EQ(run.value("_l0_insertions"), 1);
  EXPECT_EQ(run.errors.items.size(), 9U);

  const auto deletion = run_loss<double>(spec, net, label_sequence({2, 0, 0, 1}, 6), options);
  EXPECT_EQ(deletion.value("_l2_deletions"), 1);
  const auto right = run_loss<double>(spec, net, label_sequence({0, 0, 1}, 6), options);
  EXPECT_EQ(right.value("seqError"), 0);
  EXPECT_EQ(right.value("labelError"), 0);
}

TEST(Ctc, WorkspaceLeavesNoTrace) {
  const NetworkSpec spec = make_spec(Task::kTranscription, 3);
  LossWorkspace used;
  run_loss<double>(spec, random_net(80, 7), label_sequence({0, 1, 2, 2, 1}, 20), used);
  const auto net = random_net(16, 8);
  const auto after = run_loss<double>(spec, net, label_sequence({1, 0}, 4), used);
  const auto fresh = run_loss<double>(spec, net, label_sequence({1, 0}, 4));
  EXPECT_EQ(after.criterion(), fresh.criterion());
  EXPECT_EQ(after.d_net, fresh.d_net);
  EXPECT_EQ(after.trace[0].values, fresh.trace[0].values);
}

TEST(Ctc, FloatAgreesWithDouble) {
  const NetworkSpec spec = make_spec(Task::kTranscription, 3);
  const auto net = random_net(200, 9);
  const Labels target = {0, 1, 1, 2, 0};
  const auto coarse = run_loss<float>(spec, net, label_sequence(target, 50));
  const auto fine = run_loss<double>(spec, net, label_sequence(target, 50));
  EXPECT_NEAR(coarse.criterion(), fine.criterion(), 1e-5 * fine.criterion());
  for (std::size_t i = 0; i < net.size(); ++i) EXPECT_NEAR(static_cast<double>(coarse.d_net[i]), fine.d_net[i], 1e-5);
}

}  // namespace
}  // namespace rnnlib
