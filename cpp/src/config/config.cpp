// SPDX-License-Identifier: Apache-2.0
// A set of known keys with values of the right type and range.
#include "rnnlib/config.h"

#include <algorithm>

#include "base/numbers.h"
#include "base/text.h"
#include "config/augment_presets.h"
#include "config/lines.h"
#include "config/value.h"
#include "rnnlib/error.h"
#include "rnnlib/files.h"

namespace rnnlib {
namespace {

[[noreturn]] void fail(const std::string& where, const std::string& message) {
  throw ConfigError(where.empty() ? message : where + ": " + message);
}

const KeyInfo& known_key(const std::string& name, const std::string& where = "") {
  const KeyInfo* key = find_key(name);
  if (key == nullptr) fail(where, "unknown key " + in_quotes(name) + unknown_key_hint(name));
  return *key;
}

// The default of a key; those that follow other keys are worked out. Empty = none.
std::string default_value(const Config& config, const KeyInfo& key) {
  if (key.name == "batchLearn") {
    const bool batch = config.get_string("optimiser") == "rprop" && config.get_int("seqsPerWeightUpdate") == 1;
    return batch ? "true" : "false";
  }
  if (key.name == "decoder") {
    if (config.has("task") && config.get_string("task") == "dictionary_transcription") return "token_passing";
    return config.has("dictionary") || config.has("languageModel") ? "beam" : "best_path";
  }
  if (key.group == "Augmentation" && key.name != "augment") {
    const std::string preset = augment_preset_value(config.get_string("augment"), key.name);
    if (!preset.empty()) return preset;
  }
  return key.default_key.empty() ? key.default_value : config.get_string(key.default_key);
}

[[noreturn]] void fail_type(const std::string& name, const std::string& value, const std::string& type) {
  throw ConfigError(name + " is not " + type + ": found " + in_quotes(value));
}

}  // namespace

Config Config::parse(std::string_view text, const std::string& source) {
  Config config;
  LineReader reader(text, source);
  for (ConfigLine line; reader.next(line);) {
    if (starts_with(line.name, "trainer_") || starts_with(line.name, "weightContainer_")) {
      fail(reader.where(), "found " + in_quotes(line.name) + ": this is a save, not a config");
    }
    set_line(config, line, reader.where());
  }
  return config;
}

void set_line(Config& config, const ConfigLine& line, const std::string& where) {
  const KeyInfo* key = find_key(line.name);
  // A save may mention what its task has none of, such as labels, without a value.
  if (key != nullptr && key->group == "Saved" && line.value.empty()) return;
  config.set(std::string(line.name), std::string(line.value), where);
}

Config Config::read(const std::string& path) { return parse(read_file(path), path); }

void Config::set(const std::string& name, const std::string& value, const std::string& where) {
  const KeyInfo& key = known_key(name, where);
  std::string normalised = normalise_value(key, value);
  if (normalised.empty()) {
    fail(where, name + " has no value: expected " + expected_value(key) + "; take the key away for its default");
  }
  if (!is_valid(key, normalised)) {
    fail(where, name + " must be " + expected_value(key) + "; found " + in_quotes(value));
  }
  values_[name] = std::move(normalised);
}

void Config::remove(const std::string& name) { values_.erase(known_key(name).name); }

bool Config::has(const std::string& name) const { return values_.count(name) > 0; }

std::string Config::get_string(const std::string& name) const {
  const KeyInfo& key = known_key(name);
  const auto given = values_.find(name);
  std::string value = given != values_.end() ? given->second : default_value(*this, key);
  if (value.empty()) throw ConfigError(name + " is missing: expected " + expected_value(key));
  return value;
}

bool Config::get_bool(const std::string& name) const {
  const std::string text = get_string(name);
  bool value = false;
  if (!parse_bool(text, value)) fail_type(name, text, "true or false");
  return value;
}

Index Config::get_int(const std::string& name) const {
  const std::string text = get_string(name);
  Index value = 0;
  if (!parse_int(text, value)) fail_type(name, text, "an integer");
  return value;
}

double Config::get_real(const std::string& name) const {
  const std::string text = get_string(name);
  double value = 0;
  if (!parse_real(text, value)) fail_type(name, text, "a number");
  return value;
}

std::vector<std::string> Config::get_string_list(const std::string& name) const {
  const std::string text = get_string(name);
  std::vector<std::string> values;
  if (!parse_list(text, !known_key(name).choices.empty(), values)) fail_type(name, text, "a list");
  return values;
}

std::vector<bool> Config::get_bool_list(const std::string& name) const {
  const std::string text = get_string(name);
  std::vector<bool> values;
  if (!parse_bool_list(text, values)) fail_type(name, text, "a list of true or false");
  return values;
}

std::vector<Index> Config::get_int_list(const std::string& name) const {
  const std::string text = get_string(name);
  std::vector<Index> values;
  if (!parse_int_list(text, values)) fail_type(name, text, "a list of integers");
  return values;
}

std::vector<std::vector<Index>> Config::get_int_lists(const std::string& name) const {
  const std::string text = get_string(name);
  std::vector<std::vector<Index>> values;
  if (!parse_int_lists(text, values)) fail_type(name, text, "lists of integers");
  return values;
}

std::string Config::text() const {
  std::string text;
  for (const auto& [name, value] : values_) {
    // RNNLIB's dress ends a value at the first blank; INI's does not.
    const bool has_blank = std::any_of(value.begin(), value.end(), is_blank);
    text += name + (has_blank ? " = " : " ") + value + "\n";
  }
  return text;
}

}  // namespace rnnlib
