// SPDX-License-Identifier: Apache-2.0
// Network specs from configs and data, and back.
#include "rnnlib/spec.h"

#include <gtest/gtest.h>

#include "config/describe.h"
#include "config/weight_estimate.h"
#include "expect_error.h"
#include "rnnlib/error.h"
#include "rnnlib/network.h"

namespace rnnlib {
namespace {

DataHeader labelled(Index num_dims, std::vector<std::string> labels = {"a", "b", "c"}) {
  return {num_dims, 3, 0, std::move(labels)};
}

NetworkSpec make(const std::string& text, const DataHeader& data) {
  return make_network_spec(Config::parse(text, "x.config"), data);
}

void expect_refused(const std::string& text, const DataHeader& data, const std::vector<std::string>& parts) {
  SCOPED_TRACE(text);
  expect_error<ConfigError>([&] { make(text, data); }, parts);
}

TEST(Spec, OfTheArabicNetwork) {
  const NetworkSpec spec = make(
      "task transcription\ninputBlock 3,4\nhiddenSize 2,10,50\nsubsampleSize 6,20\nhiddenBlock 3,4;2,4", labelled(2));
  EXPECT_EQ(spec.task, Task::kTranscription);
  EXPECT_EQ(spec.input_block, (Shape{3, 4}));
  EXPECT_EQ(spec.bidirectional, (std::vector<bool>{true, true}));
  EXPECT_EQ(spec.symmetry, (std::vector<bool>{false, false}));
  ASSERT_EQ(spec.levels.size(), 3u);
  EXPECT_EQ(spec.levels[0].block, (Shape{3, 4}));
  EXPECT_EQ(spec.levels[1].block, (Shape{2, 4}));
  EXPECT_TRUE(spec.levels[2].block.empty());
  EXPECT_EQ(spec.levels[1].subsample_size, 20);
  EXPECT_EQ(spec.levels[2].subsample_size, 0);
  EXPECT_EQ(spec.levels[2].type, HiddenType::kLstm);
  EXPECT_TRUE(spec.levels[2].recurrent);
  EXPECT_EQ(spec.output_size(), 4);
}

TEST(Spec, SpreadsOneElementLists) {
  const NetworkSpec spec = make(
      "task transcription\nhiddenSize 2,3\nhiddenType linear\nrecurrent false\nhiddenBlock 2\ninputBlock 4\n"
      "bidirectional false\nsymmetry true\nsubsampleType logistic\nsubsampleBias true",
      labelled(3));
  EXPECT_EQ(spec.input_block, (Shape{4, 4, 4}));
  EXPECT_EQ(spec.levels[0].block, (Shape{2, 2, 2}));
  EXPECT_EQ(spec.levels[1].type, HiddenType::kIdentity);
  EXPECT_FALSE(spec.levels[1].recurrent);
  EXPECT_EQ(spec.bidirectional, std::vector<bool>(3, false));
  EXPECT_EQ(spec.symmetry, std::vector<bool>(3, true));
  EXPECT_EQ(spec.subsample_type, HiddenType::kLogistic);
  EXPECT_TRUE(spec.subsample_bias);
}

TEST(Spec, Convolutions) {
  const std::string base = "task transcription\nhiddenSize 4,5,6\nhiddenType conv,lstm,conv\n";
  const NetworkSpec plain = make(base, labelled(2));
  EXPECT_TRUE(plain.levels[0].is_convolution);
  EXPECT_EQ(plain.levels[0].kernel, (Shape{3, 3}));
  EXPECT_EQ(plain.levels[0].type, HiddenType::kTanh);
  EXPECT_FALSE(plain.levels[1].is_convolution);
  EXPECT_TRUE(plain.levels[1].kernel.empty());
  EXPECT_EQ(plain.levels[1].type, HiddenType::kLstm);
  const NetworkSpec spec = make(base + "kernelSize 5;1,2\nconvType relu,leaky_relu", labelled(2));
  EXPECT_EQ(spec.levels[0].kernel, (Shape{5, 5}));
  EXPECT_EQ(spec.levels[2].kernel, (Shape{1, 2}));
  EXPECT_EQ(spec.levels[0].type, HiddenType::kRelu);
  EXPECT_EQ(spec.levels[2].type, HiddenType::kLeakyRelu);
  EXPECT_TRUE(make(base, labelled(0)).levels[0].kernel.empty());
  EXPECT_TRUE(make(base, labelled(0)).levels[0].is_convolution);

  expect_refused(base + "kernelSize 3;3;3", labelled(2), {"kernelSize must have", "level of hiddenType conv (2)"});
  expect_refused(base + "kernelSize 3,3,3", labelled(2), {"kernelSize must have", "dimension of level 0", "(2)"});
  expect_refused(base + "convType relu,relu,relu", labelled(2), {"convType must have", "(2)"});
  expect_refused(base + "convType lstm", labelled(2), {"convType", "lstm"});
  expect_refused(base + "kernelSize 300", labelled(2), {"kernel of level 0 is 300x300", "65536 points"});
}

TEST(Spec, KnowsDataWithoutDimensions) {
  const NetworkSpec spec = make("task classification\nhiddenSize 3,2\ninputBlock 2\nhiddenBlock 2", labelled(0));
  EXPECT_TRUE(spec.input_block.empty());
  EXPECT_TRUE(spec.bidirectional.empty());
  EXPECT_TRUE(spec.levels[0].block.empty());
}

TEST(Spec, PoolingMayStandOnAllLevels) {
  const NetworkSpec spec = make("task transcription\nhiddenSize 2,3,4\npoolSize 2,3;1;2", labelled(2));
  EXPECT_EQ(spec.levels[0].pool, (Shape{2, 3}));
  EXPECT_EQ(spec.levels[1].pool, (Shape{1, 1}));
  EXPECT_EQ(spec.levels[2].pool, (Shape{2, 2}));
  EXPECT_TRUE(make("task transcription\nhiddenSize 2,3\npoolSize 2", labelled(2)).levels[1].pool.empty());
}

TEST(Spec, LevelsMayHaveFewerDimensions) {
  const NetworkSpec spec =
      make("task transcription\nhiddenSize 2,3,4\nlevelDims 2,1,1\npoolSize 2,3;4\nhiddenBlock 1,2;3\njoinRows max",
           labelled(2));
  EXPECT_EQ(spec.level_dims(0), 2);
  EXPECT_EQ(spec.level_dims(2), 1);
  EXPECT_EQ(spec.levels[1].pool, (Shape{4}));
  EXPECT_EQ(spec.levels[1].block, (Shape{3}));
  EXPECT_EQ(spec.join_rows, JoinRows::kMax);
  EXPECT_EQ(make("task transcription\nhiddenSize 2,3", labelled(2)).level_dims(1), 2);
}

TEST(Spec, RefusesDimensionsThatCannotBe) {
  const std::string base = "task transcription\nhiddenSize 2,3\n";
  expect_refused(base + "levelDims 1,2", labelled(2), {"level 1 has 2 dimensions", "the level below has 1"});
  expect_refused(base + "levelDims 3,1", labelled(2), {"level 0 has 3 dimensions", "the data have 2"});
  expect_refused(base + "levelDims 2,1,1", labelled(2), {"levelDims must have", "level of hiddenSize (2)"});
  expect_refused(base + "levelDims 2,1\njoinRows concat", labelled(2), {"joinHeight", "is 0"});
  expect_refused(base + "levelDims 2,1\njoinRows mean", labelled(2), {"joinRows", "mean"});
  expect_refused(base + "levelDims 1,1\nhiddenBlock 2,2", labelled(2), {"hiddenBlock must have", "(1 of level 0)"});
  expect_refused("task classification\nhiddenSize 2,3\nlevelDims 2,1", labelled(2),
                 {"the last level has 1 dimensions", "classification has an output at every point"});
}

TEST(Spec, AZeroInTheInputBlockMeansNone) {
  EXPECT_TRUE(make("task transcription\nhiddenSize 3\ninputBlock 0,2", labelled(2)).input_block.empty());
}

TEST(Spec, OutputSizeFollowsTheTask) {
  EXPECT_EQ(make("task classification\nhiddenSize 3", labelled(1)).output_size(), 3);
  EXPECT_EQ(make("task sequence_classification\nhiddenSize 3", labelled(1, {"a", "b"})).output_size(), 1);
  EXPECT_EQ(make("task transcription\nhiddenSize 3", labelled(1, {"a"})).output_size(), 2);
  EXPECT_EQ(make("task sequence_regression\nhiddenSize 3", {1, 3, 5, {}}).output_size(), 5);
}

TEST(Spec, RefusesListsOfTheWrongLength) {
  const std::string base = "task transcription\nhiddenSize 2,3\n";
  expect_refused(base + "hiddenType lstm,tanh,lstm", labelled(1), {"hiddenType must have", "level of hiddenSize (2)"});
  expect_refused(base + "recurrent true,true,true", labelled(1), {"recurrent must have"});
  expect_refused(base + "bidirectional true,false", labelled(1),
                 {"bidirectional must have", "dimension of the data (1)"});
  expect_refused(base + "symmetry true,false", labelled(3), {"symmetry must have", "(3)"});
  expect_refused(base + "inputBlock 2,2", labelled(1), {"inputBlock must have"});
  expect_refused(base + "hiddenBlock 2,2", labelled(1), {"hiddenBlock must have", "separated by semicolons"});
  expect_refused(base + "hiddenBlock 2;2", labelled(1), {"hiddenBlock must be shorter than hiddenSize", "2 entries"});
  expect_refused(base + "poolSize 2,2", labelled(1), {"poolSize must have", "separated by semicolons"});
  expect_refused(base + "poolSize 2;2;2", labelled(1), {"poolSize must have", "per level of hiddenSize (2)", "2;2;2"});
  expect_refused(base + "subsampleSize 2,2", labelled(1), {"subsampleSize must be shorter than hiddenSize"});
}

TEST(Spec, RefusesWhatIsMissingOrTooLarge) {
  expect_refused("hiddenSize 2", labelled(1), {"task is missing"});
  expect_refused("task transcription", labelled(1), {"hiddenSize is missing"});
  expect_refused("task prediction\nhiddenSize 2", labelled(1), {"task prediction is not available"});
  expect_refused("task transcription\nhiddenSize 1*101", labelled(1), {"at most 100 levels"});
  expect_refused("task transcription\nhiddenSize 1000000", labelled(2), {"the network would have", "weights"});
  expect_refused("task transcription\nhiddenSize 2\ninputBlock 1000000", labelled(2), {"joins too many points"});
}

TEST(Spec, RefusesUnfitData) {
  const std::string transcription = "task transcription\nhiddenSize 2";
  const std::string classification = "task classification\nhiddenSize 2";
  expect_refused(transcription, labelled(1, {"a", "blank"}), {"called blank"});
  EXPECT_EQ(make(classification, labelled(1, {"a", "blank"})).output_size(), 1);
  expect_refused(transcription, labelled(1, {"a", "b", "a"}), {"label \"a\" occurs twice"});
  expect_refused(transcription, labelled(1, {"a", ""}), {"empty"});
  expect_refused(transcription, labelled(1, {"a", "b "}), {"\"b \"", "white space"});
  expect_refused(transcription, labelled(1, {}), {"at least 1 labels", "have 0"});
  expect_refused(classification, labelled(1, {"a"}), {"at least 2 labels", "have 1"});
  expect_refused("task regression\nhiddenSize 2", {1, 3, 0, {}}, {"target size"});
  expect_refused(transcription, {1, 0, 0, {"a"}}, {"input size is 0"});
  expect_refused(transcription, {9, 3, 0, {"a"}}, {"9 dimensions"});
  expect_refused(transcription, {-1, 3, 0, {"a"}}, {"-1 dimensions"});
}

TEST(Spec, NamesReadBack) {
  for (const char* name :
       {"classification", "sequence_classification", "transcription", "regression", "sequence_regression"}) {
    EXPECT_EQ(to_string(parse_task(name)), name);
  }
  for (const char* name : {"tanh", "softsign", "logistic", "identity", "relu", "leaky_relu", "lstm", "linear_lstm",
                           "softsign_lstm", "gru"}) {
    EXPECT_EQ(to_string(parse_hidden_type(name)), name);
  }
  EXPECT_EQ(parse_hidden_type("linear"), HiddenType::kIdentity);
  expect_error<ConfigError>([] { parse_task("guess"); }, {"unknown task \"guess\"", "transcription"});
  expect_error<ConfigError>([] { parse_hidden_type("grue"); }, {"unknown hidden type \"grue\"", "softsign_lstm"});
}

TEST(WeightEstimate, CountsByHand) {
  // 2 directions of 4 LSTM blocks with 3 inputs: (bias 1 + inputs 3 + recurrent 4) * 16 + 12 peepholes each; 5 outputs.
  EXPECT_EQ(estimate_weights(make("task transcription\nhiddenSize 4", labelled(1, {"a", "b", "c", "d"}))),
            2 * (8 * 16 + 12) + 5 * (1 + 8));
  // Input block of 4 points, 4 tanh layers of 2, blocks of 4 points into 3 subsampled units with bias, 4 layers of 5.
  EXPECT_EQ(estimate_weights(make("task transcription\nhiddenSize 2,5\nhiddenType tanh\ninputBlock 2\nhiddenBlock 2\n"
                                  "subsampleSize 3\nsubsampleBias true",
                                  labelled(2))),
            4 * 2 * (1 + 12 + 4) + 3 * (4 * 2 * 4 + 1) + 4 * 5 * (1 + 3 + 10) + 4 * (1 + 20));
  // One convolution of 4 units over 3 x 2 points of 3 inputs, 4 tanh layers of 5.
  EXPECT_EQ(
      estimate_weights(make("task transcription\nhiddenSize 4,5\nhiddenType conv,tanh\nkernelSize 3,2", labelled(2))),
      4 * (1 + 6 * 3) + 4 * 5 * (1 + 4 + 10) + 4 * (1 + 20));
}

TEST(DescribeNetwork, ReadsBackAsTheSameSpec) {
  const char* texts[] = {
      "task transcription\nhiddenSize 2,10,50\nhiddenBlock 3,4;2\ninputBlock 3,4\nsubsampleSize 6\nsubsampleType "
      "logistic\n"
      "subsampleBias true",
      "task classification\nhiddenSize 2,3,4\npoolSize 1;2,3;2",
      "task transcription\nhiddenSize 2,3\nlevelDims 2,1\njoinRows concat\njoinHeight 4\nhiddenBlock 2,2\npoolSize 1;3",
      "task transcription\nhiddenSize 2\nlevelDims 1\njoinRows max",
      "task classification\nhiddenSize 3\nhiddenType linear\nrecurrent false\nbidirectional true,false\nsymmetry true",
      "task sequence_classification\nhiddenSize 3,4\nhiddenType tanh,softsign_lstm\nrecurrent true,false",
      "task transcription\nhiddenSize 3,4,5\nhiddenType conv,lstm,conv\nkernelSize 3,2;5\nconvType relu,logistic",
      "task transcription\nhiddenSize 3,4\nhiddenType conv\nkernelSize 2",
  };
  for (const char* text : texts) {
    const NetworkSpec spec = make(text, labelled(2));
    Config config;
    config.set("hiddenBlock", "9");  // must not stay
    config.set("kernelSize", "9;9");
    config.set("optimiser", "rprop");
    describe_network(spec, config);
    const NetworkSpec again = make_network_spec(config, spec.data);
    EXPECT_EQ(again.task, spec.task);
    EXPECT_EQ(again.input_block, spec.input_block);
    EXPECT_EQ(again.bidirectional, spec.bidirectional);
    EXPECT_EQ(again.symmetry, spec.symmetry);
    EXPECT_EQ(again.subsample_type, spec.subsample_type);
    EXPECT_EQ(again.subsample_bias, spec.subsample_bias);
    EXPECT_EQ(again.join_rows, spec.join_rows);
    EXPECT_EQ(again.join_height, spec.join_height);
    ASSERT_EQ(again.levels.size(), spec.levels.size());
    for (std::size_t i = 0; i < spec.levels.size(); ++i) {
      EXPECT_EQ(again.levels[i].type, spec.levels[i].type);
      EXPECT_EQ(again.levels[i].size, spec.levels[i].size);
      EXPECT_EQ(again.levels[i].recurrent, spec.levels[i].recurrent);
      EXPECT_EQ(again.level_dims(i), spec.level_dims(i));
      EXPECT_EQ(again.levels[i].pool, spec.levels[i].pool);
      EXPECT_EQ(again.levels[i].block, spec.levels[i].block);
      EXPECT_EQ(again.levels[i].subsample_size, spec.levels[i].subsample_size);
      EXPECT_EQ(again.levels[i].is_convolution, spec.levels[i].is_convolution);
      EXPECT_EQ(again.levels[i].kernel, spec.levels[i].kernel);
    }
    EXPECT_EQ(config.get_string("optimiser"), "rprop");
  }
}

TEST(DescribeNetwork, RefusesGaps) {
  NetworkSpec spec = make("task transcription\nhiddenSize 2,3,4", labelled(1));
  spec.levels[1].block = {2};
  Config config;
  expect_error<ConfigError>([&] { describe_network(spec, config); }, {"hiddenBlock"});
}

NetworkSpec hand_made() {
  NetworkSpec spec;
  spec.task = Task::kTranscription;
  spec.data = {2, 1, 0, {"a", "b"}};
  spec.bidirectional = {true, false};
  spec.symmetry = {false, false};
  spec.levels.resize(2);
  spec.levels[0].size = 3;
  spec.levels[0].block = {2, 1};
  spec.levels[0].subsample_size = 4;
  spec.levels[1].type = HiddenType::kTanh;
  spec.levels[1].size = 5;
  return spec;
}

// What make_network_spec cannot make must be refused all the same.
TEST(CheckSpec, HandMadeSpecs) {
  EXPECT_NO_THROW(check_spec(hand_made()));
  EXPECT_NO_THROW(Network(hand_made(), Precision::kFloat));
  const auto refuse = [](auto spoil, const std::vector<std::string>& parts) {
    NetworkSpec spec = hand_made();
    spoil(spec);
    expect_error<ConfigError>([&] { check_spec(spec); }, parts);
    expect_error<ConfigError>([&] { Network network(spec, Precision::kFloat); }, parts);
  };
  refuse([](NetworkSpec& s) { s.bidirectional.pop_back(); }, {"bidirectional has 1 entries", "one per dimension (2)"});
  refuse([](NetworkSpec& s) { s.symmetry.clear(); }, {"symmetry has 0 entries"});
  refuse([](NetworkSpec& s) { s.levels.clear(); }, {"0 levels"});
  refuse([](NetworkSpec& s) { s.levels.resize(101, s.levels[1]); }, {"101 levels"});
  refuse([](NetworkSpec& s) { s.levels[0].size = 0; }, {"the size of level 0 is 0"});
  refuse([](NetworkSpec& s) { s.levels[0].kernel = {2, 2}; }, {"level 0 has a kernel", "not a convolution"});
  refuse([](NetworkSpec& s) { s.levels[1].is_convolution = true; }, {"kernel of level 1 has 0 entries"});
  refuse(
      [](NetworkSpec& s) {
        s.levels[0].is_convolution = true;
        s.levels[0].kernel = {2, 2};
      },
      {"type of level 0"});
  refuse([](NetworkSpec& s) { s.levels[1].size = -3; }, {"the size of level 1 is -3"});
  refuse([](NetworkSpec& s) { s.levels[0].subsample_size = -1; }, {"subsample size of level 0 is -1"});
  refuse([](NetworkSpec& s) { s.levels[0].block = {2}; }, {"the block of level 0 has 1 entries"});
  refuse([](NetworkSpec& s) { s.levels[1].num_dims = 3; }, {"level 1 has 3 dimensions"});
  refuse([](NetworkSpec& s) { s.levels[0].num_dims = 0; }, {"level 0 has 0 dimensions"});
  refuse([](NetworkSpec& s) { s.join_rows = static_cast<JoinRows>(7); }, {"joinRows"});
  refuse([](NetworkSpec& s) { s.levels[1].pool = {2, 0}; }, {"the pooling of level 1 is 2x0"});
  refuse([](NetworkSpec& s) { s.levels[0].block = {2, 0}; }, {"the block of level 0 is 2x0"});
  refuse([](NetworkSpec& s) { s.input_block = {1 << 20, 1 << 20}; }, {"the input block is", "2^24 points"});
  refuse([](NetworkSpec& s) { s.levels[1].subsample_size = 2; }, {"the last level has"});
  refuse([](NetworkSpec& s) { s.levels[1].block = {1, 1}; }, {"the last level has"});
  refuse([](NetworkSpec& s) { s.subsample_type = HiddenType::kLstm; }, {"type of the subsample layers"});
  refuse([](NetworkSpec& s) { s.levels[0].type = static_cast<HiddenType>(77); }, {"type of level 0"});
  refuse([](NetworkSpec& s) { s.task = static_cast<Task>(-1); }, {"the task"});
  refuse([](NetworkSpec& s) { s.data.num_dims = 9; }, {"9 dimensions", "0 to 8"});
  refuse([](NetworkSpec& s) { s.data.num_dims = -1; }, {"-1 dimensions"});
  refuse([](NetworkSpec& s) { s.data.input_size = Index{1} << 62; }, {"input size"});
  refuse([](NetworkSpec& s) { s.data.labels.clear(); }, {"at least 1 labels"});
  refuse([](NetworkSpec& s) { s.levels[1].size = 200000; }, {"weights", "are possible"});
}

}  // namespace
}  // namespace rnnlib
