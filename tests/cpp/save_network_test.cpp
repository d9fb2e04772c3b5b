// SPDX-License-Identifier: Apache-2.0
// Networks in saves: what the data were like, weights, defaults; saves that do not fit.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

#include "config/weight_estimate.h"
#include "expect_error.h"
#include "rnnlib/error.h"
#include "save_fixture.h"

namespace rnnlib {
namespace {

using namespace testing_saves;

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
  EXPECT_EQ(dims("hiddenType gru\nweightContainer_bias_to_hidden_0_0_weights 8 0 0 0 0 0 0 0 0\n"), 1);
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

TEST(SaveNetwork, KeepsTheRecipe) {
  Example example = make_2d_example(Precision::kFloat);
  EXPECT_EQ(example.network.recipe(), "");
  const std::string recipe = "{\"kind\": \"lines\", \"space\": \"\u2423\", \"note\": \"a # b ; c = d\"}";
  example.network.set_recipe(recipe);
  const Save save = parse(stored(example).text(Precision::kFloat));
  EXPECT_EQ(saved_recipe(save), recipe);
  const Network again = load_network(save, Precision::kFloat);
  EXPECT_EQ(again.recipe(), recipe);

  Save other = save;
  store_network(make_2d_example(Precision::kFloat).network, other);  // takes away what was there
  EXPECT_EQ(saved_recipe(other), "");
  for (const char* wrong : {"two\nlines", " x", "x ", "\x01"}) {
    expect_error<DataError>([&] { example.network.set_recipe(wrong); }, {"one line of text"});
  }
  EXPECT_EQ(example.network.recipe(), recipe);
}

TEST(SaveNetwork, NeedsNoConfig) {
  const Example example = make_2d_example(Precision::kDouble);
  Save save;
  store_network(example.network, save);
  EXPECT_EQ(load_network(save, Precision::kDouble).weights(), example.network.weights());
}

TEST(SaveNetwork, KeepsTheTemperature) {
  const Example example =
      make_example("task transcription\nhiddenSize 2\ntemperature 1.25", {1, 2, 0, {"a"}}, Precision::kFloat);
  EXPECT_EQ(example.network.spec().temperature, 1.25);
  Save save;
  store_network(example.network, save);
  EXPECT_EQ(load_network(save, Precision::kFloat).spec().temperature, 1.25);
  NetworkSpec spec = example.network.spec();
  for (const double bad : {0.0, -1.0, std::nan("")}) {
    spec.temperature = bad;
    expect_error<ConfigError>([&] { Network(spec, Precision::kFloat); }, {"the temperature is", "above 0"});
  }
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
        "bidirectional true,false\ninputBlock 2,3",
        "task classification\nhiddenSize 2,3\nhiddenType gru\nrecurrent true,false",
        "task transcription\nhiddenSize 2,3,4\nlevelDims 2,1,1\nbidirectional true,false\npoolSize 1,2;2",
        "task transcription\nhiddenSize 2,3\nlevelDims 1,1\ninputBlock 2,3\njoinRows concat\njoinHeight 5"}) {
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

}  // namespace
}  // namespace rnnlib
