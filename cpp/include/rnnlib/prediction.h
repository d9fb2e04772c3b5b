// SPDX-License-Identifier: Apache-2.0
// What a network says of a sequence.
#pragma once

#include <vector>

#include "rnnlib/types.h"

namespace rnnlib {

// Output points, first and last, of a label in a best path.
struct LabelPosition {
  Index first = 0;  // point
  Index last = 0;   // point, included
};

// What a network says of one sequence.
struct Prediction {
  std::vector<Index> labels;  // transcription: best path; classification: class per output point; sequence_*: one class
  // Transcription: where each label was read, in output points; Network::output_step() leads back to the input.
  std::vector<LabelPosition> positions;
  Shape shape;                  // of the output points
  Index size = 0;               // units per point
  std::vector<double> outputs;  // [points, size] probabilities, or regression values
};

}  // namespace rnnlib
