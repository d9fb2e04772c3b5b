// SPDX-License-Identifier: Apache-2.0
// What a save says of its data. RNNLIB's own saves lack the number of dimensions and the size of targets: both follow
// from names and sizes of weights (docs/behaviour.md, "Weights").
#include <algorithm>
#include <optional>

#include "base/numbers.h"
#include "base/text.h"
#include "config/spec_check.h"
#include "config/words.h"
#include "io/vector_names.h"
#include "rnnlib/cell_info.h"
#include "rnnlib/error.h"
#include "rnnlib/save.h"

namespace rnnlib {
namespace {

// The connection of a vector of weights; "" for other vectors.
std::string_view connection_name(std::string_view name) {
  if (!starts_with(name, kVectorPrefix) || !ends_with(name, kWeightsSuffix)) return {};
  name.remove_prefix(std::string_view(kVectorPrefix).size());
  name.remove_suffix(std::min(name.size(), std::string_view(kWeightsSuffix).size()));
  return name;
}

// The level and direction of "hidden_<level>_<direction>" and whatever follows it.
bool parse_layer(std::string_view text, Index& level, Index& direction) {
  const std::string_view prefix = "hidden_";
  if (!starts_with(text, prefix)) return false;
  const std::vector<std::string_view> parts = split(text.substr(prefix.size()), "_");
  return parts.size() >= 2 && parse_int(parts[0], level) && parse_int(parts[1], direction) && level >= 0 &&
         direction >= 0;
}

// D of cells with so many gates, where their number depends on D.
std::optional<Index> dims_of_gates(HiddenType type, Index gates) {
  if (cell_info(type, 0).gates.size() == cell_info(type, 1).gates.size()) return std::nullopt;
  for (Index dims = 0; dims <= kMaxSpecDims; ++dims) {
    if (static_cast<Index>(cell_info(type, dims).gates.size()) == gates) return dims;
  }
  return std::nullopt;
}

// The bias of a level of H units has a weight for each of their gates.
std::optional<Index> dims_of_biases(const Save& save) {
  if (!save.config.has("hiddenSize")) return std::nullopt;
  const std::vector<Index> sizes = save.config.get_int_list("hiddenSize");
  const std::vector<std::string> types = save.config.get_string_list("hiddenType");
  const std::string_view prefix = "bias_to_";
  for (const auto& [name, values] : save.vectors) {
    const std::string_view connection = connection_name(name);
    Index level = 0;
    Index direction = 0;
    if (!starts_with(connection, prefix) || !parse_layer(connection.substr(prefix.size()), level, direction)) continue;
    const std::size_t i = static_cast<std::size_t>(level);
    if (i >= sizes.size() || (types.size() > 1 && i >= types.size())) continue;
    const std::string& type = types[types.size() > 1 ? i : 0];
    if (type == kConvolutionWord) continue;
    const Index size = static_cast<Index>(values.size());
    if (size % sizes[i] != 0) continue;
    if (const auto dims = dims_of_gates(parse_hidden_type(type), size / sizes[i])) return dims;
  }
  return std::nullopt;
}

// "hidden_0_0_to_hidden_0_0_delay_0_1": one offset per dimension.
std::optional<Index> dims_of_delays(const Save& save) {
  const std::string_view infix = "_delay_";
  for (const auto& [name, values] : save.vectors) {
    const std::string_view connection = connection_name(name);
    const std::size_t begin = connection.find(infix);
    if (begin == std::string_view::npos) continue;
    return static_cast<Index>(split(connection.substr(begin + infix.size()), "_").size());
  }
  return std::nullopt;
}

// Lists with one entry count for all dimensions and tell nothing.
std::optional<Index> dims_of_lists(const Config& config) {
  const auto told = [](std::size_t size) {
    return size > 1 ? std::optional<Index>(static_cast<Index>(size)) : std::nullopt;
  };
  for (const char* key : {"bidirectional", "symmetry"}) {
    if (auto dims = told(config.get_bool_list(key).size())) return dims;
  }
  if (config.has("inputBlock")) {
    if (auto dims = told(config.get_int_list("inputBlock").size())) return dims;
  }
  for (const char* key : {"hiddenBlock", "kernelSize"}) {
    if (!config.has(key)) continue;
    for (const std::vector<Index>& row : config.get_int_lists(key)) {
      if (auto dims = told(row.size())) return dims;
    }
  }
  return std::nullopt;
}

// 2^D layers per level when all dimensions are bidirectional.
std::optional<Index> dims_of_directions(const Save& save) {
  const std::vector<bool> both = save.config.get_bool_list("bidirectional");
  if (both.size() != 1 || !both[0]) return std::nullopt;
  Index last = -1;
  for (const auto& [name, values] : save.vectors) {
    Index level = 0;
    Index direction = 0;
    if (parse_layer(connection_name(name), level, direction)) last = std::max(last, direction);
  }
  for (Index dims = 0; dims < 62; ++dims) {
    if ((Index{1} << dims) == last + 1) return dims;
  }
  return std::nullopt;
}

Index find_num_dims(const Save& save) {
  if (save.config.has("numDims")) return save.config.get_int("numDims");
  if (auto dims = dims_of_biases(save)) return *dims;
  if (auto dims = dims_of_delays(save)) return *dims;
  if (auto dims = dims_of_lists(save.config)) return *dims;
  if (auto dims = dims_of_directions(save)) return *dims;
  return 1;
}

bool is_regression(const Config& config) {
  if (!config.has("task")) return false;
  const TaskInfo* task = find_task(config.get_string("task"));
  return task != nullptr && task->target == TargetKind::kPatterns;
}

Index find_target_size(const Save& save) {
  if (!is_regression(save.config)) return 0;
  if (save.config.has("targetSize")) return save.config.get_int("targetSize");
  const auto bias = save.vectors.find(weights_name("bias_to_output"));
  return bias == save.vectors.end() ? 0 : static_cast<Index>(bias->second.size());
}

}  // namespace

DataHeader data_header(const Save& save) {
  if (!save.config.has("inputSize")) {
    throw FormatError(save.source + ": inputSize is missing: this is no complete save");
  }
  DataHeader data;
  data.input_size = save.config.get_int("inputSize");
  data.num_dims = find_num_dims(save);
  data.target_size = find_target_size(save);
  if (save.config.has("targetLabels")) {
    const std::string labels = save.config.get_string("targetLabels");
    for (std::string_view label : split(labels, save.config.get_string("labelDelimiter"))) {
      data.labels.emplace_back(label);
    }
  }
  return data;
}

}  // namespace rnnlib
