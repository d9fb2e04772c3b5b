// SPDX-License-Identifier: Apache-2.0
// Augmentation of data of one dimension: time maps, masks, noise, and pen strokes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "expect_error.h"
#include "noise_fixture.h"
#include "rnnlib/augmentation.h"
#include "rnnlib/error.h"
#include "train/augment/signal_map.h"
#include "train/augment/signal_values.h"
#include "train/augment/stroke_map.h"

namespace rnnlib {
namespace {

using namespace testing_noise;

constexpr auto kAnyLength = [](Index) { return true; };

AugmentationOptions from_keys(const std::string& text) {
  return make_augmentation_options(Config::parse(text, "x.config"));
}

// Where neighbouring values that differ from `before` begin and end.
std::vector<std::pair<std::size_t, std::size_t>> changed_runs(const std::vector<float>& before,
                                                              const std::vector<float>& after) {
  std::vector<std::pair<std::size_t, std::size_t>> runs;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] == after[i]) continue;
    if (runs.empty() || runs.back().second != i) runs.emplace_back(i, i);
    runs.back().second = i + 1;
  }
  return runs;
}

TEST(AugmentationSignals, SpeedChangesTheLengthEvenly) {
  std::vector<float> line(50);
  for (std::size_t i = 0; i < 50; ++i) line[i] = static_cast<float>(i);
  double most = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    AugmentationOptions options;
    options.speed = 0.25;
    const std::vector<double> places = draw_signal_map(options, Draws(seed), 50, kAnyLength);
    const double factor = static_cast<double>(places.size()) / 50;
    most = std::max(most, std::abs(std::log(factor)));
    std::vector<float> result(places.size());
    resample_signal(places, line.data(), 50, 1, result.data());
    for (std::size_t i = 0; i < result.size(); ++i) {
      EXPECT_NEAR(result[i], 49.0 * static_cast<double>(i) / static_cast<double>(result.size() - 1), 1e-4);
    }
    EXPECT_EQ(draw_signal_map(options, Draws(seed), 50, [](Index length) { return length >= 50; }).size(),
              std::max<std::size_t>(places.size(), 50));
  }
  EXPECT_NEAR(most, std::log(1.25), 0.02);
}

TEST(AugmentationSignals, TimeWarpKeepsOrderAndEnds) {
  AugmentationOptions options;
  options.time_warp = 0.5;
  double slowest = 1;
  double fastest = 1;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const std::vector<double> places = draw_signal_map(options, Draws(seed), 200, kAnyLength);
    ASSERT_EQ(places.size(), 200u);
    EXPECT_EQ(places.front(), 0);
    EXPECT_NEAR(places.back(), 199, 1e-9);
    for (std::size_t i = 1; i < places.size(); ++i) {
      slowest = std::min(slowest, places[i] - places[i - 1]);
      fastest = std::max(fastest, places[i] - places[i - 1]);
    }
  }
  EXPECT_GT(slowest, 1 / 2.25);
  EXPECT_LT(slowest, 0.7);
  EXPECT_LT(fastest, 2.25);
  EXPECT_GT(fastest, 1.4);
  EXPECT_EQ(draw_signal_map(options, Draws(1), 1, kAnyLength), std::vector<double>{0});
}

TEST(AugmentationSignals, MasksCoverTheirShareWithMeans) {
  const SignalSize size{60, 4};
  std::vector<float> values(240);
  Random random(3);
  for (float& value : values) value = static_cast<float>(random.normal());
  SignalStatistics statistics;
  measure_signal(values.data(), size, statistics);
  double longest = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    std::vector<float> masked = values;
    mask_time(seed, 0.2, size, statistics, masked.data());
    const auto runs = changed_runs(values, masked);
    EXPECT_LE(runs.size(), 2u);
    std::size_t covered = 0;
    for (const auto& [first, end] : runs) {
      covered += end - first;
      for (std::size_t i = first; i < end; ++i) EXPECT_EQ(masked[i], statistics.means[i % 4]);
    }
    EXPECT_EQ(covered % 4, 0u);
    EXPECT_LE(covered / 4, 12u);
    longest = std::max(longest, static_cast<double>(covered) / 4);

    masked = values;
    mask_inputs(seed, 0.5, size, statistics, masked.data());
    std::size_t inputs = 0;
    for (std::size_t input = 0; input < 4; ++input) {
      const bool changed = masked[input] != values[input];
      inputs += changed ? 1 : 0;
      for (std::size_t i = input; i < 240; i += 4) {
        EXPECT_EQ(masked[i], changed ? statistics.means[input] : values[i]);
      }
    }
    EXPECT_LE(inputs, 2u);
    masked = values;
    mask_inputs(seed, 0.4, size, statistics, masked.data());  // no whole input
    EXPECT_EQ(masked, values);
  }
  EXPECT_GE(longest, 10);
}

TEST(AugmentationSignals, NoiseHasAShareOfEachInputsDeviation) {
  std::vector<float> values;
  for (int i = 0; i < 20000; ++i) {
    values.push_back(static_cast<float>(3 + (i % 2)));        // standard deviation 1/2
    values.push_back(static_cast<float>(10 * (i % 2) - 20));  // 5
    values.push_back(7);                                      // 0
  }
  Sequence sequence;
  sequence.set_inputs(values, {20000}, 3);
  double largest = 0;
  for (std::uint64_t seed = 1; seed < 20; ++seed) {
    const AugmentedInputs noisy = augment(from_keys("augmentNoise 0.4"), sequence, seed);
    double squares[3] = {};
    for (std::size_t i = 0; i < values.size(); ++i) squares[i % 3] += std::pow(noisy.inputs[i] - values[i], 2) / 20000;
    EXPECT_NEAR(std::sqrt(squares[1] / squares[0]), 10, 0.5);
    EXPECT_EQ(squares[2], 0);
    largest = std::max(largest, std::sqrt(squares[0]));
  }
  EXPECT_LE(largest, 0.21);
  EXPECT_GT(largest, 0.15);
}

