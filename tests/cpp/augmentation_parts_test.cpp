// SPDX-License-Identifier: Apache-2.0
// The parts of an image's augmentation, each against a simple twin or an exact property.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "rnnlib/random.h"
#include "train/augment/blur.h"
#include "train/augment/resample.h"
#include "train/augment/shades.h"
#include "train/augment/stroke_width.h"

namespace rnnlib {
namespace {

constexpr auto kAnyWidth = [](Index) { return true; };

std::vector<float> random_values(Index count, unsigned seed = 1) {
  Random random(seed);
  std::vector<float> values(static_cast<std::size_t>(count));
  for (float& value : values) value = static_cast<float>(random.normal());
  return values;
}

Ground ground_of(const std::vector<float>& values, const PictureSize& size) {
  Ground ground;
  measure_ground(values.data(), size, ground);
  return ground;
}

// A picture of ground 0 with one point of ink.
std::vector<float> dot(const PictureSize& size, Index x, Index y, float ink = 1) {
  std::vector<float> values(static_cast<std::size_t>(size.count()));
  values[static_cast<std::size_t>(x * size.height + y)] = ink;
  return values;
}

// Every point of the picture weighs by its distance from the place, along x and y; what is left is ground.
float sampled(const std::vector<float>& values, const PictureSize& size, const Ground& ground, double x, double y,
              Index channel) {
  double sum = 0;
  double weights = 0;
  for (Index i = 0; i < size.width; ++i) {
    for (Index j = 0; j < size.height; ++j) {
      const double weight = std::max(0.0, 1 - std::abs(x - static_cast<double>(i))) *
                            std::max(0.0, 1 - std::abs(y - static_cast<double>(j)));
      weights += weight;
      sum += weight *
             static_cast<double>(values[static_cast<std::size_t>((i * size.height + j) * size.channels + channel)]);
    }
  }
  return static_cast<float>(sum +
                            (1 - weights) * static_cast<double>(ground.values[static_cast<std::size_t>(channel)]));
}

TEST(AugmentationParts, GroundIsTheMedianOfEachChannel) {
  const PictureSize size{3, 3, 2};
  std::vector<float> values(18);
  for (std::size_t i = 0; i < 9; ++i) {
    values[2 * i] = static_cast<float>(i == 4 ? 100 : i);  // 0 1 2 3 100 5 6 7 8
    values[2 * i + 1] = i < 3 ? -7.0F : 1.0F;
  }
  const Ground ground = ground_of(values, size);
  EXPECT_EQ(ground.values, (std::vector<float>{5, 1}));
  EXPECT_EQ(ground.reach, (std::vector<float>{95, 8}));
  EXPECT_TRUE(ground.ink_is_larger);
}

// Of large pictures some points stand for all: they lie in all rows.
TEST(AugmentationParts, GroundOfALargePictureSeesAllRows) {
  const PictureSize size{4096, 48, 1};
  std::vector<float> values(static_cast<std::size_t>(size.count()));
  for (Index i = 0; i < size.count(); ++i) values[static_cast<std::size_t>(i)] = static_cast<float>(i % 48);
  EXPECT_NEAR(ground_of(values, size).values[0], 24, 1);
  for (float& value : values) value = -value;
  EXPECT_FALSE(ground_of(values, size).ink_is_larger && ground_of(values, size).reach[0] > 24);
}

TEST(AugmentationParts, GroundOfBadNumbersIsFoundAmongTheOthers) {
  std::vector<float> values(9, 2);
  values[0] = values[5] = NAN;
  values[8] = INFINITY;
  EXPECT_EQ(ground_of(values, {3, 3, 1}).values[0], 2);
  EXPECT_EQ(ground_of({NAN, NAN}, {1, 2, 1}).values[0], 0);
}

TEST(AugmentationParts, ResamplingIsThatOfItsTwin) {
  for (Index channels : {1, 3}) {
    const PictureSize size{9, 6, channels};
    const std::vector<float> values = random_values(size.count());
    const Ground ground = ground_of(values, size);
    for (unsigned seed = 0; seed < 10; ++seed) {
      AugmentationOptions options;
      options.shear = 0.5;
      options.scale_x = options.scale_y = 0.4;
      options.rotation = 40;
      options.shift = 0.3;
      const ImageMap map = draw_image_map(options, Draws(seed), size, kAnyWidth);
      ElasticField field;
      field.draw(seed, 0.5, map.width, size.height);
      std::vector<float> result(static_cast<std::size_t>(map.width * size.column()));
      Resampler().run(values.data(), size, map, &field, ground, result.data());
      for (Index x = 0; x < map.width; ++x) {
        field.column(x);
        for (Index y = 0; y < size.height; ++y) {
          const double from_x = map.old_x(static_cast<double>(x), static_cast<double>(y)) + field.dx()[y];
          const double from_y = map.old_y(static_cast<double>(x), static_cast<double>(y)) + field.dy()[y];
          for (Index c = 0; c < channels; ++c) {
            const float found = result[static_cast<std::size_t>(x * size.column() + y * channels + c)];
            ASSERT_NEAR(found, sampled(values, size, ground, from_x, from_y, c), 1e-5);
          }
        }
      }
    }
  }
}

TEST(AugmentationParts, AMapThatMovesNothingKeepsEveryBit) {
  const PictureSize size{8, 5, 2};
  const std::vector<float> values = random_values(size.count());
  const ImageMap map = draw_image_map({}, Draws(1), size, kAnyWidth);
  std::vector<float> result(values.size());
  Resampler().run(values.data(), size, map, nullptr, ground_of(values, size), result.data());
  EXPECT_EQ(result, values);
}

TEST(AugmentationParts, AKnownMapMovesAPointToAKnownPlace) {
  const PictureSize size{7, 5, 1};
  const std::vector<float> values = dot(size, 2, 1, 3);
  ImageMap map;
  map.width = 11;
  map.xy = -1;  // the new point (x, y) shows the old (x - y - 2, y)
  map.x0 = -2;
  std::vector<float> result(11 * 5);
  Resampler().run(values.data(), size, map, nullptr, ground_of(values, size), result.data());
  for (Index x = 0; x < 11; ++x) {
    for (Index y = 0; y < 5; ++y) {
      EXPECT_EQ(result[static_cast<std::size_t>(x * 5 + y)], x == 5 && y == 1 ? 3 : 0) << x << " " << y;
    }
  }
}

// Each change alone, for many draws: what stays as it is, and how far the rest goes.
TEST(AugmentationParts, MapsStayWithinTheirStrengths) {
  const PictureSize size{40, 11, 1};
  double most[4] = {};
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    AugmentationOptions shear;
    shear.shear = 0.3;
    ImageMap map = draw_image_map(shear, Draws(seed), size, kAnyWidth);
    const double slant = map.xy;
    EXPECT_EQ(map.width, std::llround(40 + std::abs(slant) * 10));
    EXPECT_EQ(map.xx, 1);
    EXPECT_EQ(map.yy, 1);
    // The corners of the old picture are still in it.
    for (double y : {0.0, 10.0}) {
      EXPECT_LE(map.old_x(-0.5, y), 0.01);
      EXPECT_GE(map.old_x(static_cast<double>(map.width) - 0.5, y), 38.99);
    }
    most[0] = std::max(most[0], std::abs(slant));

    AugmentationOptions scale;
    scale.scale_x = 0.25;
    map = draw_image_map(scale, Draws(seed), size, kAnyWidth);
    EXPECT_EQ(map.width, std::llround(40 / map.xx));
    EXPECT_NEAR(map.old_x(static_cast<double>(map.width) - 0.5, 0), 39.5, 0.5 * map.xx);
    most[1] = std::max(most[1], std::abs(std::log(map.xx)));

    AugmentationOptions turn;
    turn.rotation = 5;
    map = draw_image_map(turn, Draws(seed), {11, 11, 1}, kAnyWidth);
    EXPECT_NEAR(map.xx * map.yy - map.xy * map.yx, 1, 1e-12);
    EXPECT_NEAR(map.old_x(5, 5), 5, 1e-12);
    EXPECT_NEAR(map.old_y(5, 5), 5, 1e-12);
    most[2] = std::max(most[2], std::abs(std::asin(map.xy)) * 180 / std::acos(-1.0));

    map = draw_image_map(turn, Draws(seed), {700, 48, 1}, kAnyWidth);
    most[3] = std::max(most[3], std::abs(map.old_y(699, 24) - 24));
  }
  EXPECT_NEAR(most[0], 0.3, 0.01);
  EXPECT_NEAR(most[1], std::log(1.25), 0.01);
  EXPECT_NEAR(most[2], 5, 0.1);
  EXPECT_NEAR(most[3], 48 / 8.0 * 350 / 326, 0.2);
}

TEST(AugmentationParts, WidthStaysWhereANarrowerOneDoesNotFit) {
  AugmentationOptions options;
  options.scale_x = 0.5;
  int narrower = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const ImageMap map = draw_image_map(options, Draws(seed), {60, 8, 1}, [](Index width) { return width >= 60; });
    EXPECT_GE(map.width, 60);
    const Index free_width = draw_image_map(options, Draws(seed), {60, 8, 1}, kAnyWidth).width;
    EXPECT_EQ(map.width, std::max<Index>(free_width, 60));
    narrower += free_width < 60 ? 1 : 0;
  }
  EXPECT_GT(narrower, 10);
}

