// SPDX-License-Identifier: Apache-2.0
// Squared error and cross entropy.
#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "loss_runner.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

using testing_losses::compare_with_differences;
using testing_losses::make_spec;
using testing_losses::run_loss;

Sequence class_sequence(const std::vector<std::int32_t>& target) {
  Sequence sequence;
  sequence.set_inputs(nullptr, {static_cast<Index>(target.size())}, 1);
  sequence.set_target(target);
  return sequence;
}

Sequence pattern_sequence(const std::vector<float>& patterns, Index size) {
  Sequence sequence;
  sequence.set_inputs(nullptr, {static_cast<Index>(patterns.size()) / size}, 1);
  sequence.set_target_patterns(patterns, size);
  return sequence;
}

std::vector<double> random_net(std::size_t n, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(0, 2);
  std::vector<double> net(n);
  for (double& x : net) x = normal(random);
  return net;
}

void expect_gradient(const NetworkSpec& spec, const std::vector<double>& net, const Sequence& sequence) {
  compare_with_differences(spec, net, sequence, [](double exact, double numeric, std::size_t i) {
    EXPECT_NEAR(exact, numeric, 1e-8 * (1 + std::abs(exact))) << "net input " << i;
  });
}

std::unique_ptr<Loss<float>> loss_for(const NetworkSpec& spec, const LossOptions& options) {
  return make_loss<float>(spec.task, spec.data, options);
}

template <class Function>
std::string data_error(const Function& function) {
  try {
    function();
  } catch (const DataError& error) {
    return error.what();
  }
  return "no error";
}

TEST(SquaredError, IsHalfTheSumOfSquares) {
  const std::vector<float> patterns = {1, 2, 3, 4};
  const auto run = run_loss<double>(make_spec(Task::kRegression, 2), {1.5, 2, 2, 6}, pattern_sequence(patterns, 2));
  EXPECT_DOUBLE_EQ(run.value("sumSquaresError"), 0.5 * (0.25 + 0 + 1 + 4));
  EXPECT_EQ(run.norm("sumSquaresError"), 1);
  EXPECT_EQ(run.d_net, (std::vector<double>{0.5, 0, -1, 2}));
  EXPECT_EQ(run.d_output, run.d_net);
  EXPECT_EQ(run.output, (std::vector<double>{1.5, 2, 2, 6}));
  EXPECT_TRUE(run.prediction.labels.empty());
}

TEST(SquaredError, ImportanceWeighsPointsNotUnits) {
  const std::vector<float> patterns = {1, 2, 3, 4};
  const std::vector<float> importance = {2, 0.5F};
  Sequence sequence = pattern_sequence(patterns, 2);
  sequence.set_importance(importance);
  const NetworkSpec spec = make_spec(Task::kRegression, 2);
  const auto run = run_loss<double>(spec, {1.5, 2, 2, 6}, sequence);
  EXPECT_DOUBLE_EQ(run.criterion(), 0.5 * (2 * 0.25 + 0.5 * 5));
  expect_gradient(spec, random_net(4, 1), sequence);
}

TEST(SquaredError, OneTargetForASequence) {
  const std::vector<float> patterns = {1, 2, 3};
  Sequence sequence = pattern_sequence(patterns, 3);
  sequence.set_inputs(nullptr, {7, 5}, 1);
  expect_gradient(make_spec(Task::kSequenceRegression, 3), random_net(3, 2), sequence);
}

TEST(CrossEntropy, SoftmaxGradientWithIgnoredTargetsAndImportance) {
  const std::vector<std::int32_t> target = {2, -1, 0, 1};
  const std::vector<float> importance = {1, 1, 0.25F, 3};
  Sequence sequence = class_sequence(target);
  expect_gradient(make_spec(Task::kClassification, 3), random_net(12, 3), sequence);
  sequence.set_importance(importance);
  expect_gradient(make_spec(Task::kClassification, 3), random_net(12, 4), sequence);
}

