// SPDX-License-Identifier: Apache-2.0
// From the C++ interface to the C interface.
#pragma once

#include <memory>

#include "rnnlib/c_api.h"
#include "rnnlib/export.h"
#include "rnnlib/network.h"

namespace rnnlib {

// A handle for a network that C++ has; to be freed with rnnlib_network_free. Workspaces and streams made of it share
// the network. A pointer that owns nothing will do where the network outlives them all.
RNNLIB_API rnnlib_network* make_c_handle(std::shared_ptr<const Network> network);

}  // namespace rnnlib
