// SPDX-License-Identifier: Apache-2.0
// Every type of hidden unit: its name in configs and the class that computes it. A new one is a file beside this one,
// a line here, and an entry of HiddenType.
#pragma once

#include "layers/cells/gru.h"
#include "layers/cells/lstm.h"
#include "layers/cells/plain.h"
#include "rnnlib/error.h"

namespace rnnlib {

// In configs.
struct CellNames {
  const char* name;             // the one that is written
  const char* other = nullptr;  // another one that is understood
};

// Calls use(HiddenType, CellNames, Cell{}) for every type.
template <class Use>
void for_each_cell(const Use& use) {
  use(HiddenType::kTanh, {"tanh"}, PlainCell<Tanh>());
  use(HiddenType::kSoftsign, {"softsign"}, PlainCell<Softsign>());
  use(HiddenType::kLogistic, {"logistic"}, PlainCell<Logistic>());
  use(HiddenType::kIdentity, {"identity", "linear"}, PlainCell<Identity>());
  use(HiddenType::kRelu, {"relu"}, PlainCell<Relu>());
  use(HiddenType::kLeakyRelu, {"leaky_relu"}, PlainCell<LeakyRelu>());
  use(HiddenType::kLstm, {"lstm"}, LstmCell<Tanh, Tanh>());
  use(HiddenType::kLinearLstm, {"linear_lstm"}, LstmCell<Tanh, Identity>());
  use(HiddenType::kSoftsignLstm, {"softsign_lstm"}, LstmCell<Softsign, Softsign>());
  use(HiddenType::kGru, {"gru"}, GruCell());
}

// Calls use(Cell{}) with the cell of a type.
template <class Use>
void with_cell(HiddenType type, const Use& use) {
  for_each_cell([&](HiddenType row, CellNames, auto cell) {
    if (row == type) use(cell);
  });
}

// Calls use(F{}) with the activation function of units without a state.
template <class Use>
void with_activation(HiddenType type, const Use& use) {
  for_each_cell([&](HiddenType row, CellNames names, auto cell) {
    if (row != type) return;
    if constexpr (decltype(cell)::kHasState) {
      throw ConfigError(std::string(names.name) + " is not an activation function: its units have a state");
    } else {
      use(typename decltype(cell)::Activation());
    }
  });
}

}  // namespace rnnlib
