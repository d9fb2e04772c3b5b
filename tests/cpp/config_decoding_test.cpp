// SPDX-License-Identifier: Apache-2.0
// Keys that say how labels are read.
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "expect_error.h"
#include "rnnlib/config.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

Config parse(const std::string& text) { return Config::parse(text, "x.config"); }

TEST(Config, TheDecoderFollowsOtherKeys) {
  EXPECT_EQ(Config().get_string("decoder"), "best_path");
  EXPECT_EQ(parse("task transcription").get_string("decoder"), "best_path");
  EXPECT_EQ(parse("task dictionary_transcription").get_string("decoder"), "token_passing");
  EXPECT_EQ(parse("task dictionary_transcription\ndictionary w.txt").get_string("decoder"), "token_passing");
  EXPECT_EQ(parse("dictionary w.txt").get_string("decoder"), "beam");
  EXPECT_EQ(parse("languageModel lm.arpa").get_string("decoder"), "beam");
  EXPECT_EQ(parse("languageModel lm.arpa\ndecoder best_path").get_string("decoder"), "best_path");
  EXPECT_EQ(parse("task dictionary_transcription\ndecoder beam").get_string("decoder"), "beam");
}

TEST(Config, RefusesWrongKeysOfDecoding) {
  const std::pair<const char*, const char*> cases[] = {
      {"decoder viterbi", "decoder must be one of best_path, beam, token_passing; found \"viterbi\""},
      {"beamWidth 0", "beamWidth must be an integer >= 1"},
      {"beamWidth 2.5", "beamWidth must be an integer >= 1"},
      {"lmWeight nan", "lmWeight must be a number >= 0; found \"nan\""},
      {"lmWeight -1", "lmWeight must be a number >= 0; found \"-1\""},
      {"lmWeight inf", "lmWeight must be a number >= 0; found \"inf\""},
      {"wordBonus nan", "wordBonus must be a number; found \"nan\""},
      {"wordBonus much", "wordBonus must be a number; found \"much\""},
      {"dictionaryMode half", "dictionaryMode must be one of closed, open; found \"half\""},
      {"languageModel", "languageModel has no value"},
  };
  for (const auto& [text, message] : cases) {
    expect_error<ConfigError>([text = text] { parse(std::string("task transcription\n") + text); },
                              {"line 2 of x.config", message});
  }
}

}  // namespace
}  // namespace rnnlib
