// SPDX-License-Identifier: Apache-2.0
// Augmentation as a whole: keys and their errors, what a trainer sees, and that it depends on nothing but the seed.
#include "rnnlib/augmentation.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "expect_error.h"
#include "noise_fixture.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

using namespace testing_noise;

AugmentationOptions from_keys(const std::string& text) {
  return make_augmentation_options(Config::parse(text, "x.config"));
}

NetworkSpec line_reader(const std::string& task = "transcription") {
  return make_spec({{"task", task}, {"hiddenSize", "2"}, {"inputBlock", "2,4"}}, {2, 1});
}

const std::vector<Shape> kLines = {{20, 12}, {9, 12}, {31, 12}, {14, 12}, {40, 12}, {26, 12}, {8, 12}, {17, 12}};

TrainerOptions augmented_steps() {
  TrainerOptions options;
  options.optimiser.learn_rate = 0.01;
  options.augmentation = from_keys("augment images");
  return options;
}

std::vector<double> weights_after(TrainerOptions options, int epochs = 2) {
  Network network = make_network(line_reader(), Precision::kFloat);
  const TestSequences sequences(network, kLines);
  Trainer trainer(network, options);
  for (int epoch = 0; epoch < epochs; ++epoch) {
    trainer.begin_epoch(8);
    trainer.train(sequences.all());
    trainer.end_epoch();
  }
  return network.weights();
}

TEST(Augmentation, IsOffByDefault) {
  EXPECT_FALSE(from_keys("").any());
  EXPECT_FALSE(from_keys("augment none").any());
  EXPECT_FALSE(TrainerOptions().augmentation.any());
  Network network = make_network(line_reader(), Precision::kFloat);
  const TestSequences sequences(network, kLines);
  const AugmentedInputs same = augment({}, sequences[0], 5);
  EXPECT_EQ(same.shape, kLines[0]);
  EXPECT_TRUE(std::equal(same.inputs.begin(), same.inputs.end(), sequences[0].inputs()));
}

TEST(Augmentation, KeysOverrideThePreset) {
  const AugmentationOptions preset = from_keys("augment images");
  for (double AugmentationOptions::* value :
       {&AugmentationOptions::shear, &AugmentationOptions::scale_x, &AugmentationOptions::elastic,
        &AugmentationOptions::stroke_width, &AugmentationOptions::cutout}) {
    EXPECT_GT(preset.*value, 0);
  }
  const AugmentationOptions own = from_keys("augment images\naugmentShear 0\naugmentElastic 0.07");
  EXPECT_EQ(own.shear, 0);
  EXPECT_EQ(own.elastic, 0.07);
  EXPECT_EQ(own.scale_x, preset.scale_x);
  EXPECT_TRUE(from_keys("augmentBlur 0.01").any());
}

TEST(Augmentation, ErrorsNameTheKey) {
  expect_error<ConfigError>([] { from_keys("augmentShear -1"); }, {"augmentShear", ">= 0, <= 2", "-1"});
  expect_error<ConfigError>([] { from_keys("augment strong"); }, {"augment", "images", "strong"});
  AugmentationOptions options;
  options.noise = 7;
  expect_error<ConfigError>([&] { check_augmentation(options, 2, 1); }, {"augmentNoise is 7", "<= 2"});
  expect_error<ConfigError>([] { check_augmentation(from_keys("augmentShear 0.2"), 1, 2); },
                            {"augmentShear 0.2", "2 dimensions", "have 1"});
  expect_error<ConfigError>([] { check_augmentation(from_keys("augment images"), 3, 2); },
                            {"augment images", "have 3"});
  Network network = make_network(line_reader("classification"), Precision::kFloat);
  expect_error<ConfigError>([&] { Trainer(network, augmented_steps()); },
                            {"augment images (augmentShear", "moves the points", "classification"});
  TrainerOptions photographic;
  photographic.augmentation = from_keys("augmentBlur 0.02\naugmentNoise 0.1\naugmentCutout 0.1");
  EXPECT_NO_THROW(Trainer(network, photographic));
}

TEST(Augmentation, BelongsToTheSeed) {
  Network network = make_network(line_reader(), Precision::kFloat);
  const TestSequences sequences(network, {{50, 16}});
  const AugmentationOptions options = from_keys("augment images");
  const AugmentedInputs first = augment(options, sequences[0], 5);
  EXPECT_EQ(first.inputs, augment(options, sequences[0], 5).inputs);
  EXPECT_NE(first.inputs, augment(options, sequences[0], 6).inputs);
  EXPECT_EQ(num_points(first.shape), static_cast<Index>(first.inputs.size()));
  // A change is drawn as it would be without the others.
  const AugmentedInputs alone = augment(from_keys("augmentScaleX 0.15"), sequences[0], 5);
  const AugmentedInputs both = augment(from_keys("augmentScaleX 0.15\naugmentElastic 0.05"), sequences[0], 5);
  EXPECT_EQ(alone.shape, both.shape);
  EXPECT_NE(alone.shape, sequences[0].shape());
}

