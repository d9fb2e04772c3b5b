// SPDX-License-Identifier: Apache-2.0
// Beam search against sums over all paths, and what its options do.
#include "rnnlib/beam.h"

#include <set>

#include "beam_fixture.h"
#include "expect_error.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

constexpr double kNever = -std::numeric_limits<double>::infinity();

// All labellings that a scorer allows, in the order of their probability times its factor.
void expect_all_labellings(const BeamOptions& options, const std::shared_ptr<const Scorer>& scorer, Index points,
                           Index units, std::mt19937& random) {
  const std::vector<double> outputs = random_outputs(points, units, random);
  const Prediction found = read(BeamDecoder(options, scorer), outputs, units);
  std::vector<std::pair<double, Labels>> expected;
  std::map<Labels, double> sums = sum_all_paths(outputs, points, units);
  for (const auto& [labels, sum] : sums) {
    const double added = scorer == nullptr ? 0 : score_labels(*scorer, labels);
    if (added != kNever) expected.push_back({std::log(sum) + added, labels});
  }
  std::sort(expected.rbegin(), expected.rend());
  ASSERT_EQ(found.readings.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const Reading& reading = found.readings[i];
    EXPECT_EQ(reading.labels, expected[i].second);
    EXPECT_NEAR(reading.score, expected[i].first, 1e-9);
    EXPECT_NEAR(reading.log_probability, std::log(sums[reading.labels]), 1e-9);
    EXPECT_EQ(reading.positions.size(), reading.labels.size());
  }
  EXPECT_EQ(found.labels, found.readings.front().labels);
  if (scorer != nullptr) {
    EXPECT_EQ(found.readings.front().words, scorer->words(found.labels));
  }
}

NgramModel model_of(const std::string& words, const std::string& more) {
  return NgramModel::parse("\\data\\\nngram 1=5\nngram 2=2\n\\1-grams:\n-99 <s> -0.4\n-1 </s>\n" + words +
                               "\n\\2-grams:\n" + more + "\n\\end\\\n",
                           "x.arpa");
}

std::shared_ptr<const Scorer> label_scorer() {
  LanguageOptions options;
  options.weight = 1.3;
  options.word_bonus = 0.6;
  const NgramModel model = model_of("-0.9 a -0.3\n-1.1 b -0.1\n-0.3 c -0.5", "-0.2 <s> b\n-0.1 a a");
  return LanguageScorer::of_labels(model, {"a", "b", "c"}, options);
}

std::shared_ptr<const Scorer> word_scorer(WordMode mode, Index separator) {
  LanguageOptions options;
  options.mode = mode;
  options.free_score = -1;
  options.word_bonus = 0.5;
  const std::vector<Lexicon::Spelling> spellings = {{"A", {0}}, {"AA", {0, 0}}, {"ab", {0, 1}}};
  const auto model =
      std::make_shared<NgramModel>(model_of("-0.9 A -0.3\n-1.1 AA -0.1\n-0.3 ab -0.5", "-0.2 <s> AA\n-0.1 A ab"));
  return LanguageScorer::of_words(std::make_shared<Lexicon>(spellings, separator), model, options);
}

TEST(Beam, FindsAllLabellingsWithTheirProbabilities) {
  std::mt19937 random(1);
  for (Index points = 0; points <= 6; ++points) {
    for (Index units = 1; units <= 4; ++units) expect_all_labellings(unpruned(), nullptr, points, units, random);
  }
}

TEST(Beam, FindsAllLabellingsThatAScorerAllows) {
  std::mt19937 random(2);
  for (Index points = 1; points <= 6; ++points) {
    expect_all_labellings(unpruned(), label_scorer(), points, 4, random);
    for (const Index separator : {Index{2}, Lexicon::kNone}) {
      expect_all_labellings(unpruned(), word_scorer(WordMode::kClosed, separator), points, 4, random);
      expect_all_labellings(unpruned(), word_scorer(WordMode::kOpen, separator), points, 4, random);
    }
  }
}

TEST(Beam, ProbabilitiesSumToOne) {
  std::mt19937 random(3);
  double sum = 0;
  const Prediction found = read(BeamDecoder(unpruned()), random_outputs(7, 3, random), 3);
  for (const Reading& reading : found.readings) sum += std::exp(reading.log_probability);
  EXPECT_NEAR(sum, 1, 1e-12);
}

