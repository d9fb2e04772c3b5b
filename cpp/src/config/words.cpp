// SPDX-License-Identifier: Apache-2.0
// The words that configs use for tasks (those of the task table), hidden types (those of the registry of cells), ways
// to join rows, and optimisers.
#include "config/words.h"

#include "base/text.h"
#include "rnnlib/cell_info.h"
#include "rnnlib/error.h"
#include "rnnlib/optimiser.h"
#include "rnnlib/spec.h"
#include "rnnlib/task.h"

namespace rnnlib {
namespace {

template <class Value>
struct Word {
  Value value;
  const char* word;
};

constexpr Word<JoinRows> kJoinRows[] = {
    {JoinRows::kSum, "sum"}, {JoinRows::kMax, "max"}, {JoinRows::kConcat, "concat"}};

constexpr Word<OptimiserType> kOptimisers[] = {
    {OptimiserType::kSteepest, "steepest"},
    {OptimiserType::kRprop, "rprop"},
    {OptimiserType::kRmsprop, "rmsprop"},
    {OptimiserType::kAdam, "adam"},
};

template <class Value, std::size_t n>
std::vector<std::string> words_of(const Word<Value> (&list)[n]) {
  std::vector<std::string> words;
  for (const Word<Value>& row : list) words.push_back(row.word);
  return words;
}

template <class Value, std::size_t n>
std::string word_for(const Word<Value> (&list)[n], Value value) {
  for (const Word<Value>& row : list) {
    if (row.value == value) return row.word;
  }
  return "?";  // not a value of the enum
}

template <class Value, std::size_t n>
Value value_of(const Word<Value> (&list)[n], const std::string& word, const std::string& what) {
  for (const Word<Value>& row : list) {
    if (row.word == word) return row.value;
  }
  throw ConfigError("unknown " + what + " " + in_quotes(word) + ": expected one of " + join(words_of(list), ", "));
}

}  // namespace

Words task_words() {
  Words words{{}, unavailable_tasks()};
  for (const TaskInfo& task : task_table()) words.all.push_back(task.name);
  words.all.insert(words.all.end(), words.unavailable.begin(), words.unavailable.end());
  return words;
}

Words hidden_type_words() {
  Words words;
  for (const HiddenTypeName& row : hidden_type_names()) words.all.push_back(row.name);
  return words;
}

Words level_type_words() {
  Words words = hidden_type_words();
  words.all.emplace_back(kConvolutionWord);
  return words;
}

Words feed_forward_type_words() {
  Words words;
  for (const HiddenTypeName& row : hidden_type_names()) {
    if (!row.has_state) words.all.push_back(row.name);
  }
  return words;
}

Words join_rows_words() { return {words_of(kJoinRows), {}}; }

Words optimiser_words() { return {words_of(kOptimisers), {}}; }

std::string to_string(HiddenType type) {
  for (const HiddenTypeName& row : hidden_type_names()) {
    if (row.type == type) return row.name;
  }
  return "?";  // not a value of the enum
}

std::string to_string(JoinRows how) { return word_for(kJoinRows, how); }

std::string to_string(OptimiserType type) { return word_for(kOptimisers, type); }

HiddenType parse_hidden_type(const std::string& name) {
  for (const HiddenTypeName& row : hidden_type_names()) {
    if (row.name == name) return row.type;
  }
  throw ConfigError("unknown hidden type " + in_quotes(name) + ": expected one of " +
                    join(hidden_type_words().all, ", "));
}

JoinRows parse_join_rows(const std::string& name) { return value_of(kJoinRows, name, "way to join rows"); }

OptimiserType parse_optimiser(const std::string& name) { return value_of(kOptimisers, name, "optimiser"); }

}  // namespace rnnlib
