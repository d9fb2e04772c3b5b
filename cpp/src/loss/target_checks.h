// SPDX-License-Identifier: Apache-2.0
// Does a sequence's target belong to an output? What the losses' check_target() have in common. All throw DataError.
#pragma once

#include <string>

#include "rnnlib/sequence.h"
#include "rnnlib/types.h"

namespace rnnlib {

// One target per point of the output, `what` ("targetClasses") naming them.
void check_one_per_point(const Sequence& sequence, const Shape& output_shape, const std::string& what);

// One target for the whole sequence.
void check_one_for_all(const Sequence& sequence, const std::string& what);

// Classes, each `lowest` (0, or -1 where "no target" is allowed) .. num_labels - 1.
void check_classes(const Sequence& sequence, std::int32_t lowest, Index num_labels);

// Target patterns [target_length, size] are finite.
void check_patterns(const Sequence& sequence, Index size);

// Importance, if any, is finite.
void check_importance(const Sequence& sequence);

}  // namespace rnnlib
