// SPDX-License-Identifier: Apache-2.0
// Which keys a config's task, network and optimiser make no use of.
#include "config/unused.h"

#include <algorithm>
#include <initializer_list>

#include "base/numbers.h"
#include "base/text.h"
#include "config/value.h"

namespace rnnlib {
namespace {

bool is_one_of(const std::string& name, std::initializer_list<const char*> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string task_reason(const Config& config, const std::string& key) {
  if (!config.has("task")) return "";
  const std::string task = config.get_string("task");
  const bool is_transcription = task == "transcription" || task == "dictionary_transcription";
  const bool needs_dictionary = is_one_of(key, {"dictionary", "bigrams", "nBest", "fixedLength"});
  const bool needs_prediction = is_one_of(key, {"predictionSteps", "mixtures", "charWindowSize", "skipConnections"});
  const bool unused = (key == "confusionMatrix" && !is_transcription) ||
                      (needs_dictionary && task != "dictionary_transcription") ||
                      (needs_prediction && task != "prediction");
  return unused ? "task is " + task : "";
}

std::string training_reason(const Config& config, const std::string& key) {
  const std::string optimiser = config.get_string("optimiser");
  const bool has_momentum = optimiser == "steepest" || optimiser == "rmsprop";
  const bool unused_rate = key == "learnRate" && optimiser == "rprop";
  if (unused_rate || (key == "momentum" && !has_momentum)) return "optimiser is " + optimiser;
  if (key == "seqsPerWeightUpdate" && config.get_bool("batchLearn")) return "batchLearn is true";
  const bool mdl = config.get_bool("mdl");
  const std::string schedule = config.get_string("learnRateSchedule");
  const bool needs_schedule = (key == "learnRateDecay" && schedule != "exponential" && schedule != "plateau") ||
                              (key == "learnRatePatience" && schedule != "plateau");
  if (needs_schedule) return "learnRateSchedule is " + schedule;
  const bool has_rate = optimiser != "rprop" || (mdl && config.get_string("mdlOptimiser") != "rprop");
  if (is_one_of(key, {"learnRateSchedule", "warmupUpdates"}) && !has_rate) return "optimiser is rprop";
  if (key == "saveEvery" && !config.get_bool("autosave")) return "autosave is false";
  if (key != "mdl" && starts_with(key, "mdl") && !mdl) return "mdl is false";
  const bool noise = mdl || config.get_real("inputNoiseDev") > 0 || config.get_real("weightDistortion") > 0;
  if (key == "testDistortions" && !noise) return "there is no noise to apply";
  return "";
}

std::string network_reason(const Config& config, const std::string& key) {
  if (key == "dropout" && config.has("hiddenSize") && config.get_int_list("hiddenSize").size() < 2) {
    return "there is one level";
  }
  if (is_one_of(key, {"subsampleType", "subsampleBias"}) && !config.has("subsampleSize")) {
    return "there is no subsampleSize";
  }
  if (key == "symmetry") {
    const std::vector<bool> both = config.get_bool_list("bidirectional");
    if (std::none_of(both.begin(), both.end(), [](bool value) { return value; })) return "bidirectional is false";
  }
  return "";
}

// Equal in meaning, whatever the spelling; saves mention many keys with their defaults.
bool is_default(const Config& config, const std::string& key) {
  Config defaults = config;
  defaults.remove(key);
  const KeyInfo& info = *find_key(key);
  if (info.default_value.empty() && !is_one_of(key, {"mdlOptimiser", "mdlLearnRate", "mdlMomentum"})) return false;
  switch (info.type) {
    case KeyType::kBool:
      return config.get_bool(key) == defaults.get_bool(key);
    case KeyType::kReal:
      return config.get_real(key) == defaults.get_real(key);
    case KeyType::kBoolList:
      return config.get_bool_list(key) == defaults.get_bool_list(key);
    default:
      return config.get_string(key) == defaults.get_string(key);
  }
}

}  // namespace

std::string unused_reason(const Config& config, const std::string& key) {
  for (const auto& reason : {task_reason, training_reason, network_reason}) {
    std::string text = reason(config, key);
    if (!text.empty()) return text;
  }
  return "";
}

std::vector<std::string> Config::unused_warnings() const {
  std::vector<std::string> warnings;
  for (const auto& [key, value] : values_) {
    const std::string reason = unused_reason(*this, key);
    if (!reason.empty() && !is_default(*this, key)) {
      warnings.push_back(key + " " + value + " has no effect: " + reason + ".");
    }
  }
  return warnings;
}

}  // namespace rnnlib
