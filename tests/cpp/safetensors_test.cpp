// SPDX-License-Identifier: Apache-2.0
// Networks in safetensors files.
#include "rnnlib/safetensors.h"

#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

#include "expect_error.h"
#include "io/safetensors_save.h"
#include "io/tensor_numbers.h"
#include "rnnlib/c_api.h"
#include "rnnlib/error.h"
#include "rnnlib/files.h"
#include "save_fixture.h"

namespace rnnlib {
namespace {

using namespace testing_saves;

Example make_normalised_example(Precision precision) {
  Example example =
      make_example("task regression\nhiddenSize 2\noptimiser adam\ntrainFile my data.nc", {1, 2, 1, {}}, precision);
  example.network.set_normalisation({{{0.1, -1}, {2, 0}}, {{1.0 / 3}, {5}}});
  return example;
}

std::string bytes_of(const Example& example, TensorType type) {
  SafetensorsOptions options;
  options.type = type;
  return to_safetensors(example.network, example.config, options);
}

// Puts one text in the place of another in the header.
std::string changed(const std::string& bytes, const std::string& from, const std::string& to) {
  const auto size = static_cast<std::size_t>(read_bytes(std::string_view(bytes).substr(0, 8)));
  std::string header = bytes.substr(8, size);
  const std::size_t at = header.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) header.replace(at, from.size(), to);
  std::string made;
  append_bytes(header.size(), 8, made);
  return made + header + bytes.substr(8 + size);
}

TEST(Safetensors, KeepsTheNetworkInEveryType) {
  for (const Precision precision : {Precision::kFloat, Precision::kDouble}) {
    const Example example = make_2d_example(precision);
    for (const TensorType type :
         {TensorType::kFloat16, TensorType::kBfloat16, TensorType::kFloat32, TensorType::kFloat64}) {
      const Network network = parse_network(bytes_of(example, type), "x", precision);
      Values expected = example.network.weights();
      for (double& weight : expected) weight = from_bits(to_bits(weight, info_of(type)), info_of(type));
      EXPECT_EQ(network.weights(), expected) << to_string(type);
      EXPECT_EQ(network.spec().data.labels, example.network.spec().data.labels);
    }
  }
}

// A safetensors file of the network's own precision and a slim save are the same to whoever reads them.
TEST(Safetensors, HoldsWhatASlimSaveHolds) {
  for (const Precision precision : {Precision::kFloat, Precision::kDouble}) {
    for (const Example& example : {make_2d_example(precision), make_normalised_example(precision)}) {
      const Save expected = stored(example);
      const Save save = Save::parse(to_safetensors(example.network, example.config), "x");
      EXPECT_EQ(save.config.items(), expected.config.items());
      EXPECT_EQ(save.values, expected.values);
      EXPECT_EQ(save.vectors, expected.vectors);
      EXPECT_EQ(save.tensors.size(), save.vectors.size());
      EXPECT_TRUE(save.metadata.empty());
    }
  }
}

TEST(Safetensors, TheFormIsAsDocumented) {
  const Example example =
      make_example("task classification\nhiddenSize 2", {1, 1, 0, {"a", "\"b\"", "ä"}}, Precision::kFloat);
  SafetensorsOptions options;
  options.type = TensorType::kFloat16;
  options.metadata = {{"license", "CC-BY-4.0"}, {"note", "two\nlines"}};
  const std::string bytes = to_safetensors(example.network, example.config, options);
  const auto size = static_cast<std::size_t>(read_bytes(std::string_view(bytes).substr(0, 8)));
  EXPECT_EQ(size % 8, 0U);
  EXPECT_EQ(bytes.size(), 8 + size + 2 * static_cast<std::size_t>(example.network.num_weights()));
  const std::string header = bytes.substr(8, size);
  for (const char* part : {R"("labels":"[\"a\", \"\\\"b\\\"\", \"ä\"]")", R"("license":"CC-BY-4.0")",
                           R"("note":"two\nlines")", R"("rnnlib":"1")", R"(\nhiddenSize 2\n)",
                           R"("bias_to_hidden_0_0":{"dtype":"F16","shape":[8],"data_offsets":[0,16]})",
                           R"("input_to_hidden_0_0":{"dtype":"F16","shape":[8,1])",
                           R"("hidden_0_0_peepholes":{"dtype":"F16","shape":[6])"}) {
    EXPECT_NE(header.find(part), std::string::npos) << part << "\n" << header;
  }
  EXPECT_EQ(header.find("targetLabels"), std::string::npos);
  EXPECT_EQ(Save::parse(bytes, "x").metadata, options.metadata);
}

TEST(Safetensors, FilesAreKnownByTheirContentAndWrittenByTheirName) {
  const Example example = make_normalised_example(Precision::kFloat);
  const std::string path = ::testing::TempDir() + "rnnlib_test.safetensors";
  save_network(example.network, path, example.config);
  EXPECT_TRUE(looks_like_safetensors(read_file(path)));
  const std::string other = ::testing::TempDir() + "rnnlib_test_file";
  replace_file(other, read_file(path));
  std::istringstream stream(read_file(path));
  for (const Network& network : {load_network(path), load_network(other), load_network(stream, "stream")}) {
    EXPECT_EQ(network.weights(), example.network.weights());
    EXPECT_EQ(network.normalisation().inputs.means, example.network.normalisation().inputs.means);
  }
  replace_file(path, "what is this?");
  expect_error<FormatError>([&] { load_network(path); }, {path, "header"});
  replace_file(path, "");
  expect_error<FormatError>([&] { load_network(path); }, {path, "cut short"});
  replace_file(path, stored(example).text(Precision::kFloat));  // a save under another name
  EXPECT_EQ(load_network(path).weights(), example.network.weights());
}

TEST(Safetensors, TheCInterfaceTakesThem) {
  const Example example = make_normalised_example(Precision::kFloat);
  const std::string bytes = to_safetensors(example.network, example.config);
  const std::string path = ::testing::TempDir() + "rnnlib_test_c.safetensors";
  replace_file(path, bytes);
  rnnlib_network* from_memory = nullptr;
  rnnlib_network* from_file = nullptr;
  EXPECT_EQ(rnnlib_network_parse(bytes.data(), bytes.size(), "x", RNNLIB_FLOAT, &from_memory), RNNLIB_OK);
  EXPECT_EQ(rnnlib_network_load(path.c_str(), RNNLIB_FLOAT, &from_file), RNNLIB_OK);
  for (rnnlib_network* network : {from_memory, from_file}) {
    EXPECT_EQ(rnnlib_network_num_weights(network), example.network.num_weights());
    EXPECT_EQ(rnnlib_network_has_normalisation(network), 1);
    rnnlib_network_free(network);
  }
  rnnlib_network* none = nullptr;
  EXPECT_EQ(rnnlib_network_parse(bytes.data(), bytes.size() - 1, "x", RNNLIB_FLOAT, &none), RNNLIB_ERROR_FORMAT);
  EXPECT_EQ(none, nullptr);
  EXPECT_NE(std::string(rnnlib_last_error()).find("x: "), std::string::npos) << rnnlib_last_error();
}

TEST(Safetensors, WeightsThatTheTypeCannotHold) {
  Example example = make_2d_example(Precision::kDouble);
  Values weights = example.network.weights();
  const Connection& connection = example.network.connections()[1];
  weights[static_cast<std::size_t>(connection.offset + 2)] = -65520;
  example.network.set_weights(weights);
  expect_error<NumericError>([&] { bytes_of(example, TensorType::kFloat16); },
                             {"weight 2 of " + connection.name + " is -65520", "float16", "65504"});
  bytes_of(example, TensorType::kBfloat16);
  weights[static_cast<std::size_t>(connection.offset + 2)] = 1e39;
  example.network.set_weights(weights);
  expect_error<NumericError>([&] { bytes_of(example, TensorType::kFloat32); }, {connection.name, "1e+39", "float32"});
  const std::string bytes = bytes_of(example, TensorType::kFloat64);
  EXPECT_EQ(parse_network(bytes, "x", Precision::kDouble).weights(), weights);
  expect_error<NumericError>([&] { parse_network(bytes, "x", Precision::kFloat); }, {connection.name});
}

TEST(Safetensors, TextThatCannotBeWritten) {
  const Example example = make_2d_example(Precision::kFloat);
  const auto refused = [&](const std::string& name, const std::string& text, const std::string& part) {
    SafetensorsOptions options;
    options.metadata = {{name, text}};
    expect_error<ConfigError>([&] { to_safetensors(example.network, example.config, options); }, {part});
  };
  for (const char* name : {"rnnlib", "config", "labels", "inputMeans", "inputStds", "targetPatternsMeans",
                           "targetPatternsStds", "recipe"}) {
    refused(name, "x", "metadata \"" + std::string(name) + "\": the name is taken");
  }
  refused("license", "\xFF", "\"license\" is not UTF-8");
  refused("\xFF", "x", "is not UTF-8");
  Config config = example.config;
  config.set("trainFile", "\xFF.nc");
  expect_error<ConfigError>([&] { to_safetensors(example.network, config); }, {"trainFile is not UTF-8"});
  const Example labels =
      make_example("task classification\nhiddenSize 2", {1, 1, 0, {"a", "b", "\xE4"}}, Precision::kFloat);
  expect_error<ConfigError>([&] { to_safetensors(labels.network); }, {"label 3 is not UTF-8"});
}

TEST(Safetensors, NetworksThatDoNotFitTheirFile) {
  const Example example =
      make_example("task classification\nhiddenSize 3", {1, 2, 0, {"a", "b", "c"}}, Precision::kFloat);
  const std::string good = bytes_of(example, TensorType::kFloat16);
  const auto refused = [](const std::string& bytes, const std::vector<std::string>& parts) {
    expect_error<FormatError>([&] { parse_network(bytes, "x.safetensors"); }, parts);
  };
  refused(changed(good, "\"bias_to_output\"", "\"bias_to_nowhere"), {"header of x.safetensors"});
  refused(changed(good, "\"bias_to_output\"", "\"bias_to_outpuT\""), {"x.safetensors", "missing for bias_to_output"});
  refused(changed(good, "\"shape\":[3,3]", "\"shape\":[9,1]"), {"connection hidden_0_0_to_output", "3x3", "9x1"});
  refused(changed(good, "\"rnnlib\"", "\"rnnlab\""), {"no network of rnnlib"});
  refused(changed(good, "\"rnnlib\":\"1\"", "\"rnnlib\":\"2\""), {"version 1", "\"2\"", "newer"});
  refused(changed(good, "\"config\"", "\"confog\""), {"no \"config\""});
  refused(changed(good, "\\\"c\\\"]", "\\\"c\\\" "), {"the labels in the metadata of x.safetensors"});
  refused(changed(good, "\"F16\"", "\"F17\""), {"tensor \"bias_to_hidden_0_0\"", "\"F17\""});
  std::string nan = good;
  nan.replace(nan.size() - 2, 2, "\xFF\x7F");
  refused(nan, {"x.safetensors", "weights of connection", "is nan"});
  expect_error<ConfigError>([&] { parse_network(changed(good, "hiddenSize 3", "hiddenSizz 3"), "x.safetensors"); },
                            {"the config in x.safetensors", "hiddenSizz"});
  refused(changed(good, "hiddenSize 3", "hiddenSize 9"), {"x.safetensors", "connection"});
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_THROW(parse_network(good.substr(0, size), "x.safetensors"), Error);
  }
}

