// SPDX-License-Identifier: Apache-2.0
// What a network looks like, as plain values: everything the builder needs.
#pragma once

#include <string>
#include <vector>

#include "rnnlib/data_header.h"
#include "rnnlib/export.h"
#include "rnnlib/task.h"
#include "rnnlib/types.h"

namespace rnnlib {

// Types of hidden units (docs/behaviour.md, "Units").
enum class HiddenType {
  kTanh,
  kSoftsign,
  kLogistic,
  kIdentity,
  kLstm,
  kLinearLstm,
  kSoftsignLstm,
  kGru,
  kRelu,
  kLeakyRelu
};

// As configs spell it.
RNNLIB_API std::string to_string(HiddenType type);
RNNLIB_API HiddenType parse_hidden_type(const std::string& name);  // also other words: "linear"

// What becomes of the rows of a column below a level of fewer dimensions (docs/behaviour.md, "Layers").
enum class JoinRows { kSum, kMax, kConcat };

// As configs spell it.
RNNLIB_API std::string to_string(JoinRows how);
RNNLIB_API JoinRows parse_join_rows(const std::string& name);

// A level: hidden layers of all directions, or a convolution, and what stands on top of them.
struct LevelSpec {
  HiddenType type = HiddenType::kLstm;  // of its units; of a convolution: their activation
  Index size = 0;                       // hidden units (LSTM: blocks of one cell) per direction
  bool recurrent = true;                // false: no connections from its own outputs
  Shape block;                          // empty = no block layer on top
  Index subsample_size = 0;             // 0 = no subsample layer
  Shape pool{};                         // points of a block for max pooling, under block and subsample; empty = none
  bool is_convolution = false;          // one layer, which has no direction and is not recurrent
  Shape kernel{};                       // of a convolution: its points along each dimension; else empty
  Index num_dims = -1;                  // of its points, at most as many as of those it reads; -1 = just as many
};

// All of a network but its weights.
struct RNNLIB_API NetworkSpec {
  Task task = Task::kTranscription;               // what is learned
  DataHeader data;                                // of the data it is for
  Shape input_block;                              // empty = none
  std::vector<bool> bidirectional;                // one per dimension
  std::vector<bool> symmetry;                     // one per dimension
  std::vector<LevelSpec> levels;                  // from the input up, at least one
  HiddenType subsample_type = HiddenType::kTanh;  // of all subsample layers; units without a state
  bool subsample_bias = false;                    // whether they have biases
  JoinRows join_rows = JoinRows::kSum;            // where a level has fewer dimensions than what it reads
  Index join_height = 0;                          // kConcat: points of a column there
  double temperature = 1;                         // of the softmax that confidences of labels come from

  // Dimensions of the points of a level.
  Index level_dims(std::size_t level) const;
  // Units of the output layer, as the task's row says.
  Index output_size() const;
};

// Checks a spec that was made by hand; a Network checks its own. Throws ConfigError: lists of the wrong length, sizes
// out of range, labels that cannot be, more than 8 dimensions, 100 levels or 2^31 weights.
RNNLIB_API void check_spec(const NetworkSpec& spec);

}  // namespace rnnlib
