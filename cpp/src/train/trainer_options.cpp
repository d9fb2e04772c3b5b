// SPDX-License-Identifier: Apache-2.0
// What a config says of training.
#include "rnnlib/trainer.h"

namespace rnnlib {
namespace {

// mdl's deviations learn as the weights do, where nothing else is said.
MdlOptions make_mdl_options(const Config& config) {
  MdlOptions options;
  options.weight = config.get_real("mdlWeight");
  options.init_std_dev = config.get_real("mdlInitStdDev");
  options.samples = config.get_int("mdlSamples");
  options.symmetric_sampling = config.get_bool("mdlSymmetricSampling");
  options.optimiser.type = parse_optimiser(config.get_string("mdlOptimiser"));
  options.optimiser.learn_rate = config.get_real("mdlLearnRate");
  options.optimiser.momentum = config.get_real("mdlMomentum");
  return options;
}

}  // namespace

TrainerOptions make_trainer_options(const Config& config) {
  TrainerOptions options;
  options.optimiser.type = parse_optimiser(config.get_string("optimiser"));
  options.optimiser.learn_rate = config.get_real("learnRate");
  options.optimiser.momentum = config.get_real("momentum");
  options.batch_learn = config.get_bool("batchLearn");
  options.seqs_per_update = config.get_int("seqsPerWeightUpdate");
  options.l1 = config.get_real("l1");
  options.l2 = config.get_real("l2");
  options.max_gradient_norm = config.get_real("maxGradientNorm");
  options.warmup_updates = config.get_int("warmupUpdates");
  options.dropout = config.get_real("dropout");
  options.augmentation = make_augmentation_options(config);
  options.input_noise_dev = config.get_real("inputNoiseDev");
  options.weight_distortion = config.get_real("weightDistortion");
  if (config.get_bool("mdl")) options.mdl = make_mdl_options(config);
  options.test_distortions = config.get_bool("testDistortions");
  if (config.has("freeze")) options.freeze = config.get_string_list("freeze");
  options.run.verbose = config.get_bool("verbose");
  options.run.confusion_matrix = config.get_bool("confusionMatrix");
  options.run.legacy_errors = config.get_bool("legacyErrors");
  if (config.has("threads")) options.run.threads = static_cast<int>(config.get_int("threads"));
  return options;
}

}  // namespace rnnlib
