// SPDX-License-Identifier: Apache-2.0
// What a key needs from the rest of its config to have an effect.
#include "config/needs.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "config/words.h"
#include "rnnlib/task.h"

namespace rnnlib::needs {
namespace {

// The reason when the key's value is none of those wanted.
std::string unless(const Config& config, const std::string& key, std::initializer_list<std::string_view> wanted) {
  const std::string value = config.get_string(key);
  const bool is_wanted = std::find(wanted.begin(), wanted.end(), value) != wanted.end();
  return is_wanted ? "" : key + " is " + value;
}

std::string unless_task(const Config& config, std::initializer_list<std::string_view> wanted) {
  return config.has("task") ? unless(config, "task", wanted) : "";
}

}  // namespace

std::string nothing(const Config& /*config*/) { return ""; }

std::string labels(const Config& config) {
  const TaskInfo* task = config.has("task") ? find_task(config.get_string("task")) : nullptr;
  return task != nullptr && task->decoder == DecoderType::kNone ? "task is " + task->name : "";
}

std::string transcription(const Config& config) {
  const TaskInfo* task = config.has("task") ? find_task(config.get_string("task")) : nullptr;
  const bool has_labels = task != nullptr && task->target == TargetKind::kLabelSequence;
  return has_labels ? "" : unless_task(config, {"dictionary_transcription"});
}

std::string prediction(const Config& config) { return unless_task(config, {"prediction"}); }

std::string search(const Config& config) {
  const std::string reason = transcription(config);
  return reason.empty() ? unless(config, "decoder", {"beam", "token_passing"}) : reason;
}

std::string beam(const Config& config) {
  const std::string reason = transcription(config);
  return reason.empty() ? unless(config, "decoder", {"beam"}) : reason;
}

std::string language_model(const Config& config) {
  std::string reason = search(config);
  if (!reason.empty()) return reason;
  return config.has("languageModel") || config.has("bigrams") ? "" : "there is no languageModel and no bigrams";
}

std::string words(const Config& config) {
  std::string reason = search(config);
  if (!reason.empty()) return reason;
  return config.has("dictionary") || config.has("languageModel") ? "" : "there is no dictionary and no languageModel";
}

std::string dictionary(const Config& config) {
  std::string reason = search(config);
  if (!reason.empty()) return reason;
  return config.has("dictionary") ? "" : "there is no dictionary";
}

std::string open(const Config& config) {
  const std::string reason = beam(config);
  return reason.empty() ? dictionary(config) : reason;
}

std::string free_text(const Config& config) {
  const std::string reason = open(config);
  return reason.empty() ? unless(config, "dictionaryMode", {"open"}) : reason;
}

std::string two_levels(const Config& config) {
  const bool has_one = config.has("hiddenSize") && config.get_int_list("hiddenSize").size() < 2;
  return has_one ? "there is one level" : "";
}

std::string subsampling(const Config& config) { return config.has("subsampleSize") ? "" : "there is no subsampleSize"; }

std::string convolution(const Config& config) {
  const std::vector<std::string> types = config.get_string_list("hiddenType");
  const bool has_one = std::find(types.begin(), types.end(), kConvolutionWord) != types.end();
  return has_one ? "" : std::string("no level is of hiddenType ") + kConvolutionWord;
}

std::string level_dims(const Config& config) { return config.has("levelDims") ? "" : "there is no levelDims"; }

std::string concat(const Config& config) {
  const std::string reason = level_dims(config);
  return reason.empty() ? unless(config, "joinRows", {"concat"}) : reason;
}

std::string two_directions(const Config& config) {
  const std::vector<bool> both = config.get_bool_list("bidirectional");
  const bool has_any = std::find(both.begin(), both.end(), true) != both.end();
  return has_any ? "" : "bidirectional is false";
}

std::string learn_rate(const Config& config) { return unless(config, "optimiser", {"steepest", "rmsprop", "adam"}); }

std::string any_learn_rate(const Config& config) {
  if (config.get_bool("mdl") && config.get_string("mdlOptimiser") != "rprop") return "";
  return learn_rate(config);
}

std::string momentum(const Config& config) { return unless(config, "optimiser", {"steepest", "rmsprop"}); }

std::string online(const Config& config) { return config.get_bool("batchLearn") ? "batchLearn is true" : ""; }

std::string decay(const Config& config) { return unless(config, "learnRateSchedule", {"exponential", "plateau"}); }

std::string plateau(const Config& config) { return unless(config, "learnRateSchedule", {"plateau"}); }

std::string mdl(const Config& config) { return config.get_bool("mdl") ? "" : "mdl is false"; }

std::string noise(const Config& config) {
  const bool any =
      config.get_bool("mdl") || config.get_real("inputNoiseDev") > 0 || config.get_real("weightDistortion") > 0;
  return any ? "" : "there is no noise to apply";
}

std::string autosave(const Config& config) { return config.get_bool("autosave") ? "" : "autosave is false"; }

}  // namespace rnnlib::needs
