// SPDX-License-Identifier: Apache-2.0
// What a network says of a sequence.
#pragma once

#include <vector>

#include "rnnlib/types.h"

namespace rnnlib {

// Where a label was read: points, first and last.
struct LabelPosition {
  Index first = 0;  // point
  Index last = 0;   // point, included
};

// One of the labellings that a decoder found, with all it knows of it.
struct Reading {
  std::vector<Index> labels;
  std::vector<LabelPosition> positions;  // [labels] output points
  std::vector<double> confidences;       // [labels] in [0, 1]
  std::vector<Index> words;              // numbers of the dictionary's words; empty without a dictionary
  // Natural logarithm, of the labelling given the outputs: of the best path, or of the sum over all paths, as the
  // decoder says.
  double log_probability = 0;
  double score = 0;  // by which readings are ranked: log_probability and what a scorer added
};

// What a network says of one sequence.
struct Prediction {
  std::vector<Index> labels;  // transcription: what the decoder read; classification: class per output point;
                              // sequence_*: one class
  std::vector<LabelPosition> positions;  // transcription: where each label was read, in output points
  std::vector<double> confidences;       // [labels] how sure each label is, in [0, 1]
  // Transcription: the same places in the input, in points along the first dimension: all that the output points stand
  // for, up to the end of the input.
  std::vector<LabelPosition> input_positions;
  // The n best labellings, the best first, which is the one above; only of decoders that search among several.
  std::vector<Reading> readings;
  Shape shape;                  // of the output points
  Index size = 0;               // units per point
  std::vector<double> outputs;  // [points, size] probabilities, or regression values
};

}  // namespace rnnlib
