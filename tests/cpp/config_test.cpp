// SPDX-License-Identifier: Apache-2.0
// The key table, both dresses of config text, values, warnings, and training options.
#include "rnnlib/config.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "config/key_table.h"
#include "config/value.h"
#include "expect_error.h"
#include "rnnlib/cell_info.h"
#include "rnnlib/config_text.h"
#include "rnnlib/error.h"
#include "rnnlib/trainer.h"

namespace rnnlib {
namespace {

using Strings = std::vector<std::string>;
using Ints = std::vector<Index>;

Config parse(const std::string& text) { return Config::parse(text, "x.config"); }

TEST(KeyTable, IsSound) {
  std::set<std::string> names;
  for (const KeyInfo& key : key_table()) {
    EXPECT_TRUE(names.insert(key.name).second) << key.name << " twice";
    EXPECT_FALSE(key.meaning.empty()) << key.name;
    EXPECT_EQ(key.meaning.back(), '.') << key.name;
    const std::set<std::string> groups{"Network", "Data",     "Training", "Augmentation",
                                       "Output",  "Decoding", "Modes",    "Saved"};
    EXPECT_TRUE(groups.count(key.group)) << key.name;
    EXPECT_EQ(key.name.find('_'), std::string::npos) << key.name << ": names with '_' are saved values";
    EXPECT_EQ(find_key(key.name), &key);
    if (key.default_value.empty()) continue;
    EXPECT_TRUE(is_valid(key, key.default_value)) << key.name << " " << key.default_value;
  }
  EXPECT_EQ(find_key("nonsense"), nullptr);
}

// Each condition of the table is asked about a config that says nothing, and names its reason in words.
TEST(KeyTable, WhatIsUnusedByDefaultHasAReason) {
  std::set<std::string> unused;
  for (const KeyInfo& key : key_table()) {
    const std::string reason = unused_reason(Config(), key.name);
    if (reason.empty()) continue;
    unused.insert(key.name);
    EXPECT_NE(reason.find(" is "), std::string::npos) << key.name << ": " << reason;
  }
  EXPECT_EQ(unused,
            (std::set<std::string>{"beamWidth",         "bigrams",         "convType",      "dictionary",
                                   "dictionaryMode",    "fixedLength",     "freeScore",     "joinHeight",
                                   "joinRows",          "kernelSize",      "languageModel", "learnRateDecay",
                                   "learnRatePatience", "lmWeight",        "mdlInitStdDev", "mdlLearnRate",
                                   "mdlMomentum",       "mdlOptimiser",    "mdlSamples",    "mdlSymmetricSampling",
                                   "mdlWeight",         "nBest",           "saveEvery",     "subsampleBias",
                                   "subsampleType",     "testDistortions", "wordBonus"}));
}

TEST(KeyTable, SaysWhatIsNotAvailable) {
  for (const KeyInfo& key : key_table()) {
    EXPECT_EQ(key.available, key.meaning.find("(not available in this version)") == std::string::npos) << key.name;
    for (const std::string& word : key.unavailable_choices) {
      EXPECT_NE(std::find(key.choices.begin(), key.choices.end(), word), key.choices.end()) << key.name << " " << word;
    }
  }
  EXPECT_EQ(find_key("task")->unavailable_choices, Strings{"prediction"});
  EXPECT_FALSE(find_key("mixtures")->available);
}

TEST(KeyTable, ADefaultMayBeAnotherKeysValue) {
  EXPECT_EQ(find_key("mdlLearnRate")->default_key, "learnRate");
  EXPECT_EQ(find_key("mdlLearnRate")->default_value, "");
  EXPECT_EQ(parse("learnRate 0.25").get_real("mdlLearnRate"), 0.25);
  EXPECT_EQ(parse("optimiser adam").get_string("mdlOptimiser"), "adam");
}

// Every word that a key allows stands for a value, and the first word for a value is the one written.
TEST(Words, AreReadAndWritten) {
  const std::vector<std::string> not_yet = find_key("task")->unavailable_choices;
  for (const std::string& word : find_key("task")->choices) {
    if (std::find(not_yet.begin(), not_yet.end(), word) != not_yet.end()) {
      EXPECT_THROW(parse_task(word), ConfigError) << word;
    } else {
      EXPECT_EQ(to_string(parse_task(word)), word);
    }
  }
  for (const std::string& word : find_key("optimiser")->choices) EXPECT_EQ(to_string(parse_optimiser(word)), word);
  for (const std::string& word : find_key("hiddenType")->choices) {
    EXPECT_TRUE(word == "linear" || word == "conv" || to_string(parse_hidden_type(word)) == word) << word;
  }
  for (const std::string& word : find_key("subsampleType")->choices)
    EXPECT_FALSE(cell_info(parse_hidden_type(word), 1).has_state);
  for (const char* word : {"", "Adam", "sgd"}) EXPECT_THROW(parse_optimiser(word), ConfigError) << word;
}

TEST(KeyTable, RangesAreUnderstood) {
  for (const KeyInfo& key : key_table()) {
    if (key.range.empty()) continue;
    const bool is_negative = key.range == "<= 0";
    EXPECT_TRUE(is_valid(key, is_negative ? "-1" : "1") || is_valid(key, "0.1")) << key.name << ": " << key.range;
    EXPECT_FALSE(is_valid(key, is_negative ? "1000" : "-1000")) << key.name << ": " << key.range;
  }
}

TEST(KeyTable, HintsAtWhatWasMeant) {
  const std::pair<const char*, const char*> meant[] = {{"learnrate", "learnRate"},
                                                       {"learn_rate", "learnRate"},
                                                       {"hiddenSizes", "hiddenSize"},
                                                       {"optimizer", "optimiser"},
                                                       {"lr", "learnRate"},
                                                       {"learning_rate", "learnRate"},
                                                       {"batchSize", "seqsPerWeightUpdate"},
                                                       {"batch_size", "seqsPerWeightUpdate"},
                                                       {"epochs", "totalEpochs"},
                                                       {"seed", "randSeed"},
                                                       {"dropout_rate", "dropout"},
                                                       {"hidden", "hiddenSize"},
                                                       {"weight-decay", "l2"},
                                                       {"lexicon", "dictionary"},
                                                       {"lm", "languageModel"},
                                                       {"beam_size", "beamWidth"},
                                                       {"num_workers", "threads"}};
  for (const auto& [name, key] : meant) {
    EXPECT_EQ(unknown_key_hint(name), std::string("; did you mean ") + key + "?") << name;
    EXPECT_NE(find_key(key), nullptr) << key;
  }
  for (const char* name : {"device", "gpu", "use_cuda"}) {
    EXPECT_NE(unknown_key_hint(name).find("runs on processors"), std::string::npos) << name;
  }
  for (const char* name : {"", "x", "hello", "zzzqqq", "{\"a\":"}) EXPECT_EQ(unknown_key_hint(name), "") << name;
}

// Every alias leads to a key, and no key is called like one.
TEST(KeyTable, NoKeyIsTakenForSomethingElse) {
  for (const KeyInfo& key : key_table()) {
    EXPECT_EQ(unknown_key_hint(key.name), "; did you mean " + key.name + "?");
  }
}

TEST(Config, ReadsRnnlibsDress) {
  const Config config =
      parse("task transcription and more\n#hiddenSize 3\n\nhiddenSize\t2,10 # levels\nlearnRate 1e-3");
  EXPECT_EQ(config.get_string("task"), "transcription");
  EXPECT_EQ(config.get_int_list("hiddenSize"), (Ints{2, 10}));
  EXPECT_EQ(config.get_real("learnRate"), 1e-3);
  EXPECT_EQ(config.items().size(), 3u);
}

TEST(Config, ReadsInisDress) {
  const Config config = parse(
      "\xEF\xBB\xBF[network]\r\n; a comment\r\n  # another\r\ntask = transcription\r\nhiddenSize=2, 10, 50\r\n"
      "hiddenBlock = 3, 4 ; 2 ,4   # two levels\r\ntrainFile= a.nc, b c.nc\r\ninputBlock =3,4\r\n");
  EXPECT_EQ(config.get_string("task"), "transcription");
  EXPECT_EQ(config.get_int_list("hiddenSize"), (Ints{2, 10, 50}));
  EXPECT_EQ(config.get_int_lists("hiddenBlock"), (std::vector<Ints>{{3, 4}, {2, 4}}));
  EXPECT_EQ(config.get_string("hiddenBlock"), "3,4;2,4");
  EXPECT_EQ(config.get_string_list("trainFile"), (Strings{"a.nc", "b c.nc"}));
  EXPECT_EQ(config.get_int_list("inputBlock"), (Ints{3, 4}));
}

TEST(Config, TheLastMentionWins) {
  EXPECT_EQ(parse("hiddenSize 3\nhiddenSize 4\n").get_int_list("hiddenSize"), Ints{4});
}

TEST(Config, RepeatsValuesInLists) {
  const Config config = parse("hiddenSize 3*2,5\nhiddenType lstm*2,tanh\nrecurrent true*3\nhiddenBlock 2*2;4\n");
  EXPECT_EQ(config.get_int_list("hiddenSize"), (Ints{3, 3, 5}));
  EXPECT_EQ(config.get_string_list("hiddenType"), (Strings{"lstm", "lstm", "tanh"}));
  EXPECT_EQ(config.get_bool_list("recurrent"), (std::vector<bool>{true, true, true}));
  EXPECT_EQ(config.get_int_lists("hiddenBlock"), (std::vector<Ints>{{2, 2}, {4}}));
}

TEST(Config, ReadsBooleans) {
  for (const char* word : {"true", "TRUE", "1", "yes", "On"})
    EXPECT_TRUE(parse(std::string("verbose ") + word).get_bool("verbose"));
  for (const char* word : {"false", "0", "no", "OFF"})
    EXPECT_FALSE(parse(std::string("verbose ") + word).get_bool("verbose"));
}

TEST(Config, HasDefaults) {
  const Config config;
  EXPECT_FALSE(config.has("learnRate"));
  EXPECT_EQ(config.get_real("learnRate"), 1e-4);
  EXPECT_EQ(config.get_string("precision"), "float");
  EXPECT_EQ(config.get_int("totalEpochs"), -1);
  expect_error<ConfigError>([&] { (void)config.get_string("task"); }, {"task is missing", "transcription"});
  expect_error<ConfigError>([&] { (void)config.get_int("threads"); }, {"threads is missing"});
  expect_error<ConfigError>([&] { (void)config.get_int("tusk"); }, {"unknown key \"tusk\"", "did you mean task?"});
}

TEST(Config, WorksOutDefaultsThatFollowOtherKeys) {
  EXPECT_FALSE(Config().get_bool("batchLearn"));
  EXPECT_TRUE(parse("optimiser rprop").get_bool("batchLearn"));
  EXPECT_FALSE(parse("optimiser rprop\nseqsPerWeightUpdate 5").get_bool("batchLearn"));
  EXPECT_FALSE(parse("optimiser rprop\nbatchLearn false").get_bool("batchLearn"));
  const Config config = parse("optimiser rmsprop\nlearnRate 0.25\nmomentum 0.5");
  EXPECT_EQ(config.get_string("mdlOptimiser"), "rmsprop");
  EXPECT_EQ(config.get_real("mdlLearnRate"), 0.25);
  EXPECT_EQ(config.get_real("mdlMomentum"), 0.5);
}

TEST(Config, NamesUnknownKeysWithLineAndNearest) {
  expect_error<ConfigError>([] { parse("task regression\nlearnRat 3\n"); },
                            {"line 2 of x.config", "\"learnRat\"", "did you mean learnRate?"});
  expect_error<ConfigError>([] { parse("learnrate 3"); }, {"did you mean learnRate?"});
  expect_error<ConfigError>([] { parse("a_b 3"); }, {"unknown key \"a_b\""});
  expect_error<ConfigError>([] { parse("task\x01 regression\n"); }, {"\"task?\""});
}

TEST(Config, KnowsASave) {
  expect_error<ConfigError>([] { parse("trainer_epoch 3\n"); }, {"this is a save, not a config"});
  expect_error<ConfigError>([] { parse("\nweightContainer_bias_to_output_weights 1 0\n"); },
                            {"line 2", "this is a save"});
}

TEST(Config, ChecksValues) {
  const std::pair<const char*, const char*> cases[] = {
      {"learnRate fast", "a number >= 0"},
      {"learnRate -1", "a number >= 0"},
      {"learnRate nan", "a number >= 0"},
      {"learnRate 1e999", "a number >= 0"},
      {"momentum 1", "a number >= 0, < 1"},
      {"dataFraction 0", "> 0, <= 1"},
      {"dataFraction 1.5", "> 0, <= 1"},
      {"hiddenSize 3,,4", "a list of integers >= 1"},
      {"hiddenSize 0", "a list of integers"},
      {"hiddenSize 3,x", "a list of integers"},
      {"hiddenSize 3*0", "a list of integers"},
      {"hiddenSize 1*1000000000000", "a list of integers"},
      {"hiddenSize 3.5", "a list of integers"},
      {"hiddenBlock 2;;2", "lists of integers"},
      {"verbose maybe", "true or false"},
      {"recurrent true,2", "a list of true or false"},
      {"task guessing", "one of classification"},
      {"optimiser sgd", "one of steepest, rprop, rmsprop, adam"},
      {"hiddenType lstm,grue", "a list of tanh"},
      {"subsampleType lstm", "one of tanh"},
      {"precision half", "one of float, double"},
      {"threads 0", "an integer >= 1"},
      {"totalEpochs 1.5", "an integer >= -1"},
      {"trainFile a.nc,,b.nc", "a list of words"},
      {"learnRate = 1 2", "a number"},
  };
  for (const auto& [line, expected] : cases) {
    const std::string key = std::string(line).substr(0, std::string(line).find(' '));
    expect_error<ConfigError>([&, text = line] { parse(text); },
                              {"line 1 of x.config", (key + " must be").c_str(), expected});
  }
}

TEST(Config, RefusesEmptyValues) {
  for (const char* text : {"learnRate", "learnRate =", "learnRate= # nothing"}) {
    expect_error<ConfigError>([&] { parse(text); }, {"line 1 of x.config", "learnRate has no value", "a number"});
  }
  Config config;
  expect_error<ConfigError>([&] { config.set("learnRate", "", "--learnRate="); },
                            {"--learnRate=: learnRate has no value"});
  expect_error<ConfigError>([&] { config.set("targetLabels", ""); }, {"targetLabels has no value"});
}

TEST(Config, SavedKeysMayBeEmptyInText) {
  EXPECT_FALSE(parse("targetLabels \nlabelDelimiter ,\n").has("targetLabels"));
}

TEST(Config, SetsAndRemoves) {
  Config config;
  config.set("hiddenBlock", " 3, 4; 2, 4 ");
  EXPECT_EQ(config.items().at("hiddenBlock"), "3,4;2,4");
  expect_error<ConfigError>([&] { config.set("learnRate", "x", "--learnRate=x"); },
                            {"--learnRate=x: learnRate must be"});
  config.remove("hiddenBlock");
  EXPECT_FALSE(config.has("hiddenBlock"));
  config.remove("hiddenBlock");
  expect_error<ConfigError>([&] { config.remove("hidenBlock"); }, {"did you mean hiddenBlock?"});
}

TEST(Config, TextReadsBack) {
  Config config = parse("task transcription\nhiddenSize 2,10\nlearnRate 1e-3\nverbose Yes\n");
  config.set("trainFile", "/my data/a.nc, b.nc");
  config.set("targetLabels", "=,#, new york,;x");
  EXPECT_EQ(parse(config.text()).items(), config.items());
  EXPECT_NE(config.text().find("verbose Yes\n"), std::string::npos);
  for (const char* labels : {"=", "=,a", "= a,b", "#a,b", "a # b", "a=b", ";", "[x],y", "\xC3\xA9,\xC3\xA8"}) {
    Config labelled;
    labelled.set("targetLabels", labels);
    EXPECT_EQ(parse(labelled.text()).get_string("targetLabels"), labels);
  }
  expect_error<ConfigError>([&] { config.set("trainFile", "a\nb"); }, {"trainFile must be"});
  expect_error<ConfigError>([&] { config.set("trainFile", "a #b"); }, {"trainFile must be"});
}

TEST(Config, SaysWhatItIgnores) {
  const auto found = ignored_words(
      "hiddenSize 10 20\nlearnRate 1e-4  # slowly\noptimiser adam rprop # or not\nmomentum = 0.5\ntask regression\n"
      "randSeed 1 2\nrandSeed 3\nweightContainer_a_weights 2 1 2\n",
      "x.config");
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found.at("hiddenSize").find("line 1 of x.config: hiddenSize is \"10\""), 0u) << found.at("hiddenSize");
  EXPECT_NE(found.at("hiddenSize").find("\"20\""), std::string::npos);
  EXPECT_EQ(found.at("optimiser").find("line 3 of x.config: optimiser is \"adam\""), 0u) << found.at("optimiser");
  EXPECT_NE(found.at("optimiser").find("\"rprop\""), std::string::npos);
}

TEST(Config, CountsLinesPastManyEmptyOnes) {
  const std::string empty(1000000, '\n');
  expect_error<ConfigError>([&] { Config::parse(empty + "hidenSize 3\n" + empty, "x.config"); },
                            {"line 1000001 of x.config"});
}

TEST(Config, ReadsFiles) {
  const std::string path = testing::TempDir() + "config_test.config";
  std::ofstream(path) << "task regression\nhidenSize 3\n";
  expect_error<ConfigError>([&] { Config::read(path); }, {"line 2 of ", path.c_str(), "hiddenSize"});
  std::ofstream(path) << "task regression\n";
  EXPECT_EQ(Config::read(path).get_string("task"), "regression");
  expect_error<IoError>([] { Config::read("/no/such/x.config"); }, {"/no/such/x.config", "no such file"});
  expect_error<IoError>([] { Config::read(testing::TempDir()); }, {"is a folder, expected a file"});
}

TEST(TrainerOptions, ComeFromTheConfig) {
  const TrainerOptions options = make_trainer_options(
      parse("optimiser rmsprop\nlearnRate 0.01\nmomentum 0.5\nseqsPerWeightUpdate 4\nl1 0.1\nl2 0.2\nverbose true\n"
            "confusionMatrix true\nthreads 3"));
  EXPECT_EQ(options.optimiser.type, OptimiserType::kRmsprop);
  EXPECT_EQ(options.optimiser.learn_rate, 0.01);
  EXPECT_EQ(options.optimiser.momentum, 0.5);
  EXPECT_FALSE(options.batch_learn);
  EXPECT_EQ(options.seqs_per_update, 4);
  EXPECT_EQ(options.l1, 0.1);
  EXPECT_EQ(options.l2, 0.2);
  EXPECT_TRUE(options.run.verbose);
  EXPECT_TRUE(options.run.confusion_matrix);
  EXPECT_EQ(options.run.threads, 3);
  EXPECT_TRUE(make_trainer_options(parse("optimiser rprop")).batch_learn);
}

TEST(TrainerOptions, OfNoisesAndLimits) {
  const TrainerOptions none = make_trainer_options(parse("task classification"));
  EXPECT_FALSE(none.mdl.has_value());
  EXPECT_EQ(none.dropout + none.input_noise_dev + none.weight_distortion + none.max_gradient_norm, 0);
  EXPECT_TRUE(none.freeze.empty());
  const TrainerOptions options = make_trainer_options(
      parse("mdl true\nmdlSamples 4\nmdlSymmetricSampling true\nmdlWeight 0.5\nmdlInitStdDev 0.05\noptimiser adam\n"
            "learnRate 0.25\nmdlMomentum 0.75\ninputNoiseDev 0.6\nweightDistortion 0.1\ntestDistortions true\n"
            "dropout 0.2\nmaxGradientNorm 3\nwarmupUpdates 12\nfreeze hidden_0_0,bias_to_output"));
  ASSERT_TRUE(options.mdl.has_value());
  EXPECT_EQ(options.mdl->samples, 4);
  EXPECT_TRUE(options.mdl->symmetric_sampling);
  EXPECT_EQ(options.mdl->weight, 0.5);
  EXPECT_EQ(options.mdl->init_std_dev, 0.05);
  EXPECT_EQ(options.mdl->optimiser.type, OptimiserType::kAdam);
  EXPECT_EQ(options.mdl->optimiser.learn_rate, 0.25);
  EXPECT_EQ(options.mdl->optimiser.momentum, 0.75);
  EXPECT_EQ(options.input_noise_dev, 0.6);
  EXPECT_EQ(options.weight_distortion, 0.1);
  EXPECT_TRUE(options.test_distortions);
  EXPECT_EQ(options.dropout, 0.2);
  EXPECT_EQ(options.max_gradient_norm, 3);
  EXPECT_EQ(options.warmup_updates, 12);
  EXPECT_EQ(options.freeze, (std::vector<std::string>{"hidden_0_0", "bias_to_output"}));
}

TEST(Optimisers, HaveNames) {
  EXPECT_EQ(parse_optimiser("steepest"), OptimiserType::kSteepest);
  EXPECT_EQ(parse_optimiser("adam"), OptimiserType::kAdam);
  expect_error<ConfigError>([] { parse_optimiser("sgd"); },
                            {"unknown optimiser \"sgd\"", "steepest, rprop, rmsprop, adam"});
}

}  // namespace
}  // namespace rnnlib