TEST(Beam, ReadingsAreSortedDistinctAndExactWhateverTheWidth) {
  std::mt19937 random(4);
  for (int round = 0; round < 50; ++round) {
    const std::vector<double> outputs = random_outputs(6, 4, random, 4);
    std::map<Labels, double> sums = sum_all_paths(outputs, 6, 4);
    for (const Index width : {1, 2, 5, 20}) {
      BeamOptions options;
      options.width = options.n_best = width;
      const Prediction found = read(BeamDecoder(options), outputs, 4);
      std::set<Labels> seen;
      for (const Reading& reading : found.readings) {
        EXPECT_TRUE(seen.insert(reading.labels).second);
        EXPECT_NEAR(reading.log_probability, std::log(sums[reading.labels]), 1e-9);
        EXPECT_EQ(reading.score, reading.log_probability);
      }
      EXPECT_LE(static_cast<Index>(seen.size()), width);
      EXPECT_TRUE(std::is_sorted(found.readings.rbegin(), found.readings.rend(),
                                 [](const Reading& a, const Reading& b) { return a.score < b.score; }));
    }
  }
}

// The best path is "nothing" with 0.36; "a" has three paths with 0.24, 0.24 and 0.16.
TEST(Beam, AddsUpThePathsOfALabelling) {
  const Prediction found = read(BeamDecoder(), {0.4, 0.6, 0.4, 0.6}, 2);
  EXPECT_EQ(found.labels, Labels{0});
  EXPECT_NEAR(found.readings.front().log_probability, std::log(0.64), 1e-12);
}

TEST(Beam, PositionsAreThoseOfTheBestPath) {
  //                                       0          1          2          3          4          5
  const std::vector<double> outputs = {0.1, 0.8, 0.1, 0.8, 0.1, 0.1, 0.9, 0.0, 0.1,
                                       0.1, 0.0, 0.9, 0.7, 0.2, 0.1, 0.2, 0.7, 0.1};
  const Prediction found = read(BeamDecoder(), outputs, 3);
  EXPECT_EQ(found.labels, (Labels{1, 0, 0, 1}));
  const std::vector<std::pair<Index, Index>> expected = {{0, 0}, {1, 2}, {4, 4}, {5, 5}};
  ASSERT_EQ(found.positions.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(found.positions[i].first, expected[i].first);
    EXPECT_EQ(found.positions[i].last, expected[i].second);
  }
  EXPECT_EQ(found.confidences, (std::vector<double>{0.8, 0.9, 0.7, 0.7}));
}

TEST(Beam, TemperatureChangesProbabilitiesAndConfidences) {
  std::mt19937 random(5);
  const std::vector<double> outputs = random_outputs(5, 3, random);
  std::vector<double> tempered = outputs;
  for (std::size_t t = 0; t < 5; ++t) {
    double sum = 0;
    for (std::size_t k = 3 * t; k < 3 * t + 3; ++k) sum += tempered[k] = std::sqrt(outputs[k]);
    for (std::size_t k = 3 * t; k < 3 * t + 3; ++k) tempered[k] /= sum;
  }
  BeamOptions options = unpruned();
  const Prediction expected = read(BeamDecoder(options), tempered, 3);
  options.temperature = 2;
  const Prediction found = read(BeamDecoder(options), outputs, 3);
  ASSERT_EQ(found.readings.size(), expected.readings.size());
  for (std::size_t i = 0; i < found.readings.size(); ++i) {
    EXPECT_NEAR(found.readings[i].log_probability, expected.readings[i].log_probability, 1e-9);
  }
  for (std::size_t i = 0; i < found.labels.size(); ++i) {
    EXPECT_NEAR(found.confidences[i], expected.confidences[i], 1e-12);
  }
}

TEST(Beam, PointsOfAProbableBlankPassNothingElse) {
  std::vector<double> outputs = {0.9, 0.0, 0.1, 0.05, 0.0, 0.95, 0.6, 0.1, 0.3, 0.01, 0.01, 0.98, 0.2, 0.7, 0.1};
  BeamOptions options = unpruned();
  options.blank_threshold = 0.9;
  const Prediction found = read(BeamDecoder(options), outputs, 3);
  const auto has = [&](const Labels& labels) {
    return std::any_of(found.readings.begin(), found.readings.end(),
                       [&](const Reading& reading) { return reading.labels == labels; });
  };
  EXPECT_EQ(found.labels, (Labels{0, 0, 1}));
  EXPECT_TRUE(has({0, 1}));
  EXPECT_FALSE(has({0, 0, 0, 1}));  // needs point 1 or 3
  options.blank_threshold = 1;
  const Prediction all = read(BeamDecoder(options), outputs, 3);
  EXPECT_GT(all.readings.size(), found.readings.size());
  EXPECT_EQ(all.readings.front().log_probability, found.readings.front().log_probability);
}

