// SPDX-License-Identifier: Apache-2.0
// What the types of hidden units are made of: gates and peepholes by name, and where their weights come from
// (docs/behaviour.md, "Units").
#pragma once

#include <string>
#include <vector>

#include "rnnlib/export.h"
#include "rnnlib/spec.h"
#include "rnnlib/types.h"

namespace rnnlib {

// One net input of a unit. All have a bias.
struct Gate {
  std::string name;                     // "forget gate 0"; empty for the only net input of a unit
  bool reads_input = true;              // whether it has weights from the level's input
  std::vector<bool> reads_before = {};  // per dimension: whether it has weights from the outputs one step back along it
};

// A trace's variable that shows the activations of some gates of all units.
struct GateVariable {
  std::string name;  // "forgetGateActs"
  Index first;       // gates [first, first + count) of each unit
  Index count;
};

// A type of hidden unit in so many dimensions.
struct CellInfo {
  HiddenType type = HiddenType::kTanh;
  std::string name;                    // as configs spell it
  bool has_state = false;              // its units recur through their states, with or without recurrent connections
  std::vector<Gate> gates;             // in the order of a unit's net inputs and weights
  std::vector<std::string> peepholes;  // names of the gates that see states, in the order of a unit's peepholes
  std::vector<GateVariable> variables;
};

// Throws ConfigError for what is not a type.
RNNLIB_API CellInfo cell_info(HiddenType type, Index num_dims);

// A type as configs may spell it.
struct HiddenTypeName {
  HiddenType type;
  std::string name;
  bool has_state;
};

// All of them; the first name of a type is the one that is written.
RNNLIB_API std::vector<HiddenTypeName> hidden_type_names();

}  // namespace rnnlib
