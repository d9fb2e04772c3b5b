// SPDX-License-Identifier: Apache-2.0
// Does a sequence's target belong to an output? What the losses' check_target() have in common. All throw DataError.
#pragma once

#include <string>

#include "rnnlib/sequence.h"
#include "rnnlib/types.h"

namespace rnnlib {

// A target of real numbers (`patterns`) or of labels, whichever the task ("a regression task") needs.
void check_kind(const Sequence& sequence, bool patterns, const std::string& task);

// So many numbers per target point.
void check_target_size(const Sequence& sequence, Index size);

// One target per point of the output, `what` ("targetClasses") naming them.
void check_one_per_point(const Sequence& sequence, const Shape& output_shape, const std::string& what);

// One target for the whole sequence.
void check_one_for_all(const Sequence& sequence, const std::string& what);

// Classes, each `lowest` (0, or -1 where "no target" is allowed) .. num_labels - 1.
void check_classes(const Sequence& sequence, std::int32_t lowest, Index num_labels);

// Target patterns [target_length, size] are finite.
void check_patterns(const Sequence& sequence, Index size);

// Importance, if any, is a finite number for each target point.
void check_importance(const Sequence& sequence);

}  // namespace rnnlib
