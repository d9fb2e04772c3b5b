// SPDX-License-Identifier: Apache-2.0
// Posteriors: against sums over all paths of tiny problems.
#include "rnnlib/posterior.h"

#include <gtest/gtest.h>

#include "all_paths.h"
#include "expect_error.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

using testing_paths::all_labellings;
using testing_paths::Labels;
using testing_paths::random_outputs;

double get(const std::map<Labels, double>& labellings, const Labels& labels) {
  const auto found = labellings.find(labels);
  return found == labellings.end() ? 0 : found->second;
}

// The share of a label among all that could stand at its place, and nothing.
double share(const std::map<Labels, double>& labellings, const Labels& labels, std::size_t place, Index units) {
  Labels other = labels;
  double sum = 0;
  for (Index k = 0; k < units - 1; ++k) {
    other[place] = k;
    sum += get(labellings, other);
  }
  other.erase(other.begin() + static_cast<std::ptrdiff_t>(place));
  return get(labellings, labels) / (sum + get(labellings, other));
}

TEST(LatticePosteriors, AreSumsOverAllPaths) {
  std::mt19937 random(1);
  for (Index points = 1; points <= 6; ++points) {
    for (Index units = 2; units <= 4; ++units) {
      for (const double sharpness : {0.3, 3.0}) {
        const std::vector<double> outputs = random_outputs(points, units, sharpness, random);
        const std::map<Labels, double> labellings = all_labellings(outputs, points, units);
        for (const auto& [labels, probability] : labellings) {
          const Posteriors found = lattice_posteriors(labels, outputs, points, units);
          EXPECT_NEAR(found.line, probability, 1e-12);
          EXPECT_NEAR(labelling_log_probability(labels, outputs, points, units), std::log(probability), 1e-9);
          ASSERT_EQ(found.labels.size(), labels.size());
          for (std::size_t i = 0; i < labels.size(); ++i) {
            EXPECT_NEAR(found.labels[i], share(labellings, labels, i, units), 1e-12);
          }
          EXPECT_TRUE(found.words.empty());
        }
      }
    }
  }
}

TEST(LatticePosteriors, AreThoseOfTheTemperedOutputs) {
  std::mt19937 random(2);
  const std::vector<double> outputs = random_outputs(5, 3, 1, random);
  std::vector<double> flat;
  for (std::size_t t = 0; t < 5; ++t) {
    double sum = 0;
    for (std::size_t k = 0; k < 3; ++k) sum += std::pow(outputs[3 * t + k], 1 / 2.5);
    for (std::size_t k = 0; k < 3; ++k) flat.push_back(std::pow(outputs[3 * t + k], 1 / 2.5) / sum);
  }
  const Posteriors tempered = lattice_posteriors({0, 1, 0}, outputs, 5, 3, {2.5, 1});
  const Posteriors expected = lattice_posteriors({0, 1, 0}, flat, 5, 3, {1, 1});
  EXPECT_NEAR(tempered.line, expected.line, 1e-12);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(tempered.labels[i], expected.labels[i], 1e-12);
  ASSERT_EQ(tempered.words.size(), 2u);  // label 1 separates them
  EXPECT_NEAR(tempered.words[0], tempered.labels[0] * tempered.labels[1], 1e-12);
}

TEST(LatticePosteriors, OfAWordAreTheProductOfItsLabelsAndSeparators) {
  std::mt19937 random(3);
  const std::vector<double> outputs = random_outputs(9, 4, 1, random);
  const Posteriors found = lattice_posteriors({2, 0, 1, 2, 2, 0}, outputs, 9, 4, {1, 2});
  ASSERT_EQ(found.words.size(), 2u);
  EXPECT_NEAR(found.words[0], found.labels[0] * found.labels[1] * found.labels[2] * found.labels[3], 1e-12);
  EXPECT_NEAR(found.words[1], found.labels[4] * found.labels[5], 1e-12);
}

