// SPDX-License-Identifier: Apache-2.0
// Warnings about keys that a config's task, network and optimiser make no use of.
#include "config/key_table.h"

namespace rnnlib {
namespace {

// Equal in meaning, whatever the spelling; saves mention many keys with their defaults.
bool is_default(const Config& config, const std::string& name) {
  const KeyInfo& key = *find_key(name);
  if (key.default_value.empty() && key.default_key.empty()) return false;
  Config defaults = config;
  defaults.remove(name);
  switch (key.type) {
    case KeyType::kBool:
      return config.get_bool(name) == defaults.get_bool(name);
    case KeyType::kReal:
      return config.get_real(name) == defaults.get_real(name);
    case KeyType::kBoolList:
      return config.get_bool_list(name) == defaults.get_bool_list(name);
    default:
      return config.get_string(name) == defaults.get_string(name);
  }
}

}  // namespace

std::vector<std::string> Config::unused_warnings() const {
  std::vector<std::string> warnings;
  for (const auto& [name, value] : values_) {
    const std::string reason = unused_reason(*this, name);
    if (!reason.empty() && !is_default(*this, name)) {
      warnings.push_back(name + " " + value + " has no effect: " + reason + ".");
    }
  }
  return warnings;
}

}  // namespace rnnlib
