// SPDX-License-Identifier: Apache-2.0
// Names in saves (docs/behaviour.md, "Saves").
#pragma once

#include <string>

namespace rnnlib {

constexpr char kVectorPrefix[] = "weightContainer_";
constexpr char kWeightsSuffix[] = "_weights";
constexpr char kStateInfix[] = "_weight_optimiser_";
constexpr char kDevStateInfix[] = "_mdl_dev_optimiser_";
constexpr char kDevsSuffix[] = "__mdl_devs";
constexpr char kCostsSuffix[] = "__mdl_weight_costs";
constexpr char kGradientSuffix[] = "_gradient";         // ours: of an epoch under way
constexpr char kDevGradientSuffix[] = "_mdl_gradient";  // ours
constexpr char kOptimiserName[] = "trainer_optimiser";
constexpr char kMdlOptimiserName[] = "trainer_mdlOptimiser";  // ours, as are those below
constexpr char kUpdatesName[] = "trainer_updates";
constexpr char kNoiseRandomName[] = "trainer_noiseRandom";
constexpr char kEpochName[] = "trainer_epochUnderWay";
constexpr char kSumsName[] = "trainer_runningErrors";
constexpr char kEpochCostsName[] = "trainer_epochCosts";
constexpr char kSkippedName[] = "trainer_skipped";
constexpr char kPriorMeanName[] = "trainer_mdlPriorMean";
constexpr char kPriorVarianceName[] = "trainer_mdlPriorVariance";

inline std::string weights_name(const std::string& connection) { return kVectorPrefix + connection + kWeightsSuffix; }

// What a connection's part of a vector is called: with kDevsSuffix, or an infix and a name, ….
inline std::string vector_name(const std::string& connection, const std::string& suffix) {
  return kVectorPrefix + connection + suffix;
}

}  // namespace rnnlib
