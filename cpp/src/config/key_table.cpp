// SPDX-License-Identifier: Apache-2.0
// Every config key there is (docs/behaviour.md, "Config"), one line each. Parser, warnings, `train --help` and
// docs/config.md all read this table.
#include "config/key_table.h"

#include <algorithm>

#include "base/text.h"
#include "config/augment_presets.h"
#include "config/needs.h"
#include "config/words.h"

namespace rnnlib {
namespace {

using needs::nothing;

constexpr KeyType kString = KeyType::kString;
constexpr KeyType kBool = KeyType::kBool;
constexpr KeyType kInt = KeyType::kInt;
constexpr KeyType kReal = KeyType::kReal;
constexpr KeyType kStringList = KeyType::kStringList;
constexpr KeyType kBoolList = KeyType::kBoolList;
constexpr KeyType kIntList = KeyType::kIntList;
constexpr KeyType kIntLists = KeyType::kIntLists;

constexpr bool kYes = true;
constexpr bool kNotYet = false;  // RNNLIB has the key, but this version cannot do what it asks for

// Words that no enum of the engine stands for.
Words any() { return {}; }
Words schedules() { return {{"constant", "exponential", "cosine", "plateau"}, {}}; }
Words precisions() { return {{"float", "double"}, {}}; }
Words sets() { return {{"train", "val", "test"}, {}}; }
Words decoders() { return {{"best_path", "beam", "token_passing"}, {}}; }
Words dictionary_modes() { return {{"closed", "open"}, {}}; }

struct Row {
  const char* group;
  const char* name;
  KeyType type;
  const char* default_value;  // "as KEY": the value of another key
  const char* range;          // conditions joined by commas; values are checked against this very text
  Words (*words)();           // the values allowed; any() for all
  UnusedReason needs;         // what else a config must say for the key to have an effect
  bool available;
  const char* meaning;
};

// clang-format off
const Row kRows[] = {
    // group     name                    type         default         range               words                    needs                            available  meaning
    {"Network",  "task",                 kString,     "",             "",                 task_words,              nothing,                         kYes,      "What the network learns to do; the last one is not available in this version."},
    {"Network",  "hiddenType",           kStringList, "lstm",         "",                 level_type_words,        nothing,                         kYes,      "Type of the hidden units, one per level or one for all; linear is another name for identity. conv makes the level a convolution."},
    {"Network",  "hiddenSize",           kIntList,    "",             ">= 1, <= 1000000", any,                     nothing,                         kYes,      "Hidden units (LSTM: blocks of one cell) per direction, one number per level."},
    {"Network",  "poolSize",             kIntLists,   "",             ">= 1, <= 1000000", any,                     nothing,                         kYes,      "Blocks of points of which each hidden unit hands on its maximum (max pooling), one list per level with a number per dimension; 1 leaves a level as it is."},
    {"Network",  "hiddenBlock",          kIntLists,   "",             ">= 1, <= 1000000", any,                     nothing,                         kYes,      "Blocks of points joined into one on top of the hidden layers, one list per level (at most all but the last) with a number per dimension."},
    {"Network",  "subsampleSize",        kIntList,    "",             ">= 1, <= 1000000", any,                     nothing,                         kYes,      "Units of the subsampling layer that joins a level's directions, one number per level (at most all but the last)."},
    {"Network",  "subsampleType",        kString,     "tanh",         "",                 feed_forward_type_words, needs::subsampling,              kYes,      "Type of the subsampling units."},
    {"Network",  "subsampleBias",        kBool,       "false",        "",                 any,                     needs::subsampling,              kYes,      "Gives the subsampling layers a bias."},
    {"Network",  "kernelSize",           kIntLists,   "3",            ">= 1, <= 65536",   any,                     needs::convolution,              kYes,      "Points under the kernel of the convolutions: a number per dimension, and one list per level of hiddenType conv or one for all."},
    {"Network",  "convType",             kStringList, "tanh",         "",                 feed_forward_type_words, needs::convolution,              kYes,      "Activation of the convolutions' units, one per level of hiddenType conv or one for all."},
    {"Network",  "recurrent",            kBoolList,   "true",         "",                 any,                     nothing,                         kYes,      "Recurrent connections within the hidden layers, one per level or one for all."},
    {"Network",  "levelDims",            kIntList,     "",             ">= 1, <= 8",      any,                     nothing,                         kYes,      "Dimensions of each level, never more than of the level below: the first ones of the data; default the data's. Where they become fewer, the points of each column are joined."},
    {"Network",  "joinRows",             kString,      "sum",          "",                join_rows_words,         needs::level_dims,               kYes,      "How the points of a column are joined below a level of fewer dimensions: their sum, their maximum, or side by side (concat, which needs joinHeight)."},
    {"Network",  "joinHeight",           kInt,         "",             ">= 1, <= 1000000",any,                     needs::concat,                   kYes,      "Points that every column must have where they are joined side by side."},
    {"Network",  "inputBlock",           kIntList,    "",             ">= 0, <= 1000000", any,                     nothing,                         kYes,      "Block of input points joined into one, a number per dimension (x first); a 0 in it means none."},
    {"Network",  "bidirectional",        kBoolList,   "true",         "",                 any,                     nothing,                         kYes,      "Scans in both directions, one per dimension (x first) or one for all."},
    {"Network",  "symmetry",             kBoolList,   "false",        "",                 any,                     needs::two_directions,           kYes,      "Both directions use the same weights, one per dimension (x first) or one for all."},
    {"Network",  "initWeightRange",      kReal,       "0.1",          ">= 0",             any,                     nothing,                         kYes,      "Starting weights are drawn uniformly from minus this to plus this."},
    {"Network",  "predictionSteps",      kInt,        "1",            ">= 1",             any,                     needs::prediction,               kNotYet,   "Steps ahead that task prediction predicts."},
    {"Network",  "mixtures",             kInt,        "",             ">= 1",             any,                     needs::prediction,               kNotYet,   "Gaussians of task prediction's output."},
    {"Network",  "charWindowSize",       kInt,        "",             ">= 0",             any,                     needs::prediction,               kNotYet,   "Gaussians of task prediction's window over the text."},
    {"Network",  "skipConnections",      kBool,       "true",         "",                 any,                     needs::prediction,               kNotYet,   "Connects the input to all levels and all levels to the output in task prediction."},
    {"Data",     "trainFile",            kStringList, "",             "",                 any,                     nothing,                         kYes,      "netCDF files of the training set."},
    {"Data",     "valFile",              kStringList, "",             "",                 any,                     nothing,                         kYes,      "netCDF files of the validation set, which decides on the best network and on stopping."},
    {"Data",     "testFile",             kStringList, "",             "",                 any,                     nothing,                         kYes,      "netCDF files of the test set."},
    {"Data",     "dataFraction",         kReal,       "1",            "> 0, <= 1",        any,                     nothing,                         kYes,      "Fraction of each file's sequences that is used, from the first on."},
    {"Training", "optimiser",            kString,     "steepest",     "",                 optimiser_words,         nothing,                         kYes,      "Rule that turns gradients into weight changes."},
    {"Training", "learnRate",            kReal,       "1e-4",         ">= 0",             any,                     needs::learn_rate,               kYes,      "Learning rate of steepest, rmsprop and adam."},
    {"Training", "momentum",             kReal,       "0.9",          ">= 0, < 1",        any,                     needs::momentum,                 kYes,      "Momentum of steepest and rmsprop."},
    {"Training", "batchLearn",           kBool,       "",             "",                 any,                     nothing,                         kYes,      "One update per epoch, sequences in order; default true when optimiser is rprop and seqsPerWeightUpdate is 1, else false."},
    {"Training", "seqsPerWeightUpdate",  kInt,        "1",            ">= 1",             any,                     needs::online,                   kYes,      "Sequences whose gradients are summed for one update."},
    {"Training", "totalEpochs",          kInt,        "-1",           ">= -1",            any,                     nothing,                         kYes,      "Training ends after this many epochs; -1 = no limit."},
    {"Training", "maxTestsNoBest",       kInt,        "20",           "",                 any,                     nothing,                         kYes,      "Training ends after more than this many epochs without a new best; 0 or less = never."},
    {"Training", "randSeed",             kInt,        "0",            ">= 0",             any,                     nothing,                         kYes,      "Seed of the random generator; 0 = from the clock."},
    {"Training", "l1",                   kReal,       "0",            ">= 0",             any,                     nothing,                         kYes,      "Strength of the penalty on the weights' absolute values."},
    {"Training", "l2",                   kReal,       "0",            ">= 0",             any,                     nothing,                         kYes,      "Strength of the penalty on the weights' squares."},
    {"Training", "inputNoiseDev",        kReal,       "0",            ">= 0",             any,                     nothing,                         kYes,      "Standard deviation of Gaussian noise on the inputs of training sequences, drawn anew each time."},
    {"Training", "weightDistortion",     kReal,       "0",            ">= 0",             any,                     nothing,                         kYes,      "Standard deviation of Gaussian noise on the weights while training, drawn anew for each sequence."},
    {"Training", "dropout",              kReal,       "0",            ">= 0, < 1",        any,                     needs::two_levels,               kYes,      "Share of the numbers between two levels that is set to 0 in training, drawn anew for each sequence."},
    {"Training", "testDistortions",      kBool,       "false",        "",                 any,                     needs::noise,                    kYes,      "Applies the perturbations (inputNoiseDev, weightDistortion, mdl; not dropout) in error tests too."},
    {"Training", "mdl",                  kBool,       "false",        "",                 any,                     nothing,                         kYes,      "Adaptive weight noise (Graves 2011): every weight's standard deviation is learned against the errors."},
    {"Training", "mdlWeight",            kReal,       "1",            ">= 0",             any,                     needs::mdl,                      kYes,      "Weight of mdl's cost of the weights against the errors."},
    {"Training", "mdlInitStdDev",        kReal,       "0.075",        "> 0",              any,                     needs::mdl,                      kYes,      "Starting standard deviation of mdl's weight noise."},
    {"Training", "mdlSamples",           kInt,        "1",            ">= 1",             any,                     needs::mdl,                      kYes,      "Samples of mdl's weight noise per sequence."},
    {"Training", "mdlSymmetricSampling", kBool,       "false",        "",                 any,                     needs::mdl,                      kYes,      "Every second of mdl's samples is the mirror image of the one before."},
    {"Training", "mdlOptimiser",         kString,     "as optimiser", "",                 optimiser_words,         needs::mdl,                      kYes,      "Optimiser of mdl's standard deviations."},
    {"Training", "mdlLearnRate",         kReal,       "as learnRate", ">= 0",             any,                     needs::mdl,                      kYes,      "Learning rate of mdl's standard deviations."},
    {"Training", "mdlMomentum",          kReal,       "as momentum",  ">= 0, < 1",        any,                     needs::mdl,                      kYes,      "Momentum of mdl's standard deviations."},
    {"Training", "maxGradientNorm",      kReal,       "0",            ">= 0",             any,                     nothing,                         kYes,      "Longest gradient of an update (Euclidean norm, errors alone); a longer one is scaled down to it. 0 = no limit."},
    {"Training", "learnRateSchedule",    kString,     "constant",     "",                 schedules,               needs::any_learn_rate,           kYes,      "How learning rates change from epoch to epoch: exponential (times learnRateDecay each), cosine (to 0 at totalEpochs), plateau (times learnRateDecay whenever the training criterion of the selection set has not been best for more than learnRatePatience epochs)."},
    {"Training", "learnRateDecay",       kReal,       "0.5",          "> 0, <= 1",        any,                     needs::decay,                    kYes,      "Factor of learnRateSchedule."},
    {"Training", "learnRatePatience",    kInt,        "5",            ">= 0",             any,                     needs::plateau,                  kYes,      "Epochs that learnRateSchedule plateau waits."},
    {"Training", "warmupUpdates",        kInt,        "0",            ">= 0",             any,                     needs::any_learn_rate,           kYes,      "Updates over which learning rates grow linearly from 0."},
    {"Training", "freeze",               kStringList, "",             "",                 any,                     nothing,                         kYes,      "Layers (with all connections into them) and connections whose weights stay as they are."},
    {"Training", "warmStart",            kString,     "",             "",                 any,                     nothing,                         kYes,      "Save whose weights a new run begins with, where names and sizes of connections are the same; output units are matched by their labels."},
    {"Training", "precision",            kString,     "float",        "",                 precisions,              nothing,                         kYes,      "Number type of the engine."},
    {"Training", "threads",              kInt,        "",             ">= 1, <= 4096",    any,                     nothing,                         kYes,      "Threads used, unless a call names them; default rnnlib_py's set_num_threads, else RNNLIB_NUM_THREADS of the environment, else the cores this process may use, at most OMP_NUM_THREADS. Results do not depend on it."},
    {"Augmentation", "augment",          kString,     "none",         "",                 augment_words,           nothing,                         kYes,      "Well-chosen values for the keys below, which these override; images is for pictures, for text lines above all, signals for sound and other series, strokes for pen strokes. Only training sees changed sequences, in every epoch other ones."},
    {"Augmentation", "augmentShear",     kReal,       "0",            ">= 0, <= 2",       any,                     nothing,                         kYes,      "Largest slant of an image, or of pen strokes, to the left or right, as the tangent of its angle. An image becomes wider by what it needs."},
    {"Augmentation", "augmentScaleX",    kReal,       "0",            ">= 0, <= 2",       any,                     nothing,                         kYes,      "An image, or pen strokes, become wider or narrower by a factor of up to 1 + this. An image that would become too narrow for its labels keeps its width."},
    {"Augmentation", "augmentScaleY",    kReal,       "0",            ">= 0, <= 2",       any,                     nothing,                         kYes,      "What is in an image, or pen strokes, become higher or lower by a factor of up to 1 + this; an image stays as high as it is."},
    {"Augmentation", "augmentRotation",  kReal,       "0",            ">= 0, <= 180",     any,                     nothing,                         kYes,      "Largest angle by which an image, or pen strokes, are rotated, in degrees; a long image so little that its ends move by an eighth of its height at most."},
    {"Augmentation", "augmentShift",     kReal,       "0",            ">= 0, <= 0.5",     any,                     nothing,                         kYes,      "Longest shift of an image along x and along y, as a share of its height."},
    {"Augmentation", "augmentElastic",   kReal,       "0",            ">= 0, <= 0.25",    any,                     nothing,                         kYes,      "Elastic warp of an image: standard deviation of its points' displacements, as a share of the height."},
    {"Augmentation", "augmentStrokeWidth", kReal,     "0",            ">= 0, <= 0.25",    any,                     nothing,                         kYes,      "By which share of an image's height strokes become thicker or thinner on each side, at most."},
    {"Augmentation", "augmentContrast",  kReal,       "0",            ">= 0, <= 2",       any,                     nothing,                         kYes,      "An image's contrast becomes higher or lower by a factor of up to 1 + this; its ground keeps its value."},
    {"Augmentation", "augmentBlur",      kReal,       "0",            ">= 0, <= 0.25",    any,                     nothing,                         kYes,      "Largest standard deviation of a Gaussian blur, as a share of an image's height."},
    {"Augmentation", "augmentNoise",     kReal,       "0",            ">= 0, <= 2",       any,                     nothing,                         kYes,      "Largest standard deviation of noise on an image's points, as a share of the distance between ink and ground; of a signal, as a share of the standard deviation of each input."},
    {"Augmentation", "augmentCutout",    kReal,       "0",            ">= 0, <= 0.9",     any,                     nothing,                         kYes,      "Largest share of an image that boxes of ground cover."},
    {"Augmentation", "augmentSpeed",     kReal,       "0",            ">= 0, <= 2",       any,                     nothing,                         kYes,      "A signal (data of one dimension) becomes longer or shorter by a factor of up to 1 + this. One that would become too short for its labels keeps its length."},
    {"Augmentation", "augmentTimeWarp",  kReal,       "0",            ">= 0, <= 2",       any,                     nothing,                         kYes,      "Each eighth of a signal lasts longer or shorter by a factor of up to 1 + this, before the whole is brought to its length."},
    {"Augmentation", "augmentTimeMask",  kReal,       "0",            ">= 0, <= 0.9",     any,                     nothing,                         kYes,      "Largest share of a signal's points that two masks cover; each input then has its mean."},
    {"Augmentation", "augmentFrequencyMask", kReal,   "0",            ">= 0, <= 0.9",     any,                     nothing,                         kYes,      "Largest share of a signal's inputs, neighbouring ones, that two masks cover; they then have their means."},
    {"Augmentation", "augmentColumns",   kIntLists,   "",             ">= 0, <= 1000000", any,                     nothing,                         kYes,      "Pairs of inputs that are x and y of pen strokes, positions or their differences, as 0,1 or 0,1;2,3: these are sheared, scaled and rotated about the origin, and noise is added to them alone. Default 0,1 with augment strokes, else none."},
    {"Output",   "autosave",             kBool,       "false",        "",                 any,                     nothing,                         kYes,      "Writes a log, the last network of every epoch and the best network for each error. rnnlib-py train does so unless this is false."},
    {"Output",   "saveEvery",            kReal,       "0",            ">= 0",             any,                     needs::autosave,                 kYes,      "Seconds after which the last network is saved within an epoch too (with autosave); 0 = only after epochs."},
    {"Output",   "verbose",              kBool,       "false",        "",                 any,                     nothing,                         kYes,      "Prints more; adds errors by pair of classes in classification."},
    {"Output",   "confusionMatrix",      kBool,       "false",        "",                 any,                     needs::transcription,            kYes,      "Adds errors by label in transcription."},
    {"Output",   "legacyErrors",         kBool,       "false",        "",                 any,                     nothing,                         kYes,      "Errors as RNNLIB counts them: transcription targets that do not fit the output are left out of all errors (else of ctcError alone), and sequences without any target count in means with an error of 0 (else not at all)."},
    {"Output",   "temperature",          kReal,       "1",            "> 0",              any,                     needs::labels,                   kYes,      "What the net inputs of the output units are divided by where it is said how sure a label is; rnnlib-py calibrate finds it. Outputs and labels do not depend on it."},
    {"Decoding", "decoder",              kString,     "",             "",                 decoders,                needs::transcription,            kYes,      "What reads the labels in the outputs: best_path, beam (prefix beam search) or token_passing (words of the dictionary, of which none is left out of the search); default token_passing for task dictionary_transcription, else beam with a dictionary or languageModel, else best_path. Training tests networks with best_path, except in that task."},
    {"Decoding", "beamWidth",            kInt,        "50",           ">= 1, <= 100000",  any,                     needs::beam,                     kYes,      "Labellings that the beam keeps at each output point."},
    {"Decoding", "nBest",                kInt,        "1",            ">= 1",             any,                     needs::search,                   kYes,      "Readings that are kept, the best first."},
    {"Decoding", "dictionary",           kString,     "",             "",                 any,                     needs::search,                   kYes,      "File of words, one per line with its labels, packed by gzip or not."},
    {"Decoding", "fixedLength",          kInt,        "-1",           ">= -1",            any,                     needs::dictionary,               kYes,      "Exact number of words of the dictionary in a reading, -1 = any."},
    {"Decoding", "bigrams",              kString,     "",             "",                 any,                     needs::dictionary,               kYes,      "ARPA file of n-grams of one or two words of the dictionary."},
    {"Decoding", "languageModel",        kString,     "",             "",                 any,                     needs::beam,                     kYes,      "ARPA file of n-grams over the words of the dictionary, or without one over labels; packed by gzip or not."},
    {"Decoding", "lmWeight",             kReal,       "1",            ">= 0",             any,                     needs::language_model,           kYes,      "Factor of the language model's log probabilities."},
    {"Decoding", "wordBonus",            kReal,       "0",            "",                 any,                     needs::words,                    kYes,      "What is added to the log probability for each word; without a dictionary for each label."},
    {"Decoding", "dictionaryMode",       kString,     "closed",       "",                 dictionary_modes,        needs::open,                     kYes,      "Whether there are only words of the dictionary (closed), or free text between them, too (open)."},
    {"Decoding", "freeScore",            kReal,       "-1",           "<= 0",             any,                     needs::free_text,                kYes,      "What is added to the log probability for each label of free text, the separator aside."},
    {"Decoding", "wordSeparator",        kString,     "",             "",                 any,                     needs::transcription,            kYes,      "Label between two words, none where words follow each other directly; default \xe2\x90\xa3 where the network has it, else none."},
    {"Modes",    "errorTest",            kBool,       "false",        "",                 any,                     nothing,                         kYes,      "Tests the network on all sets instead of training."},
    {"Modes",    "gradCheck",            kBool,       "false",        "",                 any,                     nothing,                         kYes,      "Checks the gradient of one sequence numerically instead of training."},
    {"Modes",    "sigFigs",              kInt,        "6",            ">= 1, <= 15",      any,                     nothing,                         kYes,      "Significant figures that must agree in gradCheck."},
    {"Modes",    "pert",                 kReal,       "1e-5",         "> 0",              any,                     nothing,                         kYes,      "Change of a weight in gradCheck."},
    {"Modes",    "breakOnError",         kBool,       "true",         "",                 any,                     nothing,                         kYes,      "gradCheck ends at the first difference."},
    {"Modes",    "display",              kBool,       "false",        "",                 any,                     nothing,                         kYes,      "Dumps all variables for one sequence instead of training."},
    {"Modes",    "dumpPath",             kString,     "",             "",                 any,                     nothing,                         kYes,      "Folder for the dumps."},
    {"Modes",    "jacobianCoords",       kIntList,    "",             ">= 0",             any,                     nothing,                         kYes,      "Output point (and unit) whose dependence on the inputs is dumped."},
    {"Modes",    "dataset",              kString,     "train",        "",                 sets,                    nothing,                         kYes,      "Set that the one-sequence modes take it from."},
    {"Modes",    "dataFileNum",          kInt,        "0",            ">= 0",             any,                     nothing,                         kYes,      "Number of the file within that set, from 0."},
    {"Modes",    "sequence",             kInt,        "0",            ">= 0",             any,                     nothing,                         kYes,      "Number of the sequence within that file, from 0."},
    {"Saved",    "inputSize",            kInt,        "",             ">= 1, <= 1000000", any,                     nothing,                         kYes,      "Numbers per input point of the saved network."},
    {"Saved",    "numDims",              kInt,        "",             ">= 0, <= 8",       any,                     nothing,                         kYes,      "Sequence dimensions of the saved network."},
    {"Saved",    "targetSize",           kInt,        "",             ">= 1, <= 1000000", any,                     nothing,                         kYes,      "Numbers per target point of the saved regression network."},
    {"Saved",    "targetLabels",         kString,     "",             "",                 any,                     nothing,                         kYes,      "Labels of the saved network, joined by labelDelimiter."},
    {"Saved",    "labelDelimiter",       kString,     ",",            "",                 any,                     nothing,                         kYes,      "What separates the labels in targetLabels."},
    {"Saved",    "loadWeights",          kBool,       "false",        "",                 any,                     nothing,                         kYes,      "True in saves: the weights follow."},
};
// clang-format on

KeyInfo make_key(const Row& row) {
  const Words words = row.words();
  KeyInfo key{row.name, row.type, row.default_value, row.range, words.all, row.group, row.meaning};
  key.available = row.available;
  key.unavailable_choices = words.unavailable;
  std::string addition;
  if (starts_with(key.default_value, "as ")) {
    addition = "; default " + key.default_value;
    key.default_key = key.default_value.substr(3);
    key.default_value.clear();
  }
  if (!row.available) addition = " (not available in this version)";
  key.meaning.insert(key.meaning.size() - 1, addition);  // before the full stop
  return key;
}

}  // namespace

const std::vector<KeyInfo>& key_table() {
  // Never destroyed: threads may read configs while the process ends.
  static const std::vector<KeyInfo>& table = []() -> const std::vector<KeyInfo>& {
    auto& keys = *new std::vector<KeyInfo>;
    std::transform(std::begin(kRows), std::end(kRows), std::back_inserter(keys), make_key);
    return keys;
  }();
  return table;
}

const KeyInfo* find_key(std::string_view name) {
  const std::vector<KeyInfo>& table = key_table();
  const auto row = std::find_if(table.begin(), table.end(), [&](const KeyInfo& key) { return key.name == name; });
  return row == table.end() ? nullptr : &*row;
}

std::string unused_reason(const Config& config, std::string_view name) {
  const auto row = std::find_if(std::begin(kRows), std::end(kRows), [&](const Row& key) { return key.name == name; });
  return row == std::end(kRows) ? "" : row->needs(config);
}

}  // namespace rnnlib
