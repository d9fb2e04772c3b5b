// SPDX-License-Identifier: Apache-2.0
// A network's spec back into config keys.
#pragma once

#include "rnnlib/config.h"
#include "rnnlib/spec.h"

namespace rnnlib {

// Sets the keys that make_network_spec reads, removes those that do not apply. Throws ConfigError for a spec that no
// config describes (a block or subsampling on a level but not on an earlier one).
void describe_network(const NetworkSpec& spec, Config& config);

}  // namespace rnnlib