TEST(CrossEntropy, LogisticGradientWithIgnoredTargetsAndImportance) {
  const std::vector<std::int32_t> target = {1, -1, 0, 1, 0};
  const std::vector<float> importance = {1, 1, 0.25F, 3, 2};
  Sequence sequence = class_sequence(target);
  expect_gradient(make_spec(Task::kClassification, 2), random_net(5, 5), sequence);
  sequence.set_importance(importance);
  expect_gradient(make_spec(Task::kClassification, 2), random_net(5, 6), sequence);
}

TEST(CrossEntropy, OutputDeltasLeadToNetDeltas) {
  const std::vector<std::int32_t> target = {1, 0, 1};
  const auto logistic = run_loss<double>(make_spec(Task::kClassification, 2), {0.3, -1, 2}, class_sequence(target));
  for (std::size_t i = 0; i < 3; ++i) {
    const double y = logistic.output[i];
    EXPECT_NEAR(logistic.d_output[i] * y * (1 - y), logistic.d_net[i], 1e-14);
  }
  const auto softmax = run_loss<double>(make_spec(Task::kClassification, 3), random_net(9, 7), class_sequence(target));
  for (std::size_t i = 0; i < 9; ++i) {
    double expected = 0;  // dy_j / dnet_i = y_j (delta_ij - y_i)
    for (std::size_t j = i / 3 * 3; j < i / 3 * 3 + 3; ++j) {
      expected += softmax.d_output[j] * softmax.output[j] * ((i == j ? 1 : 0) - softmax.output[i]);
    }
    EXPECT_NEAR(softmax.d_net[i], expected, 1e-14);
  }
}

TEST(CrossEntropy, CountsErrorsAsFractionsOfTheTargets) {
  // Decisions 0, 1, 1, 2, 0 with one target missing; class 3 never occurs.
  const std::vector<std::int32_t> target = {0, 0, 1, -1, 2};
  const std::vector<double> net = {5, 0, 0, 0, 0, 5, 0, 0, 0, 5, 0, 0, 0, 0, 5, 0, 5, 0, 0, 0};
  LossOptions options;
  options.verbose = true;
  const auto run = run_loss<double>(make_spec(Task::kClassification, 4), net, class_sequence(target), options);
  EXPECT_EQ(run.value("classificationError"), 0.5);
  EXPECT_EQ(run.value("_l0"), 0.25);
  EXPECT_EQ(run.value("_l1"), 0);
  EXPECT_EQ(run.norm("_l1"), 1);
  EXPECT_EQ(run.value("_l2"), 0.25);
  EXPECT_EQ(run.by_name.count("_l3"), 0U);
  EXPECT_EQ(run.value("_l0->l1"), 0.25);
  EXPECT_EQ(run.value("_l2->l0"), 0.25);
  EXPECT_EQ(run.errors.items.size(), 7U);
  EXPECT_EQ(run.prediction.labels, (std::vector<Index>{0, 1, 1, 2, 0}));
}

TEST(CrossEntropy, ConfusionsOnlyWhenVerboseAndMoreThanTwoClasses) {
  LossOptions verbose;
  verbose.verbose = true;
  EXPECT_EQ(loss_for(make_spec(Task::kClassification, 3), {})->error_names().size(), 5U);
  EXPECT_EQ(loss_for(make_spec(Task::kClassification, 3), verbose)->error_names().size(), 14U);
  EXPECT_EQ(loss_for(make_spec(Task::kClassification, 2), verbose)->error_names().size(), 4U);
}

TEST(CrossEntropy, NoTargetsAtAllAddNothing) {
  const std::vector<std::int32_t> target = {-1, -1};
  const NetworkSpec spec = make_spec(Task::kClassification, 3);
  const auto run = run_loss<double>(spec, random_net(6, 8), class_sequence(target));
  EXPECT_TRUE(run.errors.items.empty());  // a norm would make the mean of all sequences smaller
  EXPECT_EQ(run.d_net, std::vector<double>(6, 0));

  LossOptions options;
  options.legacy_errors = true;
  const auto legacy = run_loss<double>(spec, random_net(6, 8), class_sequence(target), options);
  EXPECT_EQ(legacy.errors.items.size(), 1U);
  EXPECT_EQ(legacy.criterion(), 0);
  EXPECT_EQ(legacy.norm("crossEntropyError"), 1);
}

