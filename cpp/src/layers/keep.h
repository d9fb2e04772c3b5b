// SPDX-License-Identifier: Apache-2.0
// What a forward pass keeps for later, beside the outputs.
#pragma once

namespace rnnlib {

enum class Keep { kNothing, kForBackward, kForTrace };

}  // namespace rnnlib