// The probability of so long a line, and of any part of it, is far below the least double.
TEST(LatticePosteriors, OfLongLinesStayNumbers) {
  std::mt19937 random(4);
  const Index points = 3000;
  const std::vector<double> outputs = random_outputs(points, 12, 1, random);
  Labels labels;
  for (Index i = 0; i < 400; ++i) labels.push_back(i * 7 % 11);
  const Posteriors found = lattice_posteriors(labels, outputs, points, 12);
  EXPECT_EQ(found.line, 0);  // below the least number
  const double line = labelling_log_probability(labels, outputs, points, 12);
  EXPECT_TRUE(line < -1000 && line > -1e5) << line;
  for (const double posterior : found.labels) EXPECT_TRUE(posterior > 0 && posterior < 1) << posterior;
}

// One point decides; all others are certain to be blank.
TEST(LatticePosteriors, OfCertainOutputsAreOneOrTheRest) {
  std::vector<double> outputs;
  for (int t = 0; t < 200; ++t) outputs.insert(outputs.end(), {0, 0, 1});
  outputs[3 * 100] = 0.75, outputs[3 * 100 + 1] = 0.25, outputs[3 * 100 + 2] = 0;
  const Posteriors right = lattice_posteriors({0}, outputs, 200, 3);
  EXPECT_NEAR(right.labels[0], 0.75, 1e-9);
  EXPECT_NEAR(right.line, 0.75, 1e-9);
  EXPECT_NEAR(lattice_posteriors({1}, outputs, 200, 3).labels[0], 0.25, 1e-9);
  const Posteriors surplus = lattice_posteriors({0, 1}, outputs, 200, 3);
  EXPECT_NEAR(surplus.labels[1], 0, 1e-9);
  EXPECT_EQ(lattice_posteriors({}, outputs, 200, 3).labels.size(), 0u);
}

TEST(LatticePosteriors, RefuseWhatIsNoProblem) {
  const std::vector<double> outputs(6, 1.0 / 3);
  expect_error<DataError>([&] { lattice_posteriors({2}, outputs, 2, 3); }, {"label 0 is 2"});
  expect_error<DataError>([&] { lattice_posteriors({0}, outputs, 3, 3); }, {"3 points of 3 units"});
  expect_error<ConfigError>([&] { lattice_posteriors({0}, outputs, 2, 3, {0, -1}); }, {"temperature"});
  expect_error<ConfigError>([&] { reading_posteriors({}, {std::nan(""), -1}); }, {"temperature"});
  EXPECT_EQ(lattice_posteriors({0, 0, 0}, outputs, 2, 3).line, 0);  // does not fit
  EXPECT_EQ(labelling_log_probability({0, 0, 0}, outputs, 2, 3), kImpossible);
}

Reading make_reading(const Labels& labels, double probability) {
  Reading reading;
  reading.labels = labels;
  reading.score = std::log(probability) - 300;
  return reading;
}

TEST(ReadingPosteriors, AreSharesOfTheReadingsThatHoldTheSame) {
  const std::vector<Reading> readings = {make_reading({0, 1, 9, 2, 3}, 0.4), make_reading({0, 1, 9, 2}, 0.2),
                                         make_reading({5, 0, 1, 9, 2, 3}, 0.1), make_reading({0, 4, 9, 2, 3}, 0.1)};
  const Posteriors found = reading_posteriors(readings, {1, 9});
  const double labels[] = {0.8, 0.7, 0.8, 0.8, 0.6};
  ASSERT_EQ(found.labels.size(), 5u);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_NEAR(found.labels[i], labels[i] / 0.8, 1e-12) << i;
  ASSERT_EQ(found.words.size(), 2u);
  EXPECT_NEAR(found.words[0], 0.6 / 0.8, 1e-12);
  EXPECT_NEAR(found.words[1], 0.6 / 0.8, 1e-12);
  EXPECT_NEAR(found.line, 0.5, 1e-12);
  const Posteriors flat = reading_posteriors(readings, {2, -1});
  const double sum = std::sqrt(0.4) + std::sqrt(0.2) + 2 * std::sqrt(0.1);
  EXPECT_NEAR(flat.line, std::sqrt(0.4) / sum, 1e-12);
  EXPECT_TRUE(flat.words.empty());
  EXPECT_TRUE(reading_posteriors({}).labels.empty());
}

}  // namespace
}  // namespace rnnlib