TEST(AugmentationParts, ElasticDisplacementsHaveTheirStandardDeviationAndAreSmooth) {
  constexpr Index kHeight = 40;
  ElasticField field;
  double sums[2] = {};
  double squares[2] = {};
  double steps = 0;
  Index count = 0;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    field.draw(seed, 2, 3000, kHeight);
    for (Index x = 0; x < 3000; ++x) {
      field.column(x);
      for (Index y = 0; y < kHeight; ++y, ++count) {
        sums[0] += static_cast<double>(field.dx()[y]);
        sums[1] += static_cast<double>(field.dy()[y]);
        squares[0] += std::pow(field.dx()[y], 2);
        squares[1] += std::pow(field.dy()[y], 2);
        if (y > 0) steps = std::max(steps, static_cast<double>(std::abs(field.dx()[y] - field.dx()[y - 1])));
      }
    }
  }
  for (int i : {0, 1}) {
    EXPECT_NEAR(sums[i] / static_cast<double>(count), 0, 0.15);
    EXPECT_NEAR(std::sqrt(squares[i] / static_cast<double>(count)), 2, 0.1);
  }
  EXPECT_LT(steps, 1);  // no point passes its neighbour
}

TEST(AugmentationParts, StrokesGrowAndShrinkByPartsOfPoints) {
  const PictureSize size{5, 5, 1};
  std::vector<float> scratch;
  for (const float ink : {1.0F, -1.0F}) {  // lighter or darker than the ground
    std::vector<float> values = dot(size, 2, 2, ink);
    change_stroke_width(0.25, size, ink > 0, values.data(), scratch);
    EXPECT_EQ(values[12], ink);
    for (std::size_t i : {7, 11, 13, 17}) EXPECT_EQ(values[i], ink / 4);
    EXPECT_NEAR(std::accumulate(values.begin(), values.end(), 0.0), 2.0 * ink, 1e-6);
    // A diamond whose tips are a quarter of ink.
    values = dot(size, 2, 2, ink);
    change_stroke_width(1.25, size, ink > 0, values.data(), scratch);
    for (std::size_t i : {2, 10, 14, 22, 6, 8, 16, 18}) EXPECT_EQ(values[i], ink / 4);
    for (std::size_t i : {7, 11, 12, 13, 17}) EXPECT_EQ(values[i], ink);
    values = dot(size, 2, 2, ink);
    change_stroke_width(-0.75, size, ink > 0, values.data(), scratch);
    EXPECT_EQ(values, dot(size, 2, 2, ink / 4));
  }
}

