// SPDX-License-Identifier: Apache-2.0
// Does a sequence's target belong to an output? What is asked follows from the task's row.
#pragma once

#include "rnnlib/sequence.h"
#include "rnnlib/task.h"

namespace rnnlib {

// Throws DataError that says what was expected, what was found and at which target; the caller adds the sequence's tag.
void check_target(const TaskInfo& task, Index num_labels, Index target_size, const Sequence& sequence,
                  const Shape& output_shape);

}  // namespace rnnlib
