// SPDX-License-Identifier: Apache-2.0
// Which keys a config's task, network and optimiser make no use of.
#pragma once

#include <string>

#include "rnnlib/config.h"

namespace rnnlib {

// Why the key has no effect with this config ("optimiser is rprop"); empty when it has, or may have.
std::string unused_reason(const Config& config, const std::string& key);

}  // namespace rnnlib