TEST(Augmentation, ErrorTestsHaveNone) {
  Network network = make_network(line_reader(), Precision::kFloat);
  const TestSequences sequences(network, kLines);
  TrainerOptions options = augmented_steps();
  Trainer trainer(network, options);
  expect_same_bits(trainer.evaluate(sequences.all()), network.evaluate(sequences.all()));
  options.test_distortions = true;
  Trainer distorted(network, options);
  expect_same_bits(distorted.evaluate(sequences.all()), network.evaluate(sequences.all()));
}

TEST(Augmentation, IsTheSameForAnyNumberOfThreads) {
  for (const bool with_noise : {false, true}) {
    TrainerOptions options = augmented_steps();
    if (with_noise) options.input_noise_dev = 0.1;
    if (with_noise) options.mdl = MdlOptions();
    for (const Index per_update : {1, 3}) {
      options.seqs_per_update = per_update;
      options.run.threads = 1;
      const std::vector<double> one = weights_after(options);
      for (const int threads : {2, 4}) {
        options.run.threads = threads;
        EXPECT_EQ(weights_after(options), one) << threads;
      }
      options.augmentation = {};
      EXPECT_NE(weights_after(options), one);
      options.augmentation = augmented_steps().augmentation;
    }
  }
}

// With weights that stay as they are: the errors of an epoch, whatever runs together.
TEST(Augmentation, DoesNotDependOnWhatRunsTogether) {
  Network network = make_network(line_reader(), Precision::kDouble);
  const TestSequences sequences(network, kLines);
  std::vector<double> errors;
  for (const Index per_update : {0, 1, 3}) {  // 0: batch
    TrainerOptions options = augmented_steps();
    options.optimiser.learn_rate = 0;
    options.batch_learn = per_update == 0;
    options.seqs_per_update = std::max<Index>(per_update, 1);
    Trainer trainer(network, options);
    for (int epoch = 0; epoch < 2; ++epoch) {
      trainer.begin_epoch(8);
      trainer.train(sequences.all());
      errors.push_back(trainer.end_epoch().errors()[0].figure());
    }
  }
  EXPECT_NE(errors[0], errors[1]);  // every epoch is another one
  for (std::size_t i = 2; i < errors.size(); ++i) EXPECT_NEAR(errors[i], errors[i % 2], 1e-9);
}

TEST(Augmentation, GoesOnInsideAnEpochAsIfNeverStopped) {
  const TrainerOptions options = augmented_steps();
  const std::vector<double> straight = weights_after(options, 1);
  Network network = make_network(line_reader(), Precision::kFloat);
  const TestSequences sequences(network, kLines);
  Trainer before(network, options);
  before.begin_epoch(8);
  before.train(sequences.range(0, 3));
  Network again = with_weights(network.spec(), Precision::kFloat, network.weights());
  Trainer after(again, options);
  after.set_state(before.state());
  EXPECT_EQ(after.train(sequences.range(3, 8)), 5);
  after.end_epoch();
  EXPECT_EQ(again.weights(), straight);
}

// A line with as many labels as it has output points: a narrower one would be left out of training.
TEST(Augmentation, LinesKeepTheWidthThatTheirLabelsNeed) {
  Network network = make_network(line_reader(), Precision::kFloat);
  TestSequences sequences(network, kLines);
  std::vector<Sequence> full;
  std::vector<std::vector<std::int32_t>> labels;
  for (std::size_t i = 0; i < kLines.size(); ++i) {
    labels.emplace_back();
    for (Index k = 0; k < kLines[i][0] / 2; ++k) labels.back().push_back(static_cast<std::int32_t>(k % 3));
  }
  for (std::size_t i = 0; i < kLines.size(); ++i) {
    full.push_back(sequences[i]);
    full.back().set_target(labels[i]);
  }
  TrainerOptions options;
  options.augmentation.scale_x = 0.5;
  Trainer trainer(network, options);
  trainer.begin_epoch(8);
  trainer.train(full);
  EXPECT_TRUE(trainer.skipped().empty());
}

}  // namespace
}  // namespace rnnlib
