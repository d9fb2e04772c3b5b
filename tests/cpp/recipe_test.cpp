// SPDX-License-Identifier: Apache-2.0
// Recipes: their text, sizes that do not fit, kinds of images. tests/python/prepare/test_line_image.py compares every
// byte with a simple twin.
#include "rnnlib/recipe.h"

#include <gtest/gtest.h>

#include <limits>

#include "expect_error.h"
#include "rnnlib/config.h"
#include "rnnlib/error.h"
#include "rnnlib/random.h"

namespace rnnlib {
namespace {

constexpr char kLines[] = R"({"kind": "lines", "version": 1})";

Recipe parse(const std::string& json) { return Recipe::parse(json, "x.save"); }

// With settings beside kind and version.
Recipe lines(const std::string& settings) { return parse(R"({"kind": "lines", "version": 1, )" + settings + "}"); }

ImageView view(const std::vector<std::uint8_t>& pixels, Index width, Index height, Index channels = 1) {
  ImageView image;
  image.pixels = pixels.data();
  image.size = static_cast<Index>(pixels.size());
  image.width = width;
  image.height = height;
  image.channels = channels;
  return image;
}

std::vector<std::uint8_t> noise(std::size_t size) {
  Random random(1);
  std::vector<std::uint8_t> bytes(size);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random.below(256));
  return bytes;
}

TEST(Recipe, ReadsSettings) {
  const LineRecipe usual = parse(kLines).lines();
  EXPECT_EQ(usual.height, 48);
  EXPECT_EQ(usual.space, "\xE2\x90\xA3");
  const LineRecipe found =
      parse(R"({"invert": "never", "contrast": "none", "form": "NFD", "space": "_", "right_to_left": true,)"
            R"( "scale": 2e-3, "offset": -1, "height": 20, "version": 1, "kind": "lines"})")
          .lines();
  EXPECT_EQ(found.height, 20);
  EXPECT_EQ(found.invert, Inversion::kNever);
  EXPECT_FALSE(found.stretch);
  EXPECT_EQ(found.form, "NFD");
  EXPECT_EQ(found.space, "_");
  EXPECT_TRUE(found.right_to_left);
  EXPECT_EQ(found.scale, 0.002);
  EXPECT_EQ(found.offset, -1);
}

TEST(Recipe, RefusesWhatIsNone) {
  for (const char* json :
       {"", "lines", "[]", "{}", R"({"kind": "lines")", R"({"kind": 1, "version": 1})", R"({"version": 1})",
        R"({"kind": "lines", "version": 1} x)", R"({"kind": "lines", "kind": "lines", "version": 1})"}) {
    expect_error<FormatError>([&] { parse(json); }, {"x.save: recipe: ", "expected "});
  }
  expect_error<FormatError>([] { parse(R"({"kind": "smells", "version": 1})"); },
                            {"expected a kind (lines, audio, ink, table), found \"smells\"", "newer version?"});
  expect_error<FormatError>([] { parse(R"({"kind": "lines", "version": 2})"); },
                            {"x.save: recipe: expected version 1, found 2: written by a newer version?"});
  expect_error<FormatError>([] { lines(R"("colour": true)"); }, {"unknown setting \"colour\"", "newer version?"});
}

TEST(Recipe, RefusesSettingsThatCannotBe) {
  for (const char* setting : {R"("height": 3)", R"("height": 1025)", R"("height": 48.0)", R"("height": "48")",
                              R"("height": -1)", R"("invert": "perhaps")", R"("invert": true)", R"("contrast": "")",
                              R"("form": "nfc")", R"("space": "")", R"("space": "a b")", R"("right_to_left": 1)",
                              R"("scale": 1e31)", R"("scale": 1e999)", R"("offset": null)", R"("offset": NaN)"}) {
    expect_error<FormatError>([&] { lines(setting); }, {"x.save: recipe: ", "expected "});
  }
  expect_error<FormatError>([] { lines(R"("scale": 0)"); }, {"x.save: recipe: scale is 0"});
}

TEST(Recipe, OtherKindsSayWhatTheyNeed) {
  const Recipe recipe =
      parse(R"({"kind": "audio", "version": 1, "rate": 8000, "bands": [1, [2.5]], "map": {"a": null}})");
  EXPECT_EQ(recipe.kind(), "audio");
  expect_error<ConfigError>([&] { recipe.line_shape(9, 9); },
                            {"x.save: its recipe is of kind \"audio\", which makes inputs of recordings; images need "
                             "one of kind \"lines\""});
  expect_error<ConfigError>([&] { recipe.text({}, {}); }, {"recordings"});
  std::string deep = R"({"kind": "audio", "version": 1, "x": )";
  deep += std::string(100000, '[') + std::string(100000, ']') + "}";
  expect_error<FormatError>([&] { parse(deep); }, {"values that are not nested so deeply"});
}

TEST(Recipe, OfANetwork) {
  const Config config = Config::parse("task transcription\nhiddenSize 2\n", "x");
  Network network(make_network_spec(config, {2, 1, 0, {"a"}}), Precision::kFloat);
  expect_error<ConfigError>([&] { Recipe::of(network); }, {"the network: has no recipe"});
  network.set_recipe(kLines);
  EXPECT_EQ(Recipe::of(network).kind(), "lines");
}

TEST(Recipe, MakesInkAndInputs) {
  // A dark row on a light ground, of a height that stays: the ground becomes 0 and the row 255.
  std::vector<std::uint8_t> pixels(4 * 300, 200);
  for (std::size_t i = 300; i < 600; ++i) pixels[i] = 40;
  const Recipe recipe = lines(R"("height": 4, "scale": 0.01, "offset": -0.5)");
  const LineInk ink = recipe.line_ink(view(pixels, 300, 4));
  EXPECT_EQ(ink.shape, (Shape{300, 4}));
  EXPECT_EQ(std::vector<std::uint8_t>(ink.values.begin(), ink.values.begin() + 5),
            (std::vector<std::uint8_t>{0, 255, 0, 0, 0}));
  const LineInput input = recipe.line_input(view(pixels, 300, 4));
  EXPECT_EQ(input.shape, ink.shape);
  EXPECT_EQ(input.values[0], -0.5F);
  EXPECT_NEAR(input.values[1], 2.05, 1e-6);
  const std::vector<std::uint8_t> ramp{0, 0, 0, 100, 100, 100, 200, 200, 200, 250, 250, 250};
  const LineInk kept = lines(R"("height": 4, "invert": "never", "contrast": "none")").line_ink(view(ramp, 3, 4));
  EXPECT_EQ(kept.values, (std::vector<std::uint8_t>{255, 155, 55, 5, 255, 155, 55, 5, 255, 155, 55, 5}));
}

TEST(Recipe, ChannelsBecomeGreys) {
  const std::vector<std::uint8_t> grey = noise(10 * 30);
  std::vector<std::uint8_t> opaque;
  std::vector<std::uint8_t> colours;
  std::vector<std::uint8_t> both;
  for (const std::uint8_t g : grey) {
    opaque.insert(opaque.end(), {g, 255});
    colours.insert(colours.end(), {g, g, g});
    both.insert(both.end(), {g, g, g, 255});
  }
  const Recipe recipe = parse(kLines);
  const std::vector<std::uint8_t> expected = recipe.line_ink(view(grey, 30, 10)).values;
  EXPECT_EQ(recipe.line_ink(view(opaque, 30, 10, 2)).values, expected);
  EXPECT_EQ(recipe.line_ink(view(colours, 30, 10, 3)).values, expected);
  EXPECT_EQ(recipe.line_ink(view(both, 30, 10, 4)).values, expected);
  for (std::size_t i = 3; i < both.size(); i += 4) both[i] = 0;
  const LineInk unseen = lines(R"("contrast": "none")").line_ink(view(both, 30, 10, 4));
  EXPECT_EQ(unseen.values, std::vector<std::uint8_t>(unseen.values.size(), 0));
}

TEST(Recipe, RowsMayBeApart) {
  const std::vector<std::uint8_t> pixels = noise(7 * 40);
  std::vector<std::uint8_t> apart;
  for (std::size_t y = 0; y < 7; ++y) {
    const auto row = pixels.begin() + static_cast<std::ptrdiff_t>(y) * 40;
    apart.insert(apart.end(), row, row + 40);
    if (y < 6) apart.insert(apart.end(), 3, 99);
  }
  const Recipe recipe = parse(kLines);
  ImageView image = view(apart, 40, 7);
  image.row_stride = 43;
  EXPECT_EQ(recipe.line_ink(image).values, recipe.line_ink(view(pixels, 40, 7)).values);
}

TEST(Recipe, RefusesSizesThatDoNotFit) {
  const Recipe recipe = parse(kLines);
  const std::vector<std::uint8_t> pixels = noise(5 * 40);
  const auto refused = [&](ImageView image, const std::string& text) {
    expect_error<DataError>([&] { recipe.line_ink(image); }, {text});
    expect_error<DataError>([&] { recipe.line_input(image); }, {text});
  };
  constexpr Index kHuge = std::numeric_limits<Index>::max();
  refused(view(pixels, 2, 5), "the image is 2 x 5 pixels, expected at least 3 x 3");
  refused(view(pixels, -40, -5), "expected at least 3 x 3");
  refused(view(pixels, kHuge, kHuge), "expected at most 134217728");
  refused(view(pixels, 10000, 3), "which would be 160000 pixels wide at height 48; expected at most 32768");
  refused(view(pixels, 41, 5), "has 200 bytes, too few for 5 rows of 41 that begin 41 bytes apart");
  refused(view(pixels, 40, 5, 3), "too few for 5 rows of 120");
  refused(view(pixels, 40, 5, 0), "has 0 channels, expected 1 to 4");
  refused(view(pixels, 40, 5, 5), "has 5 channels, expected 1 to 4");
  ImageView image = view(pixels, 40, 5);
  for (const Index stride : {Index{39}, Index{-40}}) {
    image.row_stride = stride;
    refused(image, "bytes apart, expected at least 40");
  }
  for (const Index stride : {Index{41}, kHuge}) {
    image.row_stride = stride;
    refused(image, "too few for 5 rows of 40");
  }
  image = view(pixels, 40, 5);
  image.pixels = nullptr;
  refused(image, "pixels are null");
}

TEST(Recipe, TextOfLabels) {
  const std::vector<std::string> names{"\xE2\x90\xA3", "a", "\xC3\xA4"};
  const Recipe recipe = parse(kLines);
  EXPECT_EQ(recipe.text({}, names), "");
  EXPECT_EQ(recipe.text({1, 2, 0, 1}, names), "a\xC3\xA4 a");
  EXPECT_EQ(recipe.text({0, 0, 1, 0, 0, 1, 0}, names), "a a");
  EXPECT_EQ(recipe.text({0, 0}, names), "");
  EXPECT_EQ(lines(R"("space": "a")").text({2, 1, 0}, names), "\xC3\xA4 \xE2\x90\xA3");
  expect_error<DataError>([&] { recipe.text({3}, names); }, {"label 3 has no name: there are 3"});
  expect_error<DataError>([&] { recipe.text({-1}, names); }, {"label -1 has no name"});
}

}  // namespace
}  // namespace rnnlib