TEST(CrossEntropy, TargetsWithoutImportanceAddDecisionsOnly) {
  const std::vector<std::int32_t> target = {0, 1};
  const std::vector<float> importance = {0, 0};
  Sequence sequence = class_sequence(target);
  sequence.set_importance(importance);
  const NetworkSpec spec = make_spec(Task::kClassification, 3);
  const auto run = run_loss<double>(spec, {9, 0, 0, 9, 0, 0}, sequence);
  EXPECT_EQ(run.by_name.count("crossEntropyError"), 0U);
  EXPECT_EQ(run.value("classificationError"), 0.5);
}

TEST(SquaredError, TargetsWithoutAnyImportanceAddNothing) {
  const std::vector<float> patterns = {1, 2, 3, 4};
  const NetworkSpec spec = make_spec(Task::kRegression, 2);
  Sequence sequence = pattern_sequence(patterns, 2);
  std::vector<float> importance = {0, 0};
  sequence.set_importance(importance);
  const auto none = run_loss<double>(spec, random_net(4, 3), sequence);
  EXPECT_TRUE(none.errors.items.empty());
  EXPECT_EQ(none.d_net, std::vector<double>(4, 0));
  LossOptions options;
  options.legacy_errors = true;
  EXPECT_EQ(run_loss<double>(spec, random_net(4, 3), sequence, options).norm("sumSquaresError"), 1);
  importance[1] = 0.5F;
  EXPECT_EQ(run_loss<double>(spec, random_net(4, 3), sequence).norm("sumSquaresError"), 1);
}

TEST(CrossEntropy, TiesGoToTheFirst) {
  const std::vector<std::int32_t> one = {0};
  const auto three = run_loss<double>(make_spec(Task::kClassification, 3), {0, 1, 1}, class_sequence(one));
  EXPECT_EQ(three.prediction.labels, std::vector<Index>{1});
  const auto two = run_loss<double>(make_spec(Task::kClassification, 2), {0}, class_sequence(one));
  EXPECT_EQ(two.prediction.labels, std::vector<Index>{0});
}

TEST(CrossEntropy, StaysFiniteWhenTheProbabilityVanishes) {
  const std::vector<std::int32_t> target = {0};
  for (const Index labels : {2, 3}) {
    const NetworkSpec spec = make_spec(Task::kClassification, labels);
    const std::vector<double> net = labels == 2 ? std::vector<double>{5000} : std::vector<double>{-5000, 0, 0};
    const auto coarse = run_loss<float>(spec, net, class_sequence(target));
    const auto fine = run_loss<double>(spec, net, class_sequence(target));
    EXPECT_DOUBLE_EQ(coarse.criterion(), -std::log(static_cast<double>(std::numeric_limits<float>::min())));
    EXPECT_DOUBLE_EQ(fine.criterion(), -std::log(std::numeric_limits<double>::min()));
    EXPECT_TRUE(std::isfinite(coarse.d_output[0]));
    EXPECT_TRUE(std::isfinite(fine.d_output[0]));
  }
}

TEST(CrossEntropy, NanStaysNan) {
  const std::vector<std::int32_t> target = {1};
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_TRUE(std::isnan(
      run_loss<float>(make_spec(Task::kClassification, 3), {0, 1, nan}, class_sequence(target)).criterion()));
  EXPECT_TRUE(std::isnan(
      run_loss<float>(make_spec(Task::kClassification, 3), {infinity, 1, 0}, class_sequence(target)).criterion()));
  EXPECT_TRUE(
      std::isnan(run_loss<float>(make_spec(Task::kClassification, 2), {nan}, class_sequence(target)).criterion()));
}

