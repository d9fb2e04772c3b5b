// SPDX-License-Identifier: Apache-2.0
// Dictionaries: their tree, their files, and what is wrong with them.
#include "rnnlib/lexicon.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "expect_error.h"
#include "rnnlib/error.h"
#include "rnnlib/random.h"

namespace rnnlib {
namespace {

using Labels = std::vector<Index>;
using Names = std::vector<std::string>;

Names words_of(const Lexicon& lexicon, const Labels& labels) {
  Index node = Lexicon::kRoot;
  for (Index label : labels) {
    node = lexicon.child(node, label);
    if (node == Lexicon::kNone) return {"no such node"};
  }
  Names words;
  const auto [begin, end] = lexicon.words_at(node);
  for (const std::uint32_t* word = begin; word != end; ++word) words.push_back(lexicon.word(*word));
  return words;
}

const Names kLabels = {"a", "b", "ch", "\xc3\xa9", "|"};  // the fourth is an e with an acute accent

Lexicon parse(const std::string& text, const std::string& separator = "") {
  return Lexicon::parse(text, "words.txt", kLabels, separator);
}

TEST(Lexicon, ReadsRnnlibsDictionaries) {
  const Lexicon lexicon = parse("Bach b a ch\r\n\nab a b\nBach  b ch\nback b a ch\nab a b\n", "|");
  EXPECT_EQ(lexicon.num_words(), 3);
  EXPECT_EQ(lexicon.num_spellings(), 4);  // one line stands there twice
  EXPECT_EQ(lexicon.num_nodes(), 7);
  EXPECT_EQ(lexicon.separator(), 4);
  EXPECT_EQ(words_of(lexicon, {1, 0, 2}), (Names{"Bach", "back"}));
  EXPECT_EQ(words_of(lexicon, {1, 2}), (Names{"Bach"}));
  EXPECT_EQ(words_of(lexicon, {0, 1}), (Names{"ab"}));
  EXPECT_EQ(words_of(lexicon, {0}), (Names{}));
  EXPECT_EQ(words_of(lexicon, {0, 0}), (Names{"no such node"}));
  EXPECT_EQ(lexicon.child(Lexicon::kRoot, -1), Lexicon::kNone);
}

TEST(Lexicon, SpellsPlainWordsByTheirCharacters) {
  const Lexicon lexicon = parse(
      "ab\nb\xc3\xa9"
      "a\n");
  EXPECT_EQ(words_of(lexicon, {0, 1}), (Names{"ab"}));
  EXPECT_EQ(words_of(lexicon, {1, 3, 0}), (Names{"b\xc3\xa9"
                                                 "a"}));
  EXPECT_EQ(lexicon.separator(), Lexicon::kNone);
}

TEST(Lexicon, LeavesOutWhatCannotBeWritten) {
  const Lexicon lexicon = parse("ab\nquad\nqa\nbac\nxa\n");
  EXPECT_EQ(lexicon.num_words(), 1);
  EXPECT_EQ(lexicon.num_left_out(), 4);
  ASSERT_EQ(lexicon.unknown_labels().size(), 3U);
  EXPECT_EQ(lexicon.unknown_labels()[0].name, "q");
  EXPECT_EQ(lexicon.unknown_labels()[0].count, 2);
  EXPECT_EQ(lexicon.unknown_labels()[1].name, "c");
}

TEST(Lexicon, EqualsAMapOfItsSpellings) {
  Random random(5);
  std::map<Labels, std::set<std::string>> expected;
  std::vector<Lexicon::Spelling> spellings;
  for (int i = 0; i < 500; ++i) {
    Lexicon::Spelling spelling{"w" + std::to_string(random.below(200)), {}};
    for (std::uint64_t left = random.below(5) + 1; left > 0; --left) {
      spelling.labels.push_back(static_cast<Index>(random.below(4)));
    }
    expected[spelling.labels].insert(spelling.word);
    spellings.push_back(spelling);
  }
  const Lexicon lexicon(spellings);
  for (const auto& [labels, words] : expected) {
    const Names found = words_of(lexicon, labels);
    EXPECT_EQ(std::set<std::string>(found.begin(), found.end()), words);
    EXPECT_EQ(found.size(), words.size());
  }
  for (Index node = 0; node < lexicon.num_nodes(); ++node) {
    const auto [first, last] = lexicon.children(node);
    EXPECT_GT(first, node);
    EXPECT_LE(first, last);
  }
}

TEST(Lexicon, BadFiles) {
  expect_error<FormatError>([] { parse(" \n\n"); }, {"words.txt", "no words"});
  expect_error<FormatError>([] { parse("ab\nba b |\n", "|"); }, {"line 2 of words.txt", "\"ba\"", "\"|\""});
  expect_error<FormatError>([] { parse(std::string("ab\na\0b\n", 7)); }, {"line 2", "control character"});
  expect_error<DataError>([] { parse("ab\n", "_"); }, {"\"_\"", "5 labels"});
  expect_error<DataError>([] { parse("xyz\nxy\nq\n"); }, {"none of its 3 words", "\"x\" (2 words)", "\"q\" (1 words)"});
  expect_error<IoError>([] { Lexicon::read("/no/such/words.txt", kLabels); }, {"/no/such/words.txt"});
}

TEST(Lexicon, BadSpellings) {
  const auto make = [](const std::vector<Lexicon::Spelling>& spellings) { return Lexicon(spellings, 3); };
  expect_error<DataError>([&] { make({}); }, {"at least one word"});
  expect_error<DataError>([&] { make({{"ab", {}}}); }, {"\"ab\"", "no labels"});
  expect_error<DataError>([&] { make({{"ab", {0, -1}}}); }, {"\"ab\"", "-1"});
  expect_error<DataError>([&] { make({{"ab", {0, 3}}}); }, {"\"ab\"", "separates"});
}

}  // namespace
}  // namespace rnnlib
