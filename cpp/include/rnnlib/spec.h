// SPDX-License-Identifier: Apache-2.0
// What a network looks like, as plain values: everything the builder needs.
#pragma once

#include <string>
#include <vector>

#include "rnnlib/config.h"
#include "rnnlib/export.h"
#include "rnnlib/types.h"

namespace rnnlib {

enum class Task { kRegression, kSequenceRegression, kClassification, kSequenceClassification, kTranscription };

enum class HiddenType { kTanh, kSoftsign, kLogistic, kIdentity, kLstm, kLinearLstm, kSoftsignLstm };

RNNLIB_API bool is_lstm(HiddenType type);
RNNLIB_API bool is_sequence_task(Task task);  // one target for the whole sequence
RNNLIB_API std::string to_string(Task task);
RNNLIB_API std::string to_string(HiddenType type);
RNNLIB_API Task parse_task(const std::string& name);               // throws ConfigError
RNNLIB_API HiddenType parse_hidden_type(const std::string& name);  // also "linear" for identity

// What a network must know of its data.
struct DataHeader {
  Index num_dims = 1;
  Index input_size = 0;
  Index target_size = 0;            // regression tasks
  std::vector<std::string> labels;  // classification and transcription; without the blank
};

struct LevelSpec {
  HiddenType type = HiddenType::kLstm;
  Index size = 0;  // hidden units (LSTM: blocks of one cell) per direction
  bool recurrent = true;
  Shape block;               // empty = no block layer on top
  Index subsample_size = 0;  // 0 = no subsample layer
};

struct RNNLIB_API NetworkSpec {
  Task task = Task::kTranscription;
  DataHeader data;
  Shape input_block;                // empty = none
  std::vector<bool> bidirectional;  // one per dimension
  std::vector<bool> symmetry;       // one per dimension
  std::vector<LevelSpec> levels;
  HiddenType subsample_type = HiddenType::kTanh;
  bool subsample_bias = false;

  // Units of the output layer: labels + 1 (blank) for transcription, 1 for two classes, labels, or target_size.
  Index output_size() const;
};

// Checks a spec that was made by hand; a Network checks its own. Throws ConfigError: lists of the wrong length, sizes
// out of range, labels that cannot be, more than 8 dimensions, 100 levels or 2^31 weights.
RNNLIB_API void check_spec(const NetworkSpec& spec);

// Builds and checks the spec (lists of the right length, positive sizes, a label called blank, …). Throws ConfigError.
RNNLIB_API NetworkSpec make_network_spec(const Config& config, const DataHeader& data);

}  // namespace rnnlib
