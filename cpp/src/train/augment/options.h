// SPDX-License-Identifier: Apache-2.0
// Whether a network's data and task allow an augmentation.
#pragma once

#include "rnnlib/augmentation.h"
#include "rnnlib/spec.h"

namespace rnnlib {

// As check_augmentation(options, num_dims, input_size). Also throws for changes that move points where every point has
// a target.
void check_augmentation(const AugmentationOptions& options, const NetworkSpec& spec);

}  // namespace rnnlib
