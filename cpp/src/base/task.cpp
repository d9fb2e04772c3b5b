// SPDX-License-Identifier: Apache-2.0
// The table of tasks.
#include "rnnlib/task.h"

#include "base/text.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

std::vector<TaskInfo> make_table() {
  const std::vector<std::string> squares = {"sumSquaresError"};
  const std::vector<std::string> classes = {"crossEntropyError", "classificationError"};
  const std::vector<std::string> labels = {"ctcError", "labelError", "seqError"};
  const std::vector<std::string> edits = {"substitutions", "deletions", "insertions"};
  const std::vector<std::string> words = {"wordError", "wordSubstitutions", "wordDeletions", "wordInsertions"};
  using Target = TargetKind;
  // clang-format off
  return {
      {Task::kClassification, "classification",
       Target::kClasses, true, {"targetClasses"},
       OutputUnits::kClasses, Activation::kSoftmax, Collapse::kNone,
       LossType::kCrossEntropy, "nats", classes, {}, {}, DecoderType::kClasses},
      {Task::kSequenceClassification, "sequence_classification",
       Target::kClasses, false, {"targetClasses", "targetStrings"},
       OutputUnits::kClasses, Activation::kSoftmax, Collapse::kAll,
       LossType::kCrossEntropy, "nats", classes, {}, {}, DecoderType::kClasses},
      {Task::kTranscription, "transcription",
       Target::kLabelSequence, false, {"targetStrings"},
       OutputUnits::kLabelsAndBlank, Activation::kSoftmax, Collapse::kKeepFirstDim,
       LossType::kCtc, "nats", labels, edits, words, DecoderType::kBestPath},
      {Task::kRegression, "regression",
       Target::kPatterns, true, {"targetPatterns"},
       OutputUnits::kTargetNumbers, Activation::kIdentity, Collapse::kNone,
       LossType::kSquaredError, "squared units", squares, {}, {}, DecoderType::kNone},
      {Task::kSequenceRegression, "sequence_regression",
       Target::kPatterns, false, {"targetPatterns"},
       OutputUnits::kTargetNumbers, Activation::kIdentity, Collapse::kAll,
       LossType::kSquaredError, "squared units", squares, {}, {}, DecoderType::kNone},
      {Task::kDictionaryTranscription, "dictionary_transcription",
       Target::kLabelSequence, false, {"targetStrings"},
       OutputUnits::kLabelsAndBlank, Activation::kSoftmax, Collapse::kKeepFirstDim,
       LossType::kCtc, "nats", labels, edits, words, DecoderType::kBestPath},
  };
  // clang-format on
}

}  // namespace

// Tables are never destroyed: threads may use networks while the process ends.
const std::vector<TaskInfo>& task_table() {
  static const std::vector<TaskInfo>& table = *new std::vector<TaskInfo>(make_table());
  return table;
}

const std::vector<std::string>& unavailable_tasks() {
  static const std::vector<std::string>& names = *new std::vector<std::string>{"prediction"};
  return names;
}

const TaskInfo& task_info(Task task) {
  for (const TaskInfo& row : task_table()) {
    if (row.task == task) return row;
  }
  throw ConfigError("the task is none of those there are");
}

const TaskInfo* find_task(const std::string& name) {
  for (const TaskInfo& row : task_table()) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

std::string to_string(Task task) { return task_info(task).name; }

Task parse_task(const std::string& name) {
  if (const TaskInfo* row = find_task(name)) return row->task;
  std::vector<std::string> names;
  for (const TaskInfo& row : task_table()) names.push_back(row.name);
  for (const std::string& other : unavailable_tasks()) {
    if (other == name) throw ConfigError("task " + name + " is not available in this version");
  }
  throw ConfigError("unknown task " + in_quotes(name) + ": expected one of " + join(names, ", "));
}

Index TaskInfo::output_size(const DataHeader& data) const {
  const Index num_labels = static_cast<Index>(data.labels.size());
  switch (units) {
    case OutputUnits::kLabelsAndBlank:
      return num_labels + 1;
    case OutputUnits::kClasses:
      return num_labels == 2 ? 1 : num_labels;
    case OutputUnits::kTargetNumbers:
      break;
  }
  return data.target_size;
}

Index TaskInfo::num_output_dims(Index num_dims) const {
  switch (collapse) {
    case Collapse::kAll:
      return 0;
    case Collapse::kKeepFirstDim:
      return num_dims > 1 ? 1 : num_dims;
    case Collapse::kNone:
      break;
  }
  return num_dims;
}

Collapse TaskInfo::collapse_of(Index num_dims) const {
  return num_output_dims(num_dims) < num_dims ? collapse : Collapse::kNone;
}

}  // namespace rnnlib
