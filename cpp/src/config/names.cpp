// SPDX-License-Identifier: Apache-2.0
// Names of tasks and hidden types in configs.
#include <utility>

#include "base/text.h"
#include "rnnlib/error.h"
#include "rnnlib/spec.h"

namespace rnnlib {
namespace {

constexpr std::pair<Task, const char*> kTasks[] = {
    {Task::kClassification, "classification"},
    {Task::kSequenceClassification, "sequence_classification"},
    {Task::kTranscription, "transcription"},
    {Task::kRegression, "regression"},
    {Task::kSequenceRegression, "sequence_regression"},
};

// The first name of a type is the one written; `linear` is RNNLIB's other name for identity.
constexpr std::pair<HiddenType, const char*> kHiddenTypes[] = {
    {HiddenType::kTanh, "tanh"},
    {HiddenType::kSoftsign, "softsign"},
    {HiddenType::kLogistic, "logistic"},
    {HiddenType::kIdentity, "identity"},
    {HiddenType::kIdentity, "linear"},
    {HiddenType::kLstm, "lstm"},
    {HiddenType::kLinearLstm, "linear_lstm"},
    {HiddenType::kSoftsignLstm, "softsign_lstm"},
};

template <class Value, std::size_t n>
std::string name_of(const std::pair<Value, const char*> (&table)[n], Value value) {
  for (const auto& [row, name] : table) {
    if (row == value) return name;
  }
  return "?";  // not a value of the enum
}

template <class Value, std::size_t n>
Value value_of(const std::pair<Value, const char*> (&table)[n], const std::string& name, const std::string& what) {
  std::vector<std::string> names;
  for (const auto& [value, row] : table) {
    if (row == name) return value;
    names.push_back(row);
  }
  throw ConfigError("unknown " + what + " " + in_quotes(name) + ": expected one of " + join(names, ", "));
}

}  // namespace

bool is_lstm(HiddenType type) {
  return type == HiddenType::kLstm || type == HiddenType::kLinearLstm || type == HiddenType::kSoftsignLstm;
}

bool is_sequence_task(Task task) { return task == Task::kSequenceRegression || task == Task::kSequenceClassification; }

std::string to_string(Task task) { return name_of(kTasks, task); }

std::string to_string(HiddenType type) { return name_of(kHiddenTypes, type); }

Task parse_task(const std::string& name) {
  if (name == "dictionary_transcription" || name == "prediction") {
    throw ConfigError("task " + name + " is not available in this version");
  }
  return value_of(kTasks, name, "task");
}

HiddenType parse_hidden_type(const std::string& name) { return value_of(kHiddenTypes, name, "hidden type"); }

}  // namespace rnnlib
