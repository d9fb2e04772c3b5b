// SPDX-License-Identifier: Apache-2.0
// What a config says of training.
#include "base/text.h"
#include "rnnlib/error.h"
#include "rnnlib/trainer.h"

namespace rnnlib {
namespace {

// Keys that are known but that nothing here does yet must not be passed over in silence.
void refuse_unavailable(const Config& config) {
  if (config.get_bool("mdl")) throw ConfigError("mdl true (adaptive weight noise) is not available in this version");
  for (const char* key : {"inputNoiseDev", "weightDistortion"}) {
    if (config.get_real(key) > 0) {
      throw ConfigError(std::string(key) + " " + config.get_string(key) + " is not available in this version");
    }
  }
}

}  // namespace

OptimiserType parse_optimiser(const std::string& name) {
  if (name == "steepest") return OptimiserType::kSteepest;
  if (name == "rprop") return OptimiserType::kRprop;
  if (name == "rmsprop") return OptimiserType::kRmsprop;
  if (name == "adam") return OptimiserType::kAdam;
  throw ConfigError("unknown optimiser " + in_quotes(name) + ": expected one of " +
                    join(find_key("optimiser")->choices, ", "));
}

TrainerOptions make_trainer_options(const Config& config) {
  refuse_unavailable(config);
  TrainerOptions options;
  options.optimiser.type = parse_optimiser(config.get_string("optimiser"));
  options.optimiser.learn_rate = config.get_real("learnRate");
  options.optimiser.momentum = config.get_real("momentum");
  options.batch_learn = config.get_bool("batchLearn");
  options.seqs_per_update = config.get_int("seqsPerWeightUpdate");
  options.l1 = config.get_real("l1");
  options.l2 = config.get_real("l2");
  options.run.verbose = config.get_bool("verbose");
  options.run.confusion_matrix = config.get_bool("confusionMatrix");
  if (config.has("threads")) options.run.threads = static_cast<int>(config.get_int("threads"));
  return options;
}

}  // namespace rnnlib
