// SPDX-License-Identifier: Apache-2.0
// Names in saves (docs/behaviour.md, "Saves").
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace rnnlib {

constexpr std::string_view kValuePrefix = "trainer_";

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

constexpr std::string_view kRecipeName = "trainer_recipe";  // Network::recipe()

// Of the Python package's runs: what has been reached, and of which data.
constexpr std::string_view kRunValues[] = {"trainer_epoch",
                                           "trainer_random",
                                           "trainer_plateau",
                                           "trainer_watch",
                                           "trainer_inputMeans",
                                           "trainer_inputStds",
                                           "trainer_targetPatternsMeans",
                                           "trainer_targetPatternsStds",
                                           "trainer_data",
                                           kRecipeName};
// Those of them that belong to the network: whoever runs it needs them.
constexpr std::string_view kNetworkValues[] = {"trainer_inputMeans", "trainer_inputStds", "trainer_targetPatternsMeans",
                                               "trainer_targetPatternsStds", kRecipeName};
constexpr std::string_view kBestPrefix = "trainer_best_";  // followed by an error's name

// The values that saves may have; any other name is damage.
inline bool is_known_value(std::string_view name) {
  const auto is_it = [&](std::string_view known) { return name == known; };
  const std::string_view of_trainer[] = {kOptimiserName, kMdlOptimiserName, kUpdatesName,    kNoiseRandomName,
                                         kEpochName,     kSumsName,         kEpochCostsName, kSkippedName,
                                         kPriorMeanName, kPriorVarianceName};
  return std::any_of(std::begin(of_trainer), std::end(of_trainer), is_it) ||
         std::any_of(std::begin(kRunValues), std::end(kRunValues), is_it) ||
         (name.size() > kBestPrefix.size() && name.substr(0, kBestPrefix.size()) == kBestPrefix);
}

inline std::string weights_name(const std::string& connection) { return kVectorPrefix + connection + kWeightsSuffix; }

// What a connection's part of a vector is called: with kDevsSuffix, or an infix and a name, ….
inline std::string vector_name(const std::string& connection, const std::string& suffix) {
  return kVectorPrefix + connection + suffix;
}

}  // namespace rnnlib