TEST(Beam, ImprobableLabelsAndLabellingsAreGivenUp) {
  std::mt19937 random(6);
  const std::vector<double> outputs = random_outputs(6, 4, random, 3);
  const auto count = [&](double min_probability, double beam_threshold) {
    BeamOptions options = unpruned();
    options.min_probability = min_probability;
    options.beam_threshold = beam_threshold;
    return read(BeamDecoder(options), outputs, 4).readings.size();
  };
  const double infinity = std::numeric_limits<double>::infinity();
  const std::size_t all = sum_all_paths(outputs, 6, 4).size();
  EXPECT_EQ(count(0, infinity), all);
  EXPECT_EQ(count(1e-12, 100), all);
  EXPECT_LT(count(0.2, infinity), all);
  EXPECT_LT(count(0, 3), all);
  BeamOptions options = unpruned();
  options.beam_threshold = 2;
  const Prediction found = read(BeamDecoder(options), outputs, 4);
  for (const Reading& reading : found.readings) EXPECT_GT(reading.score, found.readings.front().score - 2.5);
}

TEST(Beam, ExactZerosAreNoLabellings) {
  const Prediction found = read(BeamDecoder(unpruned()), {0, 1, 0, 0, 0.5, 0.5, 0, 0, 1}, 3);
  EXPECT_EQ(found.readings.size(), 1U);
  EXPECT_EQ(found.labels, Labels{1});
  EXPECT_NEAR(found.readings.front().log_probability, 0, 1e-12);
}

TEST(Beam, APointThatNothingCanTakeIsLeftOut) {
  const Prediction found = read(BeamDecoder(), {0.9, 0.1, 0, 0, 0.8, 0.2}, 2);
  EXPECT_EQ(found.labels, Labels{0});
  EXPECT_EQ(found.readings.front().log_probability, kNever);
}

// The forward variables of all labels at all points, in logarithms.
double naive_log_probability(const Labels& labels, const std::vector<double>& outputs, Index units) {
  const auto add = [](double a, double b) { return std::max(a, b) + std::log1p(std::exp(-std::abs(a - b))); };
  const std::size_t states = 2 * labels.size() + 1;
  std::vector<double> before(states, -1e300);
  before[0] = 0;
  for (std::size_t t = 0; t < outputs.size(); t += static_cast<std::size_t>(units)) {
    std::vector<double> here = before;
    for (std::size_t s = 0; s < states; ++s) {
      if (s > 0) here[s] = add(here[s], before[s - 1]);
      if (s % 2 == 1 && s > 1 && labels[s / 2] != labels[s / 2 - 1]) here[s] = add(here[s], before[s - 2]);
      const Index unit = s % 2 == 1 ? labels[s / 2] : units - 1;
      here[s] += std::log(outputs[t + static_cast<std::size_t>(unit)]);
    }
    before = here;
  }
  return states == 1 ? before[0] : add(before[states - 1], before[states - 2]);
}

TEST(Beam, LongSequencesKeepTheirProbabilities) {
  std::mt19937 random(7);
  for (const double sharpness : {1.0, 6.0, 30.0}) {
    const std::vector<double> outputs = random_outputs(1500, 5, random, sharpness);
    for (const Index delay : {100, 5000}) {  // the sums go on where points were forgotten
      BeamOptions options;
      options.width = 20;
      options.n_best = 3;
      options.max_delay = delay;
      const Prediction found = read(BeamDecoder(options), outputs, 5);
      for (const Reading& reading : found.readings) {
        EXPECT_NEAR(reading.log_probability, naive_log_probability(reading.labels, outputs, 5), 1e-6);
      }
    }
  }
}

// Adds the same to each label, and at the end.
class Adding final : public Scorer {
 public:
  Adding(double label, double end) : label_(label), end_(end) {}
  std::unique_ptr<ScorerRun> begin() const override { return std::make_unique<Run>(label_, end_); }

 private:
  struct Run final : ScorerRun {
    Run(double label, double end) : of_label(label), of_end(end) {}
    State start() override { return 0; }
    double extend(State from, Index, State& to) override {
      to = from;
      return of_label;
    }
    double finish(State) override { return of_end; }
    double of_label;
    double of_end;
  };
  double label_;
  double end_;
};

TEST(Beam, RefusesWhatAScorerCannotAdd) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto decode_with = [](double label, double end) {
    return read(BeamDecoder({}, std::make_shared<Adding>(label, end)), {0.9, 0.1, 0.8, 0.2}, 2);
  };
  for (const double bad : {nan, -kNever}) {
    expect_error<DataError>([&] { decode_with(bad, 0); }, {"a scorer added"});
    expect_error<DataError>([&] { decode_with(0, bad); }, {"a scorer added"});
  }
  EXPECT_EQ(decode_with(5000, 5000).labels, Labels{0});
  EXPECT_EQ(decode_with(-5000, -5000).labels, Labels{});
}

