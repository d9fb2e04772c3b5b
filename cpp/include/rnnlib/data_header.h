// SPDX-License-Identifier: Apache-2.0
// What a network must know of its data.
#pragma once

#include <string>
#include <vector>

#include "rnnlib/types.h"

namespace rnnlib {

// Sizes and label names of a data set.
struct DataHeader {
  Index num_dims = 1;               // of sequences: 1 for signals, 2 for images; 0 to 8
  Index input_size = 0;             // numbers per point
  Index target_size = 0;            // regression tasks
  std::vector<std::string> labels;  // classification and transcription; without the blank
};

}  // namespace rnnlib
