// SPDX-License-Identifier: Apache-2.0
// A network's spec back into config keys.
#include "config/describe.h"

#include <algorithm>

#include "base/numbers.h"
#include "base/text.h"
#include "config/words.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

void set_or_remove(Config& config, const std::string& key, const std::string& value) {
  config.remove(key);
  if (!value.empty()) config.set(key, value);
}

std::string sizes_text(const std::vector<Index>& sizes) {
  std::vector<std::string> words;
  for (Index size : sizes) words.push_back(std::to_string(size));
  return join(words, ",");
}

// One word for all when they are the same.
std::string words_text(const std::vector<std::string>& words) {
  const bool same = std::equal(words.begin() + (words.empty() ? 0 : 1), words.end(), words.begin());
  return same && !words.empty() ? words[0] : join(words, ",");
}

std::string bool_text(bool value) { return value ? "true" : "false"; }

std::string bools_text(const std::vector<bool>& values) {
  std::vector<std::string> words;
  for (bool value : values) words.push_back(bool_text(value));
  return words_text(words);
}

// Entries are for the first levels: none may follow an empty one.
std::string entries_text(const std::vector<std::string>& entries, const std::string& key, const char* separator) {
  const auto end = std::find(entries.begin(), entries.end(), "");
  if (std::any_of(end, entries.end(), [](const std::string& entry) { return !entry.empty(); })) {
    throw ConfigError(key + ": a config cannot describe a level with an entry after one without");
  }
  return join({entries.begin(), end}, separator);
}

void describe_dims(const NetworkSpec& spec, Config& config) {
  std::vector<Index> dims;
  for (std::size_t i = 0; i < spec.levels.size(); ++i) dims.push_back(spec.level_dims(i));
  const bool join = dims.back() < spec.data.num_dims;
  const bool concat = join && spec.join_rows == JoinRows::kConcat;
  set_or_remove(config, "levelDims", join ? sizes_text(dims) : "");
  set_or_remove(config, "joinRows", join ? to_string(spec.join_rows) : "");
  set_or_remove(config, "joinHeight", concat ? std::to_string(spec.join_height) : "");
}

}  // namespace

void describe_network(const NetworkSpec& spec, Config& config) {
  std::vector<Index> sizes;
  std::vector<std::string> types;
  std::vector<bool> recurrent;
  std::vector<std::string> pools;
  std::vector<std::string> blocks;
  std::vector<std::string> kernels;
  std::vector<std::string> conv_types;
  std::vector<std::string> subsample_sizes;
  for (const LevelSpec& level : spec.levels) {
    sizes.push_back(level.size);
    types.push_back(level.is_convolution ? kConvolutionWord : to_string(level.type));
    recurrent.push_back(level.recurrent);
    pools.push_back(sizes_text(level.pool));
    blocks.push_back(sizes_text(level.block));
    if (level.is_convolution) kernels.push_back(sizes_text(level.kernel));
    if (level.is_convolution) conv_types.push_back(to_string(level.type));
    subsample_sizes.push_back(level.subsample_size > 0 ? std::to_string(level.subsample_size) : "");
  }
  set_or_remove(config, "task", to_string(spec.task));
  set_or_remove(config, "hiddenSize", sizes_text(sizes));
  set_or_remove(config, "hiddenType", words_text(types));
  set_or_remove(config, "kernelSize", entries_text(kernels, "kernelSize", ";"));
  set_or_remove(config, "convType", words_text(conv_types));
  set_or_remove(config, "recurrent", bools_text(recurrent));
  set_or_remove(config, "poolSize", entries_text(pools, "poolSize", ";"));
  set_or_remove(config, "hiddenBlock", entries_text(blocks, "hiddenBlock", ";"));
  set_or_remove(config, "subsampleSize", entries_text(subsample_sizes, "subsampleSize", ","));
  const bool subsampled = config.has("subsampleSize");
  set_or_remove(config, "subsampleType", subsampled ? to_string(spec.subsample_type) : "");
  set_or_remove(config, "subsampleBias", subsampled ? bool_text(spec.subsample_bias) : "");
  describe_dims(spec, config);
  set_or_remove(config, "inputBlock", sizes_text(spec.input_block));
  set_or_remove(config, "bidirectional", bools_text(spec.bidirectional));
  set_or_remove(config, "symmetry", bools_text(spec.symmetry));
  set_or_remove(config, "temperature", spec.temperature == 1 ? "" : number_text(spec.temperature));
}

}  // namespace rnnlib
