// SPDX-License-Identifier: Apache-2.0
// A network's labels among the keys of its save: `targetLabels`, joined by `labelDelimiter`.
#pragma once

#include <string>
#include <vector>

#include "rnnlib/config.h"

namespace rnnlib {

// With a delimiter that no label contains. No labels: takes targetLabels away.
void set_labels(const std::vector<std::string>& labels, Config& config);

}  // namespace rnnlib