TEST(AugmentationParts, StrokesOfChannelsDoNotMix) {
  const PictureSize size{6, 4, 2};
  const std::vector<float> values = random_values(size.count());
  std::vector<float> both = values;
  std::vector<float> scratch;
  change_stroke_width(0.6, size, true, both.data(), scratch);
  for (std::size_t c : {0, 1}) {
    std::vector<float> one;
    for (std::size_t i = c; i < values.size(); i += 2) one.push_back(values[i]);
    change_stroke_width(0.6, {6, 4, 1}, true, one.data(), scratch);
    for (std::size_t i = 0; i < one.size(); ++i) EXPECT_EQ(both[2 * i + c], one[i]);
  }
}

TEST(AugmentationParts, BlurIsAGaussianThatKeepsTheSum) {
  const PictureSize size{41, 31, 1};
  std::vector<float> values = dot(size, 20, 15);
  std::vector<float> scratch;
  blur(1.5, size, values.data(), scratch);
  EXPECT_NEAR(std::accumulate(values.begin(), values.end(), 0.0), 1, 1e-5);
  const double center = static_cast<double>(values[20 * 31 + 15]);
  for (Index dx = -4; dx <= 4; ++dx) {
    for (Index dy = -4; dy <= 4; ++dy) {
      const float found = values[static_cast<std::size_t>((20 + dx) * 31 + 15 + dy)];
      const double squares = static_cast<double>(dx * dx + dy * dy);
      EXPECT_NEAR(found, center * std::exp(-squares / (2 * 1.5 * 1.5)), 1e-6);
    }
  }
  std::vector<float> flat(12, 3.5F);
  blur(2, {2, 3, 2}, flat.data(), scratch);
  for (float value : flat) EXPECT_NEAR(value, 3.5, 1e-5);
}

