// SPDX-License-Identifier: Apache-2.0
// Which weights learn: all but those that the key `freeze` names.
#pragma once

#include <string>
#include <vector>

#include "network/layout.h"

namespace rnnlib {

// True for every weight (flat) that learns. A name is a connection, or a layer: then all connections into it and its
// peepholes. Throws ConfigError for a name that is neither.
std::vector<bool> learning_weights(const NetworkLayout& layout, const std::vector<std::string>& freeze);

}  // namespace rnnlib