TEST(Beam, ReadsAnyNumbers) {
  std::mt19937 random(8);
  const double numbers[] = {0, 0, 0, 1, 1e-3, 1e-200, 1e-300, 1e-310, 5e-324, 0.5, 2, 1e308};
  for (int round = 0; round < 300; ++round) {
    std::vector<double> outputs(60);
    for (double& output : outputs) output = numbers[random() % std::size(numbers)];
    BeamOptions options = unpruned(30, 30);
    options.temperature = round % 2 == 0 ? 1 : 0.5;
    options.max_delay = 4;
    const auto scorer = round % 3 == 0 ? word_scorer(WordMode::kOpen, Lexicon::kNone) : nullptr;
    for (const Reading& reading : read(BeamDecoder(options, scorer), outputs, 4).readings) {
      EXPECT_FALSE(std::isnan(reading.score) || std::isnan(reading.log_probability));
      for (const double confidence : reading.confidences) EXPECT_TRUE(confidence >= 0 && confidence <= 1);
      for (const LabelPosition& position : reading.positions) {
        EXPECT_TRUE(position.first >= 0 && position.first <= position.last && position.last < 15);
      }
    }
  }
}

// Allows nothing, or nothing that may end.
class Refusing final : public Scorer {
 public:
  explicit Refusing(bool all) : all_(all) {}
  std::unique_ptr<ScorerRun> begin() const override { return std::make_unique<Run>(all_); }

 private:
  struct Run final : ScorerRun {
    explicit Run(bool all) : refuses_all(all) {}
    State start() override { return 0; }
    double extend(State from, Index, State& to) override {
      to = from;
      return refuses_all ? kNever : -1;
    }
    double finish(State) override { return kNever; }
    bool refuses_all;
  };
  bool all_;
};

TEST(Beam, AScorerThatRefusesEverythingLeavesTheEmptyLabelling) {
  const Prediction found = read(BeamDecoder({}, std::make_shared<Refusing>(true)), {0.9, 0.1, 0.8, 0.2}, 2);
  EXPECT_TRUE(found.labels.empty());
  ASSERT_EQ(found.readings.size(), 1U);
  EXPECT_EQ(found.readings.front().score, kNever);
  EXPECT_NEAR(found.readings.front().log_probability, std::log(0.02), 1e-12);
}

TEST(Beam, WhereNoLabellingMayEndTheBestUnfinishedOnesAreGiven) {
  BeamOptions options;
  options.n_best = 2;
  const Prediction found = read(BeamDecoder(options, std::make_shared<Refusing>(false)), {0.9, 0.1, 0.8, 0.2}, 2);
  EXPECT_EQ(found.labels, Labels{0});
  ASSERT_EQ(found.readings.size(), 2U);
  EXPECT_TRUE(found.readings[1].labels.empty());
  for (const Reading& reading : found.readings) EXPECT_EQ(reading.score, kNever);
}

TEST(Beam, RefusesOptionsThatMakeNoSense) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto expect_refused = [](const char* name, void (*change)(BeamOptions&, double), double value) {
    BeamOptions options;
    change(options, value);
    expect_error<ConfigError>([&] { BeamDecoder{options}; }, {name});
  };
  for (const double value : {0.0, -1.0, 1e9}) {
    expect_refused("width", [](BeamOptions& o, double v) { o.width = static_cast<Index>(v); }, value);
  }
  for (const double value : {0.0, 51.0}) {
    expect_refused("n_best", [](BeamOptions& o, double v) { o.n_best = static_cast<Index>(v); }, value);
  }
  for (const double value : {-0.1, 1.0, nan}) {
    expect_refused("min_probability", [](BeamOptions& o, double v) { o.min_probability = v; }, value);
  }
  for (const double value : {0.0, -1.0, nan}) {
    expect_refused("beam_threshold", [](BeamOptions& o, double v) { o.beam_threshold = v; }, value);
    expect_refused("temperature", [](BeamOptions& o, double v) { o.temperature = v; }, value);
  }
  for (const double value : {0.0, 1.5, nan}) {
    expect_refused("blank_threshold", [](BeamOptions& o, double v) { o.blank_threshold = v; }, value);
  }
  expect_refused("max_delay", [](BeamOptions& o, double v) { o.max_delay = static_cast<Index>(v); }, 0);
  expect_error<ConfigError>([] { BeamDecoder().make_run(0); }, {"1 unit or more"});
}

}  // namespace
}  // namespace rnnlib
