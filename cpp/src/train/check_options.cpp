// SPDX-License-Identifier: Apache-2.0
#include "train/check_options.h"

#include "rnnlib/error.h"

namespace rnnlib {

TrainerOptions checked_options(const TrainerOptions& options) {
  if (options.seqs_per_update < 1) {
    throw ConfigError("seqsPerWeightUpdate is " + std::to_string(options.seqs_per_update) + ", expected at least 1");
  }
  if (options.dropout < 0 || options.dropout >= 1) {
    throw ConfigError("dropout is " + std::to_string(options.dropout) + ", expected 0 <= dropout < 1");
  }
  if (!options.mdl) return options;
  if (options.mdl->samples < 1) {
    throw ConfigError("mdlSamples is " + std::to_string(options.mdl->samples) + ", expected at least 1");
  }
  if (!(options.mdl->init_std_dev > 0)) {
    throw ConfigError("mdlInitStdDev is " + std::to_string(options.mdl->init_std_dev) + ", expected more than 0");
  }
  return options;
}

}  // namespace rnnlib
