// SPDX-License-Identifier: Apache-2.0
// Warnings about keys that have no effect in a config.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "rnnlib/config.h"

namespace rnnlib {
namespace {

using Strings = std::vector<std::string>;

Config parse(const std::string& text) { return Config::parse(text, "x.config"); }

TEST(UnusedWarnings, NameKeyAndReason) {
  const std::pair<const char*, const char*> cases[] = {
      {"optimiser rprop\nmomentum 0.5", "optimiser is rprop"},
      {"optimiser adam\nmomentum 0.5", "optimiser is adam"},
      {"optimiser rprop\nlearnRate 0.5", "optimiser is rprop"},
      {"batchLearn true\nseqsPerWeightUpdate 4", "batchLearn is true"},
      {"subsampleType logistic", "there is no subsampleSize"},
      {"mdlSamples 4", "mdl is false"},
      {"mdlOptimiser rprop", "mdl is false"},
      {"testDistortions true", "no noise"},
      {"bidirectional false\nsymmetry true", "bidirectional is false"},
      {"task regression\nconfusionMatrix true", "task is regression"},
      {"task regression\ntemperature 2", "task is regression"},
      {"task regression\ndictionary words.txt", "task is regression"},
      {"task transcription\ndecoder best_path\ndictionary words.txt", "decoder is best_path"},
      {"task transcription\ndecoder beam\nbigrams words.arpa", "there is no dictionary"},
      {"task transcription\ndecoder beam\nfixedLength 2", "there is no dictionary"},
      {"task transcription\nnBest 2", "decoder is best_path"},
      {"task classification\nmixtures 20", "task is classification"},
      {"task transcription\nbeamWidth 20", "decoder is best_path"},
      {"task transcription\ndecoder token_passing\nbeamWidth 20", "decoder is token_passing"},
      {"task regression\ndecoder beam", "task is regression"},
      {"task transcription\nwordBonus 1", "decoder is best_path"},
      {"task transcription\ndecoder beam\nwordBonus 1", "there is no dictionary and no languageModel"},
      {"task transcription\ndecoder best_path\nlanguageModel lm.arpa", "decoder is best_path"},
      {"task transcription\ndecoder beam\nlmWeight 2", "there is no languageModel and no bigrams"},
      {"task transcription\ndecoder beam\ndictionaryMode open", "there is no dictionary"},
      {"task classification\nwordSeparator x", "task is classification"},
  };
  for (const auto& [text, reason] : cases) {
    const Strings warnings = parse(text).unused_warnings();
    ASSERT_EQ(warnings.size(), 1u) << text;
    EXPECT_NE(warnings[0].find(reason), std::string::npos) << warnings[0];
  }
}

TEST(UnusedWarnings, SpareUsedKeysAndDefaults) {
  for (const char* text :
       {"task transcription\noptimiser steepest\nmomentum 0.5\nconfusionMatrix true\nsigFigs 3\nsequence 2\nverbose "
        "true\ntemperature 2",
        "optimiser rprop\nmomentum 0.90\nlearnRate 0.0001\nsubsampleType tanh\nsubsampleBias no\nconfusionMatrix 0",
        "subsampleSize 3\nsubsampleType logistic",
        "task regression\nconfusionMatrix false\nnBest 1\ntestDistortions false",
        "inputNoiseDev 0.1\ntestDistortions true", "learnRate 0.5\nmdlLearnRate 0.5", "",
        "task transcription\nbeamWidth 50\nlmWeight 1.0\nwordBonus 0\nwordSeparator none",
        "task transcription\ndecoder beam\nbeamWidth 7\nwordBonus -1\nlanguageModel lm.arpa\nlmWeight 2"}) {
    const Strings warnings = parse(text).unused_warnings();
    EXPECT_TRUE(warnings.empty()) << warnings[0];
  }
}

}  // namespace
}  // namespace rnnlib