TEST(AugmentationParts, ContrastKeepsTheGround) {
  const Ground ground{{1, -2}, {4, 4}, true};
  std::vector<float> values{1, -2, 3, 0, -1, -2};
  change_contrast(1.5, {3, 1, 2}, ground, values.data());
  EXPECT_EQ(values, (std::vector<float>{1, -2, 4, 1, -2, -2}));
}

TEST(AugmentationParts, NoiseIsNormalInUnitsOfTheReach) {
  const PictureSize size{500, 100, 2};
  const Ground ground{{5, 5}, {2, 10}, true};
  std::vector<float> values(static_cast<std::size_t>(size.count()), 5);
  add_noise(3, 0.1, size, ground, values.data());
  for (std::size_t c : {0, 1}) {
    double sum = 0;
    double squares = 0;
    for (std::size_t i = c; i < values.size(); i += 2) {
      const double by = (static_cast<double>(values[i]) - 5) / (0.1 * static_cast<double>(ground.reach[c]));
      sum += by;
      squares += by * by;
    }
    EXPECT_NEAR(sum / 50000, 0, 0.02);
    EXPECT_NEAR(squares / 50000, 1, 0.03);
  }
}

TEST(AugmentationParts, BoxesCoverTheirShare) {
  for (const PictureSize& size : {PictureSize{700, 48, 1}, PictureSize{28, 28, 2}, PictureSize{3, 1, 1}}) {
    const Ground ground{std::vector<float>(static_cast<std::size_t>(size.channels), 0), {}, true};
    double covered = 0;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
      std::vector<float> values(static_cast<std::size_t>(size.count()), 1);
      cut_out(seed, 0.1, size, ground, values.data());
      const double share =
          static_cast<double>(std::count(values.begin(), values.end(), 0.0F)) / static_cast<double>(size.count());
      EXPECT_LE(share, 0.1);
      covered += share / 100;
    }
    EXPECT_NEAR(covered, size.count() > 10 ? 0.1 : 0, 0.01);  // boxes may overlap
  }
}

}  // namespace
}  // namespace rnnlib
