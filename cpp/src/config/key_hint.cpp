// SPDX-License-Identifier: Apache-2.0
// What somebody may have meant by a name that is no key: a slip of the fingers, or what other programs call it.
#include <string_view>
#include <utility>

#include "base/text.h"
#include "rnnlib/config.h"

namespace rnnlib {
namespace {

// Names in lower case, without '_' and '-', and the key that stands for them here.
constexpr std::pair<std::string_view, std::string_view> kAliases[] = {
    {"lr", "learnRate"},
    {"learningrate", "learnRate"},
    {"stepsize", "learnRate"},
    {"eta", "learnRate"},
    {"batch", "seqsPerWeightUpdate"},
    {"batchsize", "seqsPerWeightUpdate"},
    {"minibatch", "seqsPerWeightUpdate"},
    {"minibatchsize", "seqsPerWeightUpdate"},
    {"trainbatchsize", "seqsPerWeightUpdate"},
    {"epoch", "totalEpochs"},
    {"epochs", "totalEpochs"},
    {"maxepochs", "totalEpochs"},
    {"nepochs", "totalEpochs"},
    {"numepochs", "totalEpochs"},
    {"niter", "totalEpochs"},
    {"maxiter", "totalEpochs"},
    {"iterations", "totalEpochs"},
    {"seed", "randSeed"},
    {"randomseed", "randSeed"},
    {"randomstate", "randSeed"},
    {"manualseed", "randSeed"},
    {"rngseed", "randSeed"},
    {"droprate", "dropout"},
    {"dropoutp", "dropout"},
    {"dropoutprob", "dropout"},
    {"dropoutrate", "dropout"},
    {"pdropout", "dropout"},
    {"hidden", "hiddenSize"},
    {"hiddendim", "hiddenSize"},
    {"hiddenlayers", "hiddenSize"},
    {"hiddenlayersizes", "hiddenSize"},
    {"hiddenunits", "hiddenSize"},
    {"layers", "hiddenSize"},
    {"nhidden", "hiddenSize"},
    {"numhidden", "hiddenSize"},
    {"numlayers", "hiddenSize"},
    {"units", "hiddenSize"},
    {"cell", "hiddenType"},
    {"celltype", "hiddenType"},
    {"layertype", "hiddenType"},
    {"model", "hiddenType"},
    {"rnntype", "hiddenType"},
    {"activation", "hiddenType"},
    {"birnn", "bidirectional"},
    {"bidir", "bidirectional"},
    {"optim", "optimiser"},
    {"solver", "optimiser"},
    {"patience", "maxTestsNoBest"},
    {"earlystopping", "maxTestsNoBest"},
    {"earlystoppingpatience", "maxTestsNoBest"},
    {"weightdecay", "l2"},
    {"l2reg", "l2"},
    {"l1reg", "l1"},
    {"clip", "maxGradientNorm"},
    {"clipnorm", "maxGradientNorm"},
    {"clipgradnorm", "maxGradientNorm"},
    {"gradclip", "maxGradientNorm"},
    {"gradientclip", "maxGradientNorm"},
    {"gradientclipping", "maxGradientNorm"},
    {"maxgradnorm", "maxGradientNorm"},
    {"lrscheduler", "learnRateSchedule"},
    {"lrschedule", "learnRateSchedule"},
    {"scheduler", "learnRateSchedule"},
    {"schedule", "learnRateSchedule"},
    {"decay", "learnRateDecay"},
    {"gamma", "learnRateDecay"},
    {"lrdecay", "learnRateDecay"},
    {"warmup", "warmupUpdates"},
    {"warmupsteps", "warmupUpdates"},
    {"noise", "inputNoiseDev"},
    {"inputnoise", "inputNoiseDev"},
    {"noisestd", "inputNoiseDev"},
    {"weightnoise", "mdl"},
    {"initrange", "initWeightRange"},
    {"initscale", "initWeightRange"},
    {"checkpoint", "warmStart"},
    {"finetune", "warmStart"},
    {"initfrom", "warmStart"},
    {"pretrained", "warmStart"},
    {"frozen", "freeze"},
    {"maxpool", "poolSize"},
    {"maxpooling", "poolSize"},
    {"pool", "poolSize"},
    {"pooling", "poolSize"},
    {"stride", "hiddenBlock"},
    {"kernel", "kernelSize"},
    {"filtersize", "kernelSize"},
    {"convactivation", "convType"},
    {"data", "trainFile"},
    {"train", "trainFile"},
    {"traindata", "trainFile"},
    {"trainset", "trainFile"},
    {"trainingfile", "trainFile"},
    {"dev", "valFile"},
    {"devfile", "valFile"},
    {"val", "valFile"},
    {"valid", "valFile"},
    {"valdata", "valFile"},
    {"valset", "valFile"},
    {"validfile", "valFile"},
    {"validation", "valFile"},
    {"validationfile", "valFile"},
    {"validationdata", "valFile"},
    {"test", "testFile"},
    {"testdata", "testFile"},
    {"testset", "testFile"},
    {"cpus", "threads"},
    {"jobs", "threads"},
    {"njobs", "threads"},
    {"nthreads", "threads"},
    {"numthreads", "threads"},
    {"numworkers", "threads"},
    {"workers", "threads"},
    {"dtype", "precision"},
    {"loss", "task"},
    {"criterion", "task"},
    {"objective", "task"},
    {"lexicon", "dictionary"},
    {"vocabulary", "dictionary"},
    {"wordlist", "dictionary"},
    {"lm", "languageModel"},
    {"arpa", "languageModel"},
    {"kenlm", "languageModel"},
    {"beam", "beamWidth"},
    {"beamsize", "beamWidth"},
    {"wordscore", "wordBonus"},
    {"insertionbonus", "wordBonus"},
    {"space", "wordSeparator"},
};

constexpr std::string_view kDevices[] = {"accelerator", "cuda",   "device", "deviceid", "devices", "gpu",
                                         "gpuid",       "gpus",   "mps",    "ngpu",     "ngpus",   "numgpus",
                                         "usecuda",     "usegpu", "nocuda", "nogpu"};

std::string nearest_key(std::string_view name) {
  std::vector<std::string> names;
  for (const KeyInfo& key : key_table()) names.push_back(key.name);
  return nearest_name(name, names);
}

}  // namespace

std::string unknown_key_hint(std::string_view name) {
  const std::string simple = simple_name(name);
  for (std::string_view device : kDevices) {
    if (simple == device) return "; the engine runs on processors: the key threads says on how many of their cores";
  }
  std::string meant;
  for (const auto& [alias, key] : kAliases) {
    if (simple == alias) meant = key;
  }
  if (meant.empty()) meant = nearest_key(name);
  return meant.empty() ? "" : "; did you mean " + meant + "?";
}

}  // namespace rnnlib
