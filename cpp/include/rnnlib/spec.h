// SPDX-License-Identifier: Apache-2.0
// What a network looks like, as plain values: everything the builder needs.
#pragma once

#include <string>
#include <vector>

#include "rnnlib/config.h"
#include "rnnlib/types.h"

namespace rnnlib {

enum class Task { kRegression, kSequenceRegression, kClassification, kSequenceClassification, kTranscription };

enum class HiddenType { kTanh, kSoftsign, kLogistic, kIdentity, kLstm, kLinearLstm, kSoftsignLstm };

bool is_lstm(HiddenType type);
bool is_sequence_task(Task task);  // one target for the whole sequence
std::string to_string(Task task);
std::string to_string(HiddenType type);
Task parse_task(const std::string& name);               // throws ConfigError
HiddenType parse_hidden_type(const std::string& name);  // also "linear" for identity

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

struct NetworkSpec {
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

// Builds and checks the spec (lists of the right length, positive sizes, a label called blank, …). Throws ConfigError.
NetworkSpec make_network_spec(const Config& config, const DataHeader& data);

}  // namespace rnnlib
