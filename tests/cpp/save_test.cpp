// SPDX-License-Identifier: Apache-2.0
// Saves: text, damage, writing, networks and optimiser state.
#include "rnnlib/save.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <sstream>

#ifndef _WIN32
#include <sys/resource.h>

#include <csignal>
#endif

#include "config/weight_estimate.h"
#include "expect_error.h"
#include "rnnlib/error.h"
#include "rnnlib/trainer.h"

namespace rnnlib {
namespace {

namespace fs = std::filesystem;
using Values = std::vector<double>;

Save parse(const std::string& text) { return Save::parse(text, "x.save"); }

std::string file_text(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// An empty folder for one test.
std::string fresh_folder(const std::string& name) {
  const std::string folder = testing::TempDir() + "save_test_" + name;
  fs::remove_all(folder);
  fs::create_directories(folder);
  return folder + "/";
}

Index num_files(const std::string& folder) {
  return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

const char kRnnlibSave[] =
    "autosave true\nhiddenSize 2\ninputSize 3\nlabelDelimiter ,\ntargetLabels a,b\ntask transcription\ntrainer_epoch "
    "7\n"
    "weightContainer_bias_to_output_weight_optimiser_deltas 3 0 0 0\n"
    "weightContainer_bias_to_output_weights 3 0.5 -1e-3 .25 \n";

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

TEST(SaveFile, IsReplacedWhole) {
  const std::string folder = fresh_folder("replace");
  const std::string path = folder + "a.save";
  Save save = parse(kRnnlibSave);
  save.write(path, Precision::kDouble);
  save.values["trainer_epoch"] = "8";
  save.write(path, Precision::kDouble);
  const Save again = Save::read(path);
  EXPECT_EQ(again.values.at("trainer_epoch"), "8");
  EXPECT_EQ(again.source, path);
  EXPECT_EQ(num_files(folder), 1);
}

TEST(SaveFile, KeepsASymbolicLink) {
  const std::string folder = fresh_folder("link");
  std::ofstream(folder + "real.save") << "old";
  std::error_code error;
  fs::create_symlink("real.save", folder + "link.save", error);
  if (error) GTEST_SKIP() << "no symbolic links here: " << error.message();
  parse(kRnnlibSave).write(folder + "link.save", Precision::kDouble);
  EXPECT_TRUE(fs::is_symlink(folder + "link.save"));
  EXPECT_EQ(Save::read(folder + "real.save").values.at("trainer_epoch"), "7");
}

TEST(SaveFile, NamesAFolderThatCannotBeWritten) {
  const std::string folder = fresh_folder("missing");
  std::ofstream(folder + "file") << "x";
  const Save save = parse(kRnnlibSave);
  for (const std::string& path : {folder + "no/such/a.save", folder + "file/a.save"}) {
    expect_error<IoError>([&] { save.write(path, Precision::kDouble); }, {path.c_str(), "cannot be written"});
  }
  fs::create_directories(folder + "taken.save/inner");
  expect_error<IoError>([&] { save.write(folder + "taken.save", Precision::kDouble); },
                        {"taken.save", "cannot be written"});
  EXPECT_EQ(num_files(folder), 2);  // no temporary file stays
  expect_error<IoError>([&] { Save::read(folder + "none.save"); }, {"none.save", "no such file"});
}

#ifndef _WIN32
TEST(SaveFile, AFailingWriteLeavesTheOldFile) {
  const std::string folder = fresh_folder("full");
  const std::string path = folder + "a.save";
  Save save = parse(kRnnlibSave);
  save.write(path, Precision::kDouble);
  const std::string old = file_text(path);
  save.vectors["weightContainer_big_weights"] = Values(100000, 0.123456789);

  // As on a full disk: no file may grow beyond 64 KiB.
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = 1 << 16;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  std::string message;
  try {
    save.write(path, Precision::kDouble);
  } catch (const IoError& error) {
    message = error.what();
  }
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, old_handler);

  EXPECT_NE(message.find("cannot be written"), std::string::npos) << message;
  EXPECT_NE(message.find("File too large"), std::string::npos) << message;
  EXPECT_EQ(file_text(path), old);
  EXPECT_EQ(num_files(folder), 1);
}
#endif

TEST(DataHeader, ReadsWhatOursSay) {
  const DataHeader data = data_header(parse(
      "task regression\ninputSize 4\nnumDims 2\ntargetSize 5\nhiddenSize 3\ntargetLabels a|b,c\nlabelDelimiter |\n"));
  EXPECT_EQ(data.input_size, 4);
  EXPECT_EQ(data.num_dims, 2);
  EXPECT_EQ(data.target_size, 5);
  EXPECT_EQ(data.labels, (std::vector<std::string>{"a", "b,c"}));
  expect_error<FormatError>([] { data_header(parse("task regression\n")); }, {"x.save", "inputSize is missing"});
}

TEST(DataHeader, WorksOutTheDimensionsOfRnnlibs) {
  const std::string base = "task classification\ninputSize 3\nhiddenSize 2\n";
  const auto dims = [&](const std::string& text) { return data_header(parse(base + text)).num_dims; };
  EXPECT_EQ(dims("weightContainer_bias_to_hidden_0_3_weights 10 0 0 0 0 0 0 0 0 0 0\n"), 2);
  EXPECT_EQ(dims("weightContainer_bias_to_hidden_0_0_weights 6 0 0 0 0 0 0\n"), 0);
  EXPECT_EQ(dims("hiddenType tanh\nweightContainer_bias_to_hidden_0_0_weights 2 0 0\n"
                 "weightContainer_hidden_0_0_to_hidden_0_0_delay_0_-1_0_weights 4 0 0 0 0\n"),
            3);
  EXPECT_EQ(dims("hiddenType tanh\nrecurrent false\nbidirectional true,false\n"), 2);
  EXPECT_EQ(dims("hiddenType tanh\nrecurrent false\ninputBlock 1,2,2\n"), 3);
  EXPECT_EQ(dims("hiddenType tanh\nrecurrent false\nweightContainer_hidden_0_3_to_output_weights 6 0 0 0 0 0 0\n"), 2);
  EXPECT_EQ(dims("hiddenType tanh\nrecurrent false\nbidirectional false\n"), 1);
}

TEST(DataHeader, WorksOutTheTargetSizeOfRnnlibs) {
  const std::string bias = "inputSize 3\nhiddenSize 2\nweightContainer_bias_to_output_weights 2 0 0\n";
  EXPECT_EQ(data_header(parse("task regression\n" + bias)).target_size, 2);
  EXPECT_EQ(data_header(parse("task classification\n" + bias)).target_size, 0);
}

// A network with weights, and its config.
struct Example {
  Config config;
  Network network;
};

Example make_example(const std::string& text, const DataHeader& data, Precision precision) {
  Config config = Config::parse(text, "x.config");
  Network network(make_network_spec(config, data), precision);
  Random random(3);
  network.randomise(random, 0.5);
  return {std::move(config), std::move(network)};
}

Example make_2d_example(Precision precision) {
  return make_example(
      "task transcription\nhiddenSize 2,3\nhiddenBlock 2,3\nsubsampleSize 4\nsymmetry true,false\noptimiser rprop\n",
      {2, 1, 0, {"a", "b,c", "new york"}}, precision);
}

Save stored(const Example& example) {
  Save save;
  save.config = example.config;
  store_network(example.network, save);
  return save;
}

TEST(SaveNetwork, LoadsAsItWas) {
  for (Precision precision : {Precision::kFloat, Precision::kDouble}) {
    const Example example = make_2d_example(precision);
    const Save save = parse(stored(example).text(precision));
    const Network network = load_network(save, precision);
    EXPECT_EQ(network.weights(), example.network.weights());
    EXPECT_EQ(network.spec().data.labels, example.network.spec().data.labels);
    EXPECT_EQ(network.spec().data.num_dims, 2);
    EXPECT_TRUE(save.config.get_bool("loadWeights"));
    EXPECT_TRUE(save.config.unused_warnings().empty());
  }
}

TEST(SaveNetwork, NeedsNoConfig) {
  const Example example = make_2d_example(Precision::kDouble);
  Save save;
  store_network(example.network, save);
  EXPECT_EQ(load_network(save, Precision::kDouble).weights(), example.network.weights());
}

TEST(SaveNetwork, FillsDefaultsIn) {
  const Save save = stored(make_2d_example(Precision::kFloat));
  EXPECT_TRUE(save.config.has("initWeightRange"));
  EXPECT_TRUE(save.config.has("totalEpochs"));
  EXPECT_FALSE(save.config.has("momentum"));  // not of rprop
  EXPECT_FALSE(save.config.has("precision"));
}

TEST(SaveNetwork, KeepsAnyLabels) {
  std::vector<std::string> labels = {"=", "#", ",", ";", "|", ":", "/", "~", "<|>", "<", "a b", "x<||"};
  const Example example = make_example("task classification\nhiddenSize 2", {1, 1, 0, labels}, Precision::kFloat);
  EXPECT_EQ(data_header(parse(stored(example).text(Precision::kFloat))).labels, labels);
}

TEST(SaveNetwork, KeepsRegressionTargets) {
  const Example example = make_example("task regression\nhiddenSize 2", {0, 1, 3, {}}, Precision::kFloat);
  const Network network = load_network(parse(stored(example).text(Precision::kFloat)), Precision::kFloat);
  EXPECT_EQ(network.spec().data.target_size, 3);
  EXPECT_EQ(network.spec().data.num_dims, 0);
}

TEST(SaveNetwork, RefusesWeightsThatDoNotFit) {
  const Save good = stored(make_2d_example(Precision::kDouble));
  const auto expect_refused = [](const Save& save, const std::vector<std::string>& parts) {
    expect_error<FormatError>([&] { load_network(save, Precision::kDouble); }, parts);
  };
  const std::string name = "weightContainer_bias_to_output_weights";
  Save save = good;
  save.source = "x.save";
  save.vectors.erase(name);
  expect_refused(save, {"x.save", "missing", "bias_to_output"});
  save = good;
  save.vectors["weightContainer_bias_to_nowhere_weights"] = {1};
  expect_refused(save, {"no place", "bias_to_nowhere"});
  save = good;
  save.vectors[name].push_back(1);
  expect_refused(save, {"bias_to_output", "expected 4", "found 5"});
  save = good;
  save.vectors[name][2] = std::nan("");
  expect_refused(save, {"bias_to_output", "number 3 is nan"});
  save = good;
  save.vectors[name][0] = std::numeric_limits<double>::infinity();
  expect_refused(save, {"bias_to_output", "number 1 is infinite"});
  save = good;
  save.config.set("hiddenSize", "2,2000");
  expect_refused(save, {"weights are missing", "at least"});
}

TEST(SaveNetwork, WeightEstimateIsTheNumberOfWeights) {
  for (const char* text :
       {"task transcription\nhiddenSize 2,3\nhiddenBlock 2,3\nsubsampleSize 4\nsubsampleBias true",
        "task classification\nhiddenSize 2,3,4\nhiddenType tanh,lstm,logistic\nrecurrent true,false,true\n"
        "bidirectional true,false\ninputBlock 2,3"}) {
    const Example example = make_example(text, {2, 3, 0, {"a", "b", "c"}}, Precision::kFloat);
    EXPECT_EQ(estimate_weights(example.network.spec()), static_cast<double>(example.network.num_weights()));
  }
}

TEST(LoadNetwork, FromFileStreamAndMemory) {
  const Network network = std::move(make_2d_example(Precision::kFloat).network);
  const std::string path = ::testing::TempDir() + "rnnlib_load_network.save";
  save_network(network, path);
  const Save save = Save::read(path);
  const std::string text = save.text(Precision::kFloat);
  std::istringstream stream(text);
  const Network from_file = load_network(path);
  const Network from_stream = load_network(stream, "stream", Precision::kDouble);
  const Network from_memory = parse_network(text, "memory");
  for (const Network* loaded : {&from_file, &from_stream, &from_memory}) {
    const Values found = loaded->weights();  // digits of a float, read as a double, are that float's neighbours
    const Values expected = network.weights();
    EXPECT_TRUE(std::equal(found.begin(), found.end(), expected.begin(), expected.end(),
                           [](double a, double b) { return static_cast<float>(a) == static_cast<float>(b); }));
    EXPECT_EQ(loaded->spec().data.labels, network.spec().data.labels);
  }
  EXPECT_EQ(from_file.precision(), Precision::kFloat);
  EXPECT_EQ(from_stream.precision(), Precision::kDouble);
  for (const auto& [name, values] : save.vectors) EXPECT_EQ(name.find("optimiser"), std::string::npos) << name;
}

TEST(LoadNetwork, StreamsThatFailAreErrors) {
  std::istringstream cut("task transcription\n");
  expect_error<FormatError>([&] { load_network(cut, "the stream"); }, {"the stream", "inputSize"});
  std::ifstream missing("/nowhere/at/all");
  expect_error<IoError>([&] { load_network(missing, "missing"); }, {"missing", "cannot be read"});
}

TEST(LoadNetwork, SpecErrorsNameTheSave) {
  Save save = stored(make_2d_example(Precision::kFloat));
  save.source = "x.save";
  save.config.set("bidirectional", "true,true,true");
  expect_error<ConfigError>([&] { load_network(save, Precision::kFloat); }, {"x.save: bidirectional"});
}

using Names = std::vector<std::string>;

// State with all different numbers, also of an epoch under way.
TrainerState counted(const Trainer& trainer) {
  TrainerState state = trainer.state();
  double next = 0.5;
  const auto count = [&](std::vector<StateVector>& vectors) {
    for (StateVector& vector : vectors) {
      for (double& value : vector.values) value = next++;
    }
  };
  count(state.vectors);
  state.updates = 17;
  if (!state.mdl) return state;
  count(state.mdl->vectors);
  for (double& dev : state.mdl->devs) dev = 0.25 * next++;
  for (double& cost : state.mdl->costs) cost = next++ / 3;
  return state;
}

void expect_same(const std::vector<StateVector>& found, const std::vector<StateVector>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(found[i].name, expected[i].name);
    EXPECT_EQ(found[i].values, expected[i].values);
  }
}

TEST(SaveTrainer, StateReadsBack) {
  for (const char* optimiser : {"steepest", "rprop", "rmsprop", "adam"}) {
    for (const char* mdl : {"false", "true"}) {
      Example example = make_2d_example(Precision::kFloat);
      example.config.set("optimiser", optimiser);
      example.config.set("mdl", mdl);
      Trainer trainer(example.network, make_trainer_options(example.config));
      const TrainerState state = counted(trainer);
      ASSERT_FALSE(state.vectors.empty());
      trainer.set_state(state);
      Save save = stored(example);
      store_trainer(trainer, example.network, save);

      const Save again = parse(save.text(Precision::kFloat));
      Network network = load_network(again, Precision::kFloat);
      Trainer resumed(network, make_trainer_options(again.config));
      EXPECT_EQ(restore_trainer(again, network, resumed), Names());
      const TrainerState found = resumed.state();
      EXPECT_EQ(found.updates, 17);
      EXPECT_EQ(found.noise_random, state.noise_random);
      expect_same(found.vectors, state.vectors);
      ASSERT_EQ(found.mdl.has_value(), state.mdl.has_value());
      EXPECT_FALSE(found.epoch.has_value());
      if (!state.mdl) continue;
      expect_same(found.mdl->vectors, state.mdl->vectors);
      EXPECT_EQ(found.mdl->devs, state.mdl->devs);
      EXPECT_EQ(found.mdl->costs, state.mdl->costs);
    }
  }
}

TEST(SaveTrainer, AnEpochUnderWayReadsBack) {
  Example example = make_2d_example(Precision::kDouble);
  example.config.set("batchLearn", "true");
  Trainer trainer(example.network, make_trainer_options(example.config));
  TrainerState state = trainer.state();
  EpochState epoch;
  epoch.sequences = 50;
  epoch.done = 40;
  epoch.pending = 40;
  epoch.seed = 0xfedcba9876543210ULL;
  epoch.sums = {1.25, 40, 0, -1, 1 / 3.0, 41};
  epoch.costs = {{"l1ErrorBits", 0.1, 1}, {"l2ErrorBits", 7, 1}};
  epoch.skipped = {{"two words, 100 %\xc3\xa9", 7, 3}, {"", 2, 1}};
  for (Index i = 0; i < example.network.num_weights(); ++i) epoch.gradient.push_back(static_cast<double>(i) / 7);
  state.epoch = epoch;
  trainer.set_state(state);
  Save save = stored(example);
  store_trainer(trainer, example.network, save);

  Save again = parse(save.text(Precision::kDouble));
  Trainer resumed(example.network, make_trainer_options(again.config));
  EXPECT_EQ(restore_trainer(again, example.network, resumed), Names());
  const TrainerState read = resumed.state();
  ASSERT_TRUE(read.epoch.has_value());
  const EpochState& found = *read.epoch;
  EXPECT_EQ(found.sequences, 50);
  EXPECT_EQ(found.done, 40);
  EXPECT_EQ(found.pending, 40);
  EXPECT_EQ(found.seed, epoch.seed);
  EXPECT_EQ(found.sums, epoch.sums);
  ASSERT_EQ(found.costs.size(), 2u);
  EXPECT_EQ(found.costs[0].name, "l1ErrorBits");
  EXPECT_EQ(found.costs[0].value, 0.1);
  ASSERT_EQ(found.skipped.size(), 2u);
  EXPECT_EQ(found.skipped[0].tag, epoch.skipped[0].tag);
  EXPECT_EQ(found.skipped[0].needed, 7);
  EXPECT_EQ(found.skipped[1].tag, "");
  EXPECT_EQ(found.gradient, epoch.gradient);

  // A save of a finished epoch has nothing of it.
  resumed.end_epoch();
  store_trainer(resumed, example.network, again);
  for (const auto& [name, value] : again.values) EXPECT_EQ(name.find("trainer_epochUnderWay"), std::string::npos);
  for (const auto& [name, values] : again.vectors) EXPECT_EQ(name.find("_gradient"), std::string::npos) << name;
}

TEST(SaveTrainer, ADamagedEpochIsRefused) {
  Example example = make_2d_example(Precision::kDouble);
  Trainer trainer(example.network, make_trainer_options(example.config));
  const auto expect_damaged = [&](const char* name, const char* value, const char* word) {
    Save save = stored(example);
    store_trainer(trainer, example.network, save);
    save.values["trainer_epochUnderWay"] = "50 40 0 123";
    save.values[name] = value;
    expect_error<FormatError>([&] { restore_trainer(save, example.network, trainer); }, {name, word});
  };
  expect_damaged("trainer_epochUnderWay", "50 40", "too soon");
  expect_damaged("trainer_epochUnderWay", "50 x 0 1", "\"x\"");
  expect_damaged("trainer_epochUnderWay", "50 60 0 1", "damaged");
  expect_damaged("trainer_runningErrors", "1 2 y", "\"y\"");
  expect_damaged("trainer_skipped", "tag 1", "too soon");
  expect_damaged("trainer_updates", "-3", "\"-3\"");
  expect_damaged("trainer_noiseRandom", "1:2", "random state");
  Save save = stored(example);
  save.values["trainer_epochUnderWay"] = "50 40 40 123";
  expect_error<FormatError>([&] { restore_trainer(save, example.network, trainer); }, {"gradient", "missing"});
  save.values["trainer_epochUnderWay"] = "50 40 0 123";
  save.values["trainer_runningErrors"] = "1 2 3";
  expect_error<FormatError>([&] { restore_trainer(save, example.network, trainer); }, {"sums of errors"});
}

TEST(SaveTrainer, AnotherOptimiserStartsAfresh) {
  Example example = make_2d_example(Precision::kDouble);
  Trainer rprop(example.network, make_trainer_options(example.config));
  Save save = stored(example);
  store_trainer(rprop, example.network, save);
  save.config.set("optimiser", "steepest");  // as laid over it on the command line
  Trainer steepest(example.network, make_trainer_options(save.config));
  const Values fresh = steepest.state().vectors.at(0).values;
  EXPECT_EQ(restore_trainer(save, example.network, steepest), Names{"optimiser"});
  EXPECT_EQ(steepest.state().vectors.at(0).values, fresh);
  store_trainer(steepest, example.network, save);
  EXPECT_EQ(save.values.at("trainer_optimiser"), "steepest");
  for (const auto& [name, values] : save.vectors) EXPECT_EQ(name.find("prevDerivs"), std::string::npos) << name;
}

TEST(SaveTrainer, RnnlibsStateIsOfTheOptimiserItWasSavedWith) {
  // RNNLIB does not name the optimiser, and writes state for connections that own no weights under symmetry.
  Example example = make_2d_example(Precision::kDouble);
  Trainer rprop(example.network, make_trainer_options(example.config));
  rprop.set_state(counted(rprop));
  Save save = stored(example);
  store_trainer(rprop, example.network, save);
  save.values.erase("trainer_optimiser");
  ASSERT_FALSE(example.network.shared_connections().empty());
  const std::string shared = example.network.shared_connections()[0].name;
  save.vectors["weightContainer_" + shared + "_weight_optimiser_deltas"] = {1, 2, 3};
  Save again = parse(save.text(Precision::kDouble));

  Trainer resumed(example.network, make_trainer_options(again.config));
  EXPECT_EQ(restore_trainer(again, example.network, resumed), Names());
  EXPECT_EQ(resumed.state().vectors.at(0).values, rprop.state().vectors.at(0).values);

  again.config.set("optimiser", "steepest");
  Trainer steepest(example.network, make_trainer_options(again.config));
  EXPECT_EQ(restore_trainer(again, example.network, steepest), Names{"optimiser"});
}

TEST(SaveTrainer, MissingStateStartsAfreshAndWrongStateIsRefused) {
  Example example = make_2d_example(Precision::kDouble);
  Trainer trainer(example.network, make_trainer_options(example.config));
  Save save = stored(example);
  EXPECT_EQ(restore_trainer(save, example.network, trainer), Names{"optimiser"});
  store_trainer(trainer, example.network, save);
  const std::string name = "weightContainer_bias_to_output_weight_optimiser_prevDerivs";
  save.vectors.at(name).push_back(0);
  expect_error<FormatError>([&] { restore_trainer(save, example.network, trainer); },
                            {name.c_str(), "expected 4", "found 5"});
  save.vectors.erase(name);
  EXPECT_EQ(restore_trainer(save, example.network, trainer), Names{"optimiser"});
}

TEST(SaveTrainer, MdlOfASaveWithoutItStartsAfresh) {
  Example example = make_2d_example(Precision::kDouble);
  Trainer trainer(example.network, make_trainer_options(example.config));
  Save save = stored(example);
  store_trainer(trainer, example.network, save);
  save.config.set("mdl", "true");
  Trainer noisy(example.network, make_trainer_options(save.config));
  EXPECT_EQ(restore_trainer(save, example.network, noisy), Names{"mdl"});
  store_trainer(noisy, example.network, save);
  save.config.set("mdlOptimiser", "adam");
  Trainer other(example.network, make_trainer_options(save.config));
  EXPECT_EQ(restore_trainer(save, example.network, other), Names{"mdlOptimiser"});
  EXPECT_EQ(other.state().mdl->devs, noisy.state().mdl->devs);
}

}  // namespace
}  // namespace rnnlib