TEST(AugmentationSignals, StrokesAreMappedAboutTheOrigin) {
  AugmentationOptions turn;
  turn.rotation = 30;
  AugmentationOptions slant;
  slant.shear = 0.5;
  double most = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    std::vector<float> strokes{9, 3, 4, 1, 9, -2, 0.5F, 0};  // [2, 4]: x and y are inputs 1 and 2
    const std::vector<float> before = strokes;
    map_strokes(draw_stroke_map(turn, Draws(seed)), {{1, 2}}, 2, 4, strokes.data());
    EXPECT_NEAR(std::hypot(strokes[1], strokes[2]), 5, 1e-5);
    for (std::size_t i : {0, 3, 4, 7}) EXPECT_EQ(strokes[i], before[i]);
    const StrokeMap map = draw_stroke_map(slant, Draws(seed));
    EXPECT_EQ(map.xx, 1);
    EXPECT_EQ(map.yx, 0);
    EXPECT_EQ(map.yy, 1);
    most = std::max(most, std::abs(map.xy));
  }
  EXPECT_NEAR(most, 0.5, 0.02);
}

// Positions and their differences in the same points: what is a difference before is one afterwards.
TEST(AugmentationSignals, StrokesOfPositionsAndDifferencesStayTogether) {
  const std::vector<float> values{1, 2, 1, 2, 4, 0, 3, -2, 5, 5, 1, 5};  // [3, 4]
  Sequence sequence;
  sequence.set_inputs(values, {3}, 4);
  const AugmentationOptions options = from_keys("augment strokes\naugmentNoise 0\naugmentColumns 0,1;2,3");
  const std::vector<float> changed = augment(options, sequence, 4).inputs;
  EXPECT_NE(changed, values);
  for (std::size_t i = 4; i < 12; i += 4) {
    for (std::size_t c : {0, 1}) EXPECT_NEAR(changed[i + c] - changed[i - 4 + c], changed[i + 2 + c], 1e-5);
  }
}

TEST(AugmentationSignals, ErrorsNameTheKey) {
  const auto check = [](const std::string& text, Index dims, Index inputs) {
    check_augmentation(from_keys(text), dims, inputs);
  };
  EXPECT_NO_THROW(check("augment signals", 1, 1));
  EXPECT_NO_THROW(check("augment strokes", 1, 3));
  expect_error<ConfigError>(
      [&] { check("augment signals", 2, 1); },
      {"augment signals (augmentSpeed 0.1) is for signals, data of 1 dimension; the data have 2"});
  expect_error<ConfigError>([&] { check("augmentShear 0.1", 1, 3); },
                            {"augmentShear 0.1 is for images", "pen strokes, whose columns augmentColumns names"});
  expect_error<ConfigError>([&] { check("augmentElastic 0.1\naugmentColumns 0,1", 1, 3); }, {"augmentElastic 0.1"});
  expect_error<ConfigError>([&] { check("augment strokes", 1, 1); }, {"augmentColumns 0,1", "0 .. 0"});
  expect_error<ConfigError>([&] { check("augmentColumns 2,2", 1, 3); }, {"augmentColumns 2,2", "two different inputs"});
  expect_error<ConfigError>([&] { check("augmentColumns 0,1", 2, 3); },
                            {"augmentColumns is for pen strokes", "have 2"});
  expect_error<ConfigError>([&] { check("augmentColumns 0,1,2", 1, 3); }, {"augmentColumns is 0,1,2, expected pairs"});
  Network network = make_network(make_spec({{"task", "classification"}, {"hiddenSize", "2"}}, {1}));
  TrainerOptions options;
  options.augmentation = from_keys("augmentTimeMask 0.1\naugmentNoise 0.1\naugment strokes");
  EXPECT_NO_THROW(Trainer(network, options));
  options.augmentation = from_keys("augmentTimeWarp 0.1");
  expect_error<ConfigError>([&] { Trainer(network, options); }, {"augmentTimeWarp 0.1 moves the points"});
}

TEST(AugmentationSignals, AreTheSameForAnyNumberOfThreads) {
  for (const char* preset : {"signals", "strokes"}) {
    std::vector<std::vector<double>> weights;
    for (const int threads : {1, 2, 4}) {
      Network network = make_network(two_levels(), Precision::kFloat);
      const TestSequences sequences(network, many_shapes());
      TrainerOptions options;
      options.optimiser.learn_rate = 0.01;
      options.seqs_per_update = 5;
      options.run.threads = threads;
      options.augmentation = from_keys(std::string("augment ") + preset);
      Trainer trainer(network, options);
      trainer.begin_epoch(12);
      trainer.train(sequences.all());
      trainer.end_epoch();
      EXPECT_TRUE(trainer.skipped().empty());
      weights.push_back(network.weights());
    }
    EXPECT_EQ(weights[1], weights[0]);
    EXPECT_EQ(weights[2], weights[0]);
  }
}

}  // namespace
}  // namespace rnnlib
