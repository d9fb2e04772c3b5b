// SPDX-License-Identifier: Apache-2.0
// RNNLIB's `name value` configuration text, and the table of every key there is.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rnnlib/export.h"
#include "rnnlib/spec.h"
#include "rnnlib/types.h"

namespace rnnlib {

// What a key's value is.
enum class KeyType { kString, kBool, kInt, kReal, kStringList, kBoolList, kIntList, kIntLists };

// One row of the key table, which feeds the parser, `train --help` and docs/config.md.
struct KeyInfo {
  std::string name;                  // as in configs
  KeyType type;                      // of the value
  std::string default_value;         // as it would be written; empty = none
  std::string range;                 // as text for people: "> 0", "0 .. 1"; empty = any
  std::vector<std::string> choices;  // for strings: the values allowed; empty = any
  std::string group;                 // "Network", "Data", "Training", "Augmentation", "Output", …
  std::string meaning;               // a sentence
  bool available = true;             // false: RNNLIB has the key, but this version cannot do what it asks for
  std::string default_key{};         // the key whose value is the default, where that is so; empty = none
  std::vector<std::string> unavailable_choices{};  // those that RNNLIB has but this version cannot do
};

// All keys, in groups.
RNNLIB_API const std::vector<KeyInfo>& key_table();

// The key's row, or nullptr.
RNNLIB_API const KeyInfo* find_key(std::string_view name);

// How to go on after "unknown key `name`": "; did you mean learnRate?" for one spelt much like it or called so by other
// programs ("lr"), a reason for what there cannot be ("device"), or nothing.
RNNLIB_API std::string unknown_key_hint(std::string_view name);

// A set of known keys with values of the right type and range; nothing else gets in.
class RNNLIB_API Config {
 public:
  Config() = default;

  // `source` is named in errors ("x.config"). The last mention of a key wins. Throws ConfigError with source and line.
  static Config parse(std::string_view text, const std::string& source);
  static Config read(const std::string& path);  // also throws IoError

  // Validates; throws ConfigError naming the key, the value and `where` (e.g. "line 7 of x.config", "--learnRate=x").
  void set(const std::string& name, const std::string& value, const std::string& where = "");
  // Back to the default. Throws ConfigError for an unknown key.
  void remove(const std::string& name);

  bool has(const std::string& name) const;  // given explicitly

  // The value given, else the default. Throw ConfigError when there is neither, or the name is not in the key table.
  std::string get_string(const std::string& name) const;
  bool get_bool(const std::string& name) const;                                  // true, false, 1, 0, yes, no, on, off
  Index get_int(const std::string& name) const;                                  // a whole number
  double get_real(const std::string& name) const;                                // a finite number
  std::vector<std::string> get_string_list(const std::string& name) const;       // parts between commas
  std::vector<bool> get_bool_list(const std::string& name) const;                // likewise
  std::vector<Index> get_int_list(const std::string& name) const;                // 3*4 gives 3,3,3,3
  std::vector<std::vector<Index>> get_int_lists(const std::string& name) const;  // rows separated by ';'

  const std::map<std::string, std::string>& items() const { return values_; }  // alphabetical
  std::string text() const;  // "name value" lines in alphabetical order

  // Sentences about keys that were given but that this task, optimiser or network does not use.
  std::vector<std::string> unused_warnings() const;

 private:
  std::map<std::string, std::string> values_;
};

// Builds and checks the spec (lists of the right length, positive sizes, a label called blank, …). Throws ConfigError.
RNNLIB_API NetworkSpec make_network_spec(const Config& config, const DataHeader& data);

}  // namespace rnnlib
