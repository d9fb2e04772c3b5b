// SPDX-License-Identifier: Apache-2.0
// A borrowed view of one sequence: the caller keeps the arrays alive.
#pragma once

#include <string>

#include "rnnlib/types.h"

namespace rnnlib {

// A sequence with, where there is one, its target.
struct Sequence {
  Shape shape;                    // network's order
  const float* inputs = nullptr;  // [points, input_size], last dimension fastest
  std::string tag;                // named in messages; may be empty

  // Targets; all may be absent for prediction.
  Shape target_shape;  // empty = same as shape
  const float* target_patterns =
      nullptr;  // regression [target points, target_size]; sequence_regression [1, target_size]
  const std::int32_t* target = nullptr;  // classification: a class per target point, -1 = none;
                                         // sequence_classification: one class; transcription: the label sequence
  Index target_length = 0;               // entries of `target`, or rows of `target_patterns`
  const float* importance = nullptr;     // [target points] weight of each point's error; absent = 1
};

}  // namespace rnnlib
