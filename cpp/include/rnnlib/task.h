// SPDX-License-Identifier: Apache-2.0
// The tasks that a network can learn, as a table with one row per task. Whatever depends on the task reads its row.
#pragma once

#include <string>
#include <vector>

#include "rnnlib/data_header.h"
#include "rnnlib/export.h"
#include "rnnlib/types.h"

namespace rnnlib {

// What is learned (docs/behaviour.md, "Errors").
enum class Task {
  kRegression,
  kSequenceRegression,
  kClassification,
  kSequenceClassification,
  kTranscription,
  kDictionaryTranscription  // transcription whose results are words of a dictionary
};

// What a target is made of: rows of real numbers, classes, or a sequence of labels.
enum class TargetKind { kPatterns, kClasses, kLabelSequence };

// What an output point has a unit for: each number of a target row, each class (but one unit for two classes), or each
// label and the blank.
enum class OutputUnits { kTargetNumbers, kClasses, kLabelsAndBlank };

// Of the output units. Softmax of a single unit, which stands for two classes, is the logistic function.
enum class Activation { kIdentity, kSoftmax };

// Points that are summed into one output point: none; all with the same place in the first dimension; all there are.
enum class Collapse { kNone, kKeepFirstDim, kAll };

// What gives the training criterion.
enum class LossType { kSquaredError, kCrossEntropy, kCtc };

// What turns outputs into labels.
enum class DecoderType { kNone, kClasses, kBestPath };

// A row of the table.
struct RNNLIB_API TaskInfo {
  Task task;                           // whose row it is
  std::string name;                    // as configs spell it
  TargetKind target;                   // what a sequence's target is made of
  bool per_point;                      // whether each output point has a target; else the sequence has one
  std::vector<std::string> variables;  // of data files, for the target: the usual one first
  OutputUnits units;                   // how many output units there are
  Activation activation;               // of the output units
  Collapse collapse;                   // before the output layer, for data with more dimensions than it leaves
  LossType loss;                       // the training criterion
  std::string criterion_unit;          // of the training criterion's numbers
  // Names of errors of a data set: those by which networks are compared, the training criterion first; and others.
  std::vector<std::string> criteria;
  std::vector<std::string> other_errors;
  // Errors of words, where a decoder with a dictionary reads sequences that have target words: the one by which
  // networks are compared, and its substitutions, deletions and insertions.
  std::vector<std::string> word_errors;
  DecoderType decoder;  // what turns outputs into labels

  // Whether predicted labels come with the output points where they were read.
  bool has_positions() const { return decoder == DecoderType::kBestPath; }
  // Units of the output layer for such data.
  Index output_size(const DataHeader& data) const;
  // The collapse for data of so many dimensions: none where there is nothing to sum.
  Collapse collapse_of(Index num_dims) const;
  // Dimensions of the output for data of so many dimensions.
  Index num_output_dims(Index num_dims) const;
};

// All rows, in the order in which messages list the tasks.
RNNLIB_API const std::vector<TaskInfo>& task_table();
// A task's row. Throws ConfigError for a number that is no task.
RNNLIB_API const TaskInfo& task_info(Task task);
// The row of that name, or nullptr.
RNNLIB_API const TaskInfo* find_task(const std::string& name);
// Names of RNNLIB's tasks that configs may give, but that are not available in this version.
RNNLIB_API const std::vector<std::string>& unavailable_tasks();

// As configs spell it.
RNNLIB_API std::string to_string(Task task);
RNNLIB_API Task parse_task(const std::string& name);  // throws ConfigError

}  // namespace rnnlib
