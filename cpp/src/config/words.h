// SPDX-License-Identifier: Apache-2.0
// The words that configs use for the engine's enums. Each enum has one list (rnnlib/task.h for tasks,
// rnnlib/cell_info.h for hidden types, else words.cpp), which the key table, the parsers and their messages read.
#pragma once

#include <string>
#include <vector>

namespace rnnlib {

// What a key's value may be.
struct Words {
  std::vector<std::string> all;
  std::vector<std::string> unavailable;  // of them: RNNLIB has these, but this version cannot do them
};

// A level of hiddenType conv is a convolution.
inline constexpr const char* kConvolutionWord = "conv";

Words task_words();
Words hidden_type_words();
Words level_type_words();         // hidden types, and kConvolutionWord
Words feed_forward_type_words();  // hidden types without a state
Words join_rows_words();
Words optimiser_words();

}  // namespace rnnlib
