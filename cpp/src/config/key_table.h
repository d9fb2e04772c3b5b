// SPDX-License-Identifier: Apache-2.0
// What the key table knows beside its public rows.
#pragma once

#include <string>
#include <string_view>

#include "rnnlib/config.h"

namespace rnnlib {

// Why a key has no effect with this config ("optimiser is rprop"); empty when it has one, or may have one.
std::string unused_reason(const Config& config, std::string_view name);

}  // namespace rnnlib
