// SPDX-License-Identifier: Apache-2.0
// A save's text: reading and writing, damage of any kind.
#include "rnnlib/save.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "expect_error.h"
#include "rnnlib/error.h"
#include "save_fixture.h"

namespace rnnlib {
namespace {

using namespace testing_saves;

TEST(Save, ReadsRnnlibsOwn) {
  const Save save = parse(kRnnlibSave);
  EXPECT_EQ(save.config.get_string("targetLabels"), "a,b");
  EXPECT_TRUE(save.config.get_bool("autosave"));
  EXPECT_EQ(save.values.at("trainer_epoch"), "7");
  EXPECT_EQ(save.vectors.at("weightContainer_bias_to_output_weights"), (Values{0.5, -1e-3, 0.25}));
  EXPECT_EQ(save.values.at("trainer_optimiser"), "steepest");  // whose the deltas are, from the config's default
}

TEST(Save, TextReadsBack) {
  Save save = parse(kRnnlibSave);
  save.values["trainer_random"] = "1:2:3:4";
  save.values["trainer_best_ctcError"] = "some words";
  save.vectors["weightContainer_x_weights"] = {
      0.1, 1.0 / 3, -0.0, 5e-324, 1e300, std::nan(""), -std::numeric_limits<double>::infinity()};
  save.vectors["weightContainer_y_weights"] = {};
  for (Precision precision : {Precision::kDouble, Precision::kFloat}) {
    const Save again = parse(save.text(precision));
    EXPECT_EQ(again.config.items(), save.config.items());
    EXPECT_EQ(again.values, save.values);
    ASSERT_EQ(again.vectors.size(), save.vectors.size());
    for (const auto& [name, values] : save.vectors) {
      const Values& found = again.vectors.at(name);
      ASSERT_EQ(found.size(), values.size());
      for (std::size_t i = 0; i < values.size(); ++i) {
        EXPECT_TRUE(found[i] == values[i] || (std::isnan(found[i]) && std::isnan(values[i]))) << name;
        EXPECT_EQ(std::signbit(found[i]), std::signbit(values[i]));
      }
    }
    EXPECT_EQ(again.text(precision), save.text(precision));
  }
}

TEST(Save, AnyCutIsNoticed) {
  Save save = parse(kRnnlibSave);
  const std::string text = save.text(Precision::kDouble);
  for (std::size_t size = std::string("trainer_format 1\n").size(); size + 2 < text.size(); ++size) {
    expect_error<FormatError>([&] { parse(text.substr(0, size)); }, {"x.save", "cut short"});
  }
}

TEST(Save, AnyFlippedBitIsNoticed) {
  Save save = parse(kRnnlibSave);
  save.values["trainer_random"] = "1:2:3:4";
  const std::string text = save.text(Precision::kDouble);
  for (std::size_t bit = 0; bit < 8 * text.size(); ++bit) {
    std::string flipped = text;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    expect_error<FormatError>([&] { parse(flipped); }, {"x.save"});
  }
}

TEST(Save, OneLetterForAnotherIsNoticedAndSaysWhatToDo) {
  std::string text = parse(kRnnlibSave).text(Precision::kDouble);
  text.replace(text.find("0.25"), 4, "0.26");
  expect_error<FormatError>([&] { parse(text); }, {"x.save", "changed or is damaged", "trainer_end 1"});
  text.replace(text.rfind("crc64"), std::string::npos, "1\n");  // as written before there was a checksum
  EXPECT_EQ(parse(text).vectors.at("weightContainer_bias_to_output_weights").back(), 0.26);
}

// As editors and version control on Windows leave a save.
TEST(Save, WindowsLineEndsAndAByteOrderMarkChangeNothing) {
  const std::string text = parse(kRnnlibSave).text(Precision::kDouble);
  std::string windows;
  for (const char c : text) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
  for (const std::string& same : {windows, "\xEF\xBB\xBF" + text, "\xEF\xBB\xBF" + windows}) {
    EXPECT_EQ(parse(same).text(Precision::kDouble), text);
    for (std::size_t size = std::string("BOMtrainer_format 1\r\n").size(); size + 3 < same.size(); ++size) {
      expect_error<FormatError>([&] { parse(same.substr(0, size)); }, {"x.save", "cut short"});
    }
    for (std::size_t bit = 8 * 3; bit < 8 * same.size(); ++bit) {
      std::string flipped = same;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
      expect_error<FormatError>([&] { parse(flipped); }, {"x.save"});
    }
  }
}

TEST(Save, TheLineAfterTheEndIsNamed) {
  const std::string text = parse(kRnnlibSave).text(Precision::kDouble);
  const auto lines = std::count(text.begin(), text.end(), '\n');
  const std::string where = "line " + std::to_string(lines + 1) + " of x.save";
  for (const char* more : {"learnRate 5\n", "\n", "x", "weightContainer_bias_to_output_weights 3 1 2 3\n"}) {
    expect_error<FormatError>([&] { parse(text + more); }, {where, "after the save's end"});
  }
}

TEST(Save, RecognisesSaves) {
  EXPECT_TRUE(looks_like_save(kRnnlibSave));
  EXPECT_TRUE(looks_like_save("weightContainer_a_weights 1 2"));
  EXPECT_FALSE(looks_like_save("# trainer_epoch\n task trainer_\nhiddenSize 3\n"));
  EXPECT_FALSE(looks_like_save(std::string(1000000, '\n')));
}

TEST(Save, ACutInRnnlibsOwnIsNoticedWithinAVector) {
  const std::string text = kRnnlibSave;
  const std::size_t last_line = text.rfind("\nweightContainer") + 1;
  for (std::size_t size = last_line + 1; size + 1 < text.size(); ++size) {
    expect_error<FormatError>([&] { parse(text.substr(0, size)); }, {"x.save", "cut short"});
  }
}

TEST(Save, NamesTheBadLine) {
  const std::pair<const char*, std::vector<const char*>> cases[] = {
      {"weightContainer_a_weights 3 1 2\ntrainer_epoch 1\n", {"line 1 of x.save", "expected 3 numbers, found 2"}},
      {"\nweightContainer_a_weights 1 1 2\ntrainer_epoch 1\n", {"line 2 of x.save", "expected 1 numbers, found 2"}},
      {"weightContainer_a_weights 2 1 x\ntrainer_epoch 1\n", {"line 1", "number 2 is \"x\""}},
      {"weightContainer_a_weights many 1\ntrainer_epoch 1\n", {"line 1", "count", "\"many\""}},
      {"weightContainer_a_weights -1\ntrainer_epoch 1\n", {"line 1", "count"}},
      {"weightContainer_a_weights 9000000000000000000 1\ntrainer_epoch 1\n", {"found 1"}},
      {"weightContainer_a_weights 2 1\n", {"line 1", "cut short"}},
      {"trainer_epoch\ntask regression\n", {"line 1", "has no value"}},
      {"trainer_format 2\ntrainer_end 1\n", {"newer version"}},
      {"weightContainer_a_weights 1 1\nweightContainer_a_weights 1 2\ntrainer_epoch 1\n", {"line 2", "a second line"}},
      {"trainer_epoch 1\ntrainer_epoch 2\n", {"line 2 of x.save", "a second line for \"trainer_epoch\""}},
      {"hiddenSize 1\n\nhiddenSize 1\ntrainer_epoch 2\n", {"line 3 of x.save", "a second line"}},
      {"trainer_epok 1\n", {"line 1 of x.save", "unknown value \"trainer_epok\""}},
      {"trainer_best_ 1\n", {"unknown value"}},
      {"", {"nothing in it"}},
      {"\n# only this\n", {"nothing in it"}},
  };
  for (const auto& [text, parts] : cases) {
    for (const char* part : parts) expect_error<FormatError>([&, t = text] { parse(t); }, {part});
  }
  expect_error<ConfigError>([] { parse("task regression\nhidenSize 3\n"); }, {"line 2 of x.save", "hiddenSize"});
}

TEST(Save, RefusesToWriteWhatWouldNotReadBack) {
  for (const auto& [name, value] : {std::pair<const char*, const char*>{"epoch", "3"},
                                    {"trainer_a b", "3"},
                                    {"trainer_random", ""},
                                    {"trainer_random", "x\ny"},
                                    {"trainer_note", "unknown"},
                                    {"weightContainer_a_weights", "1"}}) {
    Save save;
    save.values[name] = value;
    expect_error<FormatError>([&] { (void)save.text(Precision::kDouble); }, {"saved value"});
  }
}

TEST(Save, ReadsAMillionWeights) {
  Save save;
  Values& values = save.vectors["weightContainer_a_weights"];
  Random random(1);
  for (int i = 0; i < 1000000; ++i)
    values.push_back(static_cast<double>(static_cast<float>(random.uniform(-0.1, 0.1))));
  const Save again = parse(save.text(Precision::kFloat));
  const Values& found = again.vectors.at("weightContainer_a_weights");
  ASSERT_EQ(found.size(), values.size());
  for (std::size_t i = 0; i < found.size(); ++i) ASSERT_EQ(static_cast<float>(found[i]), static_cast<float>(values[i]));
}

}  // namespace
}  // namespace rnnlib