TEST(Safetensors, ValuesMustBeLinesOfASave) {
  const Example example = make_normalised_example(Precision::kFloat);
  const std::string good = bytes_of(example, TensorType::kFloat32);
  for (const char* text : {"0.1\\n-1", " 0.1 -1", "0.1 -1 ", ""}) {
    const std::string broken = changed(good, "\"0.1 -1\"", "\"" + std::string(text) + "\"");
    expect_error<FormatError>([&] { Save::parse(broken, "x.safetensors"); },
                              {"x.safetensors", "\"inputMeans\"", "a line of text"});
  }
  expect_error<FormatError>([&] { parse_network(changed(good, "\"0.1 -1\"", "\"0.1 x1\""), "x.safetensors"); },
                            {"inputMeans", "x1"});
  expect_error<FormatError>([&] { parse_network(changed(good, "\"inputStds\"", "\"inputStdz\""), "x.safetensors"); },
                            {"trainer_inputMeans", "no trainer_inputStds"});
}

TEST(Safetensors, ASaveMadeOfItKeepsAllButTheMetadata) {
  const Example example = make_normalised_example(Precision::kDouble);
  SafetensorsOptions options;
  options.metadata = {{"license", "CC0"}};
  const Save save = Save::parse(to_safetensors(example.network, example.config, options), "x");
  const Save text = Save::parse(save.text(Precision::kDouble), "y");
  EXPECT_EQ(text.vectors, save.vectors);
  EXPECT_EQ(text.values, save.values);
  EXPECT_EQ(text.config.items(), save.config.items());
  EXPECT_TRUE(text.metadata.empty());
  Save again = save;
  store_network(make_2d_example(Precision::kDouble).network, again);
  EXPECT_TRUE(again.tensors.empty());  // those of another network
}

}  // namespace
}  // namespace rnnlib
