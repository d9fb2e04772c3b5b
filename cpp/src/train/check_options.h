// SPDX-License-Identifier: Apache-2.0
// Whether a trainer can do what its options say.
#pragma once

#include "rnnlib/trainer.h"

namespace rnnlib {

// The same options. Throws ConfigError for numbers out of their range.
TrainerOptions checked_options(const TrainerOptions& options);

}  // namespace rnnlib