// Golden case lstm_1d_framewise_binary: net inputs, targets and errors of its first sequence.
TEST(CrossEntropy, MatchesTheReference) {
  const std::vector<std::int32_t> target = {1, 1, 0, 0, 0, 0, 0, 1, 0};
  const std::vector<double> net = {0.7870817015719823, 0.8053617354771022, 0.789480750003529,
                                   0.8748152733223259, 0.6761663919904535, 0.7120260132071607,
                                   0.8459786292413356, 0.6720060185984601, 0.6616382195116706};
  const auto run = run_loss<double>(make_spec(Task::kClassification, 2), net, class_sequence(target));
  EXPECT_NEAR(run.value("crossEntropyError"), 8.023623751236887, 8e-15);
  EXPECT_EQ(run.value("classificationError"), 6.0 / 9);
  EXPECT_EQ(run.value("_l0"), 6.0 / 9);
  EXPECT_EQ(run.value("_l1"), 0);
}

TEST(Losses, FloatAgreesWithDouble) {
  const std::vector<std::int32_t> target = {2, -1, 0, 1};
  const std::vector<double> net = random_net(12, 9);
  const auto coarse = run_loss<float>(make_spec(Task::kClassification, 3), net, class_sequence(target));
  const auto fine = run_loss<double>(make_spec(Task::kClassification, 3), net, class_sequence(target));
  EXPECT_NEAR(coarse.criterion(), fine.criterion(), 1e-5);
  for (std::size_t i = 0; i < net.size(); ++i) EXPECT_NEAR(static_cast<double>(coarse.d_net[i]), fine.d_net[i], 1e-6);
}

TEST(CheckTarget, NamesWhatIsWrong) {
  const auto classes = loss_for(make_spec(Task::kClassification, 3), {});
  const std::vector<std::int32_t> target = {0, 3};
  Sequence sequence = class_sequence(target);
  EXPECT_EQ(data_error([&] { classes->check_target(sequence, {2}); }),
            "class 3 at target 1 (of 2, counted from 0): expected 0 .. 2, or -1 for no target");

  sequence.set_inputs(nullptr, {70, 50}, 1);
  EXPECT_EQ(data_error([&] { classes->check_target(sequence, {24, 13}); }),
            "targets for 70x50 points but the network's output has 24x13 (blocks shrink it): give targetSeqDims");
  sequence.set_target_shape({24, 13});
  EXPECT_EQ(data_error([&] { classes->check_target(sequence, {24, 13}); }),
            "expected 312 targetClasses, one for each of 24x13 points; found 2");

  sequence.set_target(nullptr, 0);
  EXPECT_EQ(data_error([&] { classes->check_target(sequence, {24, 13}); }),
            "no target: task classification needs targetClasses");

  const auto one_class = loss_for(make_spec(Task::kSequenceClassification, 3), {});
  EXPECT_EQ(data_error([&] { one_class->check_target(class_sequence(target), {}); }),
            "expected one of targetClasses for the whole sequence; found 2");

  const std::vector<std::int32_t> negative = {0, -1};
  const auto transcription = loss_for(make_spec(Task::kTranscription, 3), {});
  EXPECT_EQ(data_error([&] { transcription->check_target(class_sequence(negative), {9}); }),
            "class -1 at target 1 (of 2, counted from 0): expected 0 .. 2");
}

TEST(CheckTarget, RefusesNumbersThatAreNotFinite) {
  const auto regression = loss_for(make_spec(Task::kRegression, 2), {});
  const std::vector<float> patterns = {1, 2, 3, std::numeric_limits<float>::quiet_NaN()};
  EXPECT_EQ(data_error([&] { regression->check_target(pattern_sequence(patterns, 2), {2}); }),
            "targetPatterns: nan in column 1 at target 1 (of 2, counted from 0): expected a finite number");

  const std::vector<float> good = {1, 2, 3, 4};
  const std::vector<float> importance = {1, std::numeric_limits<float>::infinity()};
  Sequence sequence = pattern_sequence(good, 2);
  EXPECT_EQ(data_error([&] { regression->check_target(sequence, {2}); }), "no error");
  sequence.set_importance(importance);
  EXPECT_EQ(data_error([&] { regression->check_target(sequence, {2}); }),
            "importance inf at target 1 (of 2, counted from 0): expected a finite number");
}

}  // namespace
}  // namespace rnnlib
