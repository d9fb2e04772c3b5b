// SPDX-License-Identifier: Apache-2.0
// Every config key there is (docs/behaviour.md, "Config"). Parser, `train --help` and docs/config.md all read this
// table.
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "rnnlib/config.h"

namespace rnnlib {
namespace {

using Words = std::vector<std::string>;
using Rows = std::vector<KeyInfo>;

const Words& tasks() {
  static const Words words = {"classification",      "sequence_classification",  "transcription", "regression",
                              "sequence_regression", "dictionary_transcription", "prediction"};
  return words;
}

const Words& hidden_types() {
  static const Words words = {"tanh",   "softsign", "logistic",    "identity",
                              "linear", "lstm",     "linear_lstm", "softsign_lstm"};
  return words;
}

const Words& feed_forward_types() {
  static const Words words = {"tanh", "softsign", "logistic", "identity", "linear"};
  return words;
}

const Words& optimisers() {
  static const Words words = {"steepest", "rprop", "rmsprop", "adam"};
  return words;
}

const Words& schedules() {
  static const Words words = {"constant", "exponential", "cosine", "plateau"};
  return words;
}

// Columns: name, type, default, range, choices, group (added below), meaning. Ranges are conditions joined by commas;
// values are checked against this very text.

Rows network_keys() {
  return {
      {"task", KeyType::kString, "", "", tasks(), "",
       "What the network learns to do; the last two are not available in this version."},
      {"hiddenType", KeyType::kStringList, "lstm", "", hidden_types(), "",
       "Type of the hidden units, one per level or one for all; linear is another name for identity."},
      {"hiddenSize",
       KeyType::kIntList,
       "",
       ">= 1, <= 1000000",
       {},
       "",
       "Hidden units (LSTM: blocks of one cell) per direction, one number per level."},
      {"hiddenBlock",
       KeyType::kIntLists,
       "",
       ">= 1, <= 1000000",
       {},
       "",
       "Blocks of points joined into one on top of the hidden layers, one list per level (at most all but the last) "
       "with a "
       "number per dimension."},
      {"subsampleSize",
       KeyType::kIntList,
       "",
       ">= 1, <= 1000000",
       {},
       "",
       "Units of the subsampling layer that joins a level's directions, one number per level (at most all but the "
       "last)."},
      {"subsampleType", KeyType::kString, "tanh", "", feed_forward_types(), "", "Type of the subsampling units."},
      {"subsampleBias", KeyType::kBool, "false", "", {}, "", "Gives the subsampling layers a bias."},
      {"recurrent",
       KeyType::kBoolList,
       "true",
       "",
       {},
       "",
       "Recurrent connections within the hidden layers, one per level or one for all."},
      {"inputBlock",
       KeyType::kIntList,
       "",
       ">= 0, <= 1000000",
       {},
       "",
       "Block of input points joined into one, a number per dimension (x first); a 0 in it means none."},
      {"bidirectional",
       KeyType::kBoolList,
       "true",
       "",
       {},
       "",
       "Scans in both directions, one per dimension (x first) or one for all."},
      {"symmetry",
       KeyType::kBoolList,
       "false",
       "",
       {},
       "",
       "Both directions use the same weights, one per dimension (x first) or one for all."},
      {"initWeightRange",
       KeyType::kReal,
       "0.1",
       ">= 0",
       {},
       "",
       "Starting weights are drawn uniformly from minus this to plus this."},
      {"predictionSteps",
       KeyType::kInt,
       "1",
       ">= 1",
       {},
       "",
       "Steps ahead that task prediction predicts (not available in this version)."},
      {"mixtures",
       KeyType::kInt,
       "",
       ">= 1",
       {},
       "",
       "Gaussians of task prediction's output (not available in this version)."},
      {"charWindowSize",
       KeyType::kInt,
       "",
       ">= 0",
       {},
       "",
       "Gaussians of task prediction's window over the text (not available in this version)."},
      {"skipConnections",
       KeyType::kBool,
       "true",
       "",
       {},
       "",
       "Connects the input to all levels and all levels to the output in task prediction (not available in this "
       "version)."},
  };
}

Rows data_keys() {
  return {
      {"trainFile", KeyType::kStringList, "", "", {}, "", "netCDF files of the training set."},
      {"valFile",
       KeyType::kStringList,
       "",
       "",
       {},
       "",
       "netCDF files of the validation set, which decides on the best network and on stopping."},
      {"testFile", KeyType::kStringList, "", "", {}, "", "netCDF files of the test set."},
      {"dataFraction",
       KeyType::kReal,
       "1",
       "> 0, <= 1",
       {},
       "",
       "Fraction of each file's sequences that is used, from the first on."},
  };
}

Rows training_keys() {
  return {
      {"optimiser", KeyType::kString, "steepest", "", optimisers(), "",
       "Rule that turns gradients into weight changes."},
      {"learnRate", KeyType::kReal, "1e-4", ">= 0", {}, "", "Learning rate of steepest, rmsprop and adam."},
      {"momentum", KeyType::kReal, "0.9", ">= 0, < 1", {}, "", "Momentum of steepest and rmsprop."},
      {"batchLearn",
       KeyType::kBool,
       "",
       "",
       {},
       "",
       "One update per epoch, sequences in order; default true when optimiser is rprop and seqsPerWeightUpdate is 1, "
       "else "
       "false."},
      {"seqsPerWeightUpdate",
       KeyType::kInt,
       "1",
       ">= 1",
       {},
       "",
       "Sequences whose gradients are summed for one update."},
      {"totalEpochs", KeyType::kInt, "-1", ">= -1", {}, "", "Training ends after this many epochs; -1 = no limit."},
      {"maxTestsNoBest",
       KeyType::kInt,
       "20",
       "",
       {},
       "",
       "Training ends after more than this many epochs without a new best; 0 or less = never."},
      {"randSeed", KeyType::kInt, "0", ">= 0", {}, "", "Seed of the random generator; 0 = from the clock."},
      {"l1", KeyType::kReal, "0", ">= 0", {}, "", "Strength of the penalty on the weights' absolute values."},
      {"l2", KeyType::kReal, "0", ">= 0", {}, "", "Strength of the penalty on the weights' squares."},
      {"inputNoiseDev",
       KeyType::kReal,
       "0",
       ">= 0",
       {},
       "",
       "Standard deviation of Gaussian noise on the inputs of training sequences, drawn anew each time."},
      {"weightDistortion",
       KeyType::kReal,
       "0",
       ">= 0",
       {},
       "",
       "Standard deviation of Gaussian noise on the weights while training, drawn anew for each sequence."},
      {"dropout",
       KeyType::kReal,
       "0",
       ">= 0, < 1",
       {},
       "",
       "Share of the numbers between two levels that is set to 0 in training, drawn anew for each sequence."},
      {"testDistortions",
       KeyType::kBool,
       "false",
       "",
       {},
       "",
       "Applies the noises (inputNoiseDev, weightDistortion, mdl; not dropout) in error tests too."},
      {"mdl",
       KeyType::kBool,
       "false",
       "",
       {},
       "",
       "Adaptive weight noise (Graves 2011): every weight's standard deviation is learned against the errors."},
      {"mdlWeight", KeyType::kReal, "1", ">= 0", {}, "", "Weight of mdl's cost of the weights against the errors."},
      {"mdlInitStdDev", KeyType::kReal, "0.075", "> 0", {}, "", "Starting standard deviation of mdl's weight noise."},
      {"mdlSamples", KeyType::kInt, "1", ">= 1", {}, "", "Samples of mdl's weight noise per sequence."},
      {"mdlSymmetricSampling",
       KeyType::kBool,
       "false",
       "",
       {},
       "",
       "Every second of mdl's samples is the mirror image of the one before."},
      {"mdlOptimiser", KeyType::kString, "", "", optimisers(), "",
       "Optimiser of mdl's standard deviations; default as optimiser."},
      {"mdlLearnRate",
       KeyType::kReal,
       "",
       ">= 0",
       {},
       "",
       "Learning rate of mdl's standard deviations; default as learnRate."},
      {"mdlMomentum",
       KeyType::kReal,
       "",
       ">= 0, < 1",
       {},
       "",
       "Momentum of mdl's standard deviations; default as momentum."},
      {"maxGradientNorm",
       KeyType::kReal,
       "0",
       ">= 0",
       {},
       "",
       "Longest gradient of an update (Euclidean norm, errors alone); a longer one is scaled down to it. 0 = no "
       "limit."},
      {"learnRateSchedule", KeyType::kString, "constant", "", schedules(), "",
       "How learning rates change from epoch to epoch: exponential (times learnRateDecay each), cosine (to 0 at "
       "totalEpochs), plateau (times learnRateDecay whenever the training criterion of the deciding set has not been "
       "best for more than learnRatePatience epochs)."},
      {"learnRateDecay", KeyType::kReal, "0.5", "> 0, <= 1", {}, "", "Factor of learnRateSchedule."},
      {"learnRatePatience", KeyType::kInt, "5", ">= 0", {}, "", "Epochs that learnRateSchedule plateau waits."},
      {"warmupUpdates", KeyType::kInt, "0", ">= 0", {}, "", "Updates over which learning rates grow linearly from 0."},
      {"freeze",
       KeyType::kStringList,
       "",
       "",
       {},
       "",
       "Layers (with all connections into them) and connections whose weights stay as they are."},
      {"warmStart",
       KeyType::kString,
       "",
       "",
       {},
       "",
       "Save whose weights a new run begins with, where names and sizes of connections are the same; output units are "
       "matched by their labels."},
      {"precision", KeyType::kString, "float", "", {"float", "double"}, "", "Number type of the engine."},
      {"threads",
       KeyType::kInt,
       "",
       ">= 1, <= 4096",
       {},
       "",
       "Threads used, unless a call names them; default rnnlib_py's set_num_threads, else RNNLIB_NUM_THREADS of the "
       "environment, else the cores this process may use, at most OMP_NUM_THREADS. Results do not depend on it."},
  };
}

Rows output_keys() {
  return {
      {"autosave",
       KeyType::kBool,
       "false",
       "",
       {},
       "",
       "Writes a log, the last network of every epoch and the best network for each error. rnnlib-py train does so "
       "unless this is false."},
      {"saveEvery",
       KeyType::kReal,
       "0",
       ">= 0",
       {},
       "",
       "Seconds after which the last network is saved within an epoch too (with autosave); 0 = only after epochs."},
      {"verbose",
       KeyType::kBool,
       "false",
       "",
       {},
       "",
       "Prints more; adds errors by pair of classes in classification."},
      {"confusionMatrix", KeyType::kBool, "false", "", {}, "", "Adds errors by label in transcription."},
      {"legacyErrors",
       KeyType::kBool,
       "false",
       "",
       {},
       "",
       "Errors as RNNLIB counts them: transcription targets that do not fit the output are left out of all errors "
       "(else "
       "of ctcError alone), and sequences without any target count in means with an error of 0 (else not at all)."},
      {"dictionary",
       KeyType::kString,
       "",
       "",
       {},
       "",
       "File of words and their labels for task dictionary_transcription (not available in this version)."},
      {"bigrams",
       KeyType::kString,
       "",
       "",
       {},
       "",
       "ARPA file of word bigrams for task dictionary_transcription (not available in this version)."},
      {"nBest",
       KeyType::kInt,
       "1",
       ">= 1",
       {},
       "",
       "Word sequences kept in task dictionary_transcription (not available in this version)."},
      {"fixedLength",
       KeyType::kInt,
       "-1",
       ">= -1",
       {},
       "",
       "Exact number of words in task dictionary_transcription, -1 = any (not available in this version)."},
  };
}

Rows mode_keys() {
  return {
      {"errorTest", KeyType::kBool, "false", "", {}, "", "Tests the network on all sets instead of training."},
      {"gradCheck",
       KeyType::kBool,
       "false",
       "",
       {},
       "",
       "Checks the gradient of one sequence numerically instead of training."},
      {"sigFigs", KeyType::kInt, "6", ">= 1, <= 15", {}, "", "Significant figures that must agree in gradCheck."},
      {"pert", KeyType::kReal, "1e-5", "> 0", {}, "", "Change of a weight in gradCheck."},
      {"breakOnError", KeyType::kBool, "true", "", {}, "", "gradCheck ends at the first difference."},
      {"display", KeyType::kBool, "false", "", {}, "", "Dumps all variables for one sequence instead of training."},
      {"dumpPath", KeyType::kString, "", "", {}, "", "Folder for the dumps."},
      {"jacobianCoords",
       KeyType::kIntList,
       "",
       ">= 0",
       {},
       "",
       "Output point (and unit) whose dependence on the inputs is dumped."},
      {"dataset",
       KeyType::kString,
       "train",
       "",
       {"train", "val", "test"},
       "",
       "Set that the one-sequence modes take it from."},
      {"dataFileNum", KeyType::kInt, "0", ">= 0", {}, "", "Number of the file within that set, from 0."},
      {"sequence", KeyType::kInt, "0", ">= 0", {}, "", "Number of the sequence within that file, from 0."},
  };
}

Rows saved_keys() {
  return {
      {"inputSize", KeyType::kInt, "", ">= 1, <= 1000000", {}, "", "Numbers per input point of the saved network."},
      {"numDims", KeyType::kInt, "", ">= 0, <= 8", {}, "", "Sequence dimensions of the saved network."},
      {"targetSize",
       KeyType::kInt,
       "",
       ">= 1, <= 1000000",
       {},
       "",
       "Numbers per target point of the saved regression network."},
      {"targetLabels", KeyType::kString, "", "", {}, "", "Labels of the saved network, joined by labelDelimiter."},
      {"labelDelimiter", KeyType::kString, ",", "", {}, "", "What separates the labels in targetLabels."},
      {"loadWeights", KeyType::kBool, "false", "", {}, "", "True in saves: the weights follow."},
  };
}

Rows make_table() {
  Rows table;
  const auto add = [&](const char* group, Rows rows) {
    for (KeyInfo& row : rows) {
      row.group = group;
      table.push_back(std::move(row));
    }
  };
  add("Network", network_keys());
  add("Data", data_keys());
  add("Training", training_keys());
  add("Output", output_keys());
  add("Modes", mode_keys());
  add("Saved", saved_keys());
  return table;
}

}  // namespace

const std::vector<KeyInfo>& key_table() {
  static const Rows table = make_table();
  return table;
}

const KeyInfo* find_key(std::string_view name) {
  const Rows& table = key_table();
  const auto row = std::find_if(table.begin(), table.end(), [&](const KeyInfo& key) { return key.name == name; });
  return row == table.end() ? nullptr : &*row;
}

}  // namespace rnnlib
