// SPDX-License-Identifier: Apache-2.0
// Names in saves (spec section 7).
#pragma once

#include <string>

namespace rnnlib {

constexpr char kVectorPrefix[] = "weightContainer_";
constexpr char kWeightsSuffix[] = "_weights";
constexpr char kStateInfix[] = "_weight_optimiser_";
constexpr char kOptimiserName[] = "trainer_optimiser";

inline std::string weights_name(const std::string& connection) { return kVectorPrefix + connection + kWeightsSuffix; }

inline std::string state_name(const std::string& connection, const std::string& state) {
  return kVectorPrefix + connection + kStateInfix + state;
}

}  // namespace rnnlib
