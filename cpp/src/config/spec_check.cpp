// SPDX-License-Identifier: Apache-2.0
#include "config/spec_check.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/numbers.h"
#include "base/text.h"
#include "config/weight_estimate.h"
#include "rnnlib/cell_info.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

void check_labels(const DataHeader& data, bool has_blank) {
  std::set<std::string> seen;
  for (const std::string& label : data.labels) {
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    if (label.empty()) throw ConfigError("a label is empty");
    if (trim(label) != label || std::any_of(label.begin(), label.end(), is_control)) {
      throw ConfigError("label " + in_quotes(label) + " has white space at an end or control characters in it");
    }
    if (!seen.insert(label).second) throw ConfigError("label " + in_quotes(label) + " occurs twice");
    if (has_blank && label == "blank") {
      throw ConfigError("a label is called blank, which transcription needs as the name of its own extra label");
    }
  }
}

void check_size(const std::string& what, Index size, Index least) {
  if (size >= least && size <= kMaxUnits) return;
  throw ConfigError(what + " is " + std::to_string(size) + "; expected " + std::to_string(least) + " to 2^31");
}

void check_list(const std::string& what, std::size_t entries, Index num_dims) {
  if (static_cast<Index>(entries) == num_dims) return;
  throw ConfigError(what + " has " + std::to_string(entries) + " entries; expected one per dimension (" +
                    std::to_string(num_dims) + ")");
}

void check_block(const std::string& what, const Shape& block, Index num_dims) {
  if (block.empty()) return;
  check_list(what, block.size(), num_dims);
  Index points = 1;
  for (Index size : block) {
    if (size < 1 || size > kMaxBlockPoints / points) {
      throw ConfigError(what + " is " + to_string(block) + "; expected sizes of 1 or more, and at most 2^24 points");
    }
    points *= size;
  }
}

void check_kernel(const std::string& level, const Shape& kernel, bool is_convolution, Index num_dims) {
  if (!is_convolution) {
    if (!kernel.empty()) throw ConfigError(level + " has a kernel, but is not a convolution");
    return;
  }
  check_list("the kernel of " + level, kernel.size(), num_dims);
  Index points = 1;
  for (Index size : kernel) {
    if (size < 1 || size > kMaxKernelPoints / points) {
      throw ConfigError("the kernel of " + level + " is " + to_string(kernel) +
                        "; expected sizes of 1 or more, and at most " + std::to_string(kMaxKernelPoints) + " points");
    }
    points *= size;
  }
}

void check_level(const std::string& name, const LevelSpec& level, Index num_dims, bool is_last) {
  check_size("the size of " + name, level.size, 1);
  check_size("the subsample size of " + name, level.subsample_size, 0);
  check_block("the pooling of " + name, level.pool, num_dims);
  check_block("the block of " + name, level.block, num_dims);
  check_kernel(name, level.kernel, level.is_convolution, num_dims);
  if (is_last && (!level.block.empty() || level.subsample_size > 0)) {
    throw ConfigError("the last level has a block or a subsample layer; only a level below another one can");
  }
}

// Every spec has one; hand-made ones may hold any number.
void check_known(bool is_known, const std::string& what) {
  if (!is_known) throw ConfigError(what + " is none of those there are");
}

}  // namespace

void check_data(const DataHeader& data, Task task) {
  if (data.num_dims < 0 || data.num_dims > kMaxSpecDims) {
    throw ConfigError("the data have " + std::to_string(data.num_dims) + " dimensions; expected 0 to " +
                      std::to_string(kMaxSpecDims));
  }
  if (data.input_size < 1) {
    throw ConfigError("the data's input size is " + std::to_string(data.input_size) + "; expected 1 or more");
  }
  const TaskInfo& info = task_info(task);
  if (info.target == TargetKind::kPatterns) {
    if (data.target_size < 1) {
      throw ConfigError("task " + info.name + " needs a target size of 1 or more; the data's is " +
                        std::to_string(data.target_size));
    }
    return;
  }
  const bool has_blank = info.units == OutputUnits::kLabelsAndBlank;
  const std::size_t least = has_blank ? 1 : 2;
  if (data.labels.size() < least) {
    throw ConfigError("task " + info.name + " needs at least " + std::to_string(least) + " labels; the data have " +
                      std::to_string(data.labels.size()));
  }
  check_labels(data, has_blank);
}

void check_level_dims(const NetworkSpec& spec) {
  Index dims = spec.data.num_dims;
  for (std::size_t i = 0; i < spec.levels.size(); ++i) {
    const Index own = spec.level_dims(i);
    if (own > dims || own < std::min<Index>(dims, 1)) {
      throw ConfigError("levelDims: level " + std::to_string(i) + " has " + std::to_string(own) + " dimensions, " +
                        (i == 0 ? "the data have " : "the level below has ") + std::to_string(dims) +
                        "; expected 1 or more, and no more than below");
    }
    dims = own;
  }
  if (dims == spec.data.num_dims) return;
  const TaskInfo& task = task_info(spec.task);
  if (task.num_output_dims(spec.data.num_dims) > dims) {
    throw ConfigError("levelDims: the last level has " + std::to_string(dims) + " dimensions, but task " + task.name +
                      " has an output at every point of the data, which have " + std::to_string(spec.data.num_dims));
  }
  if (spec.join_rows == JoinRows::kConcat) check_size("joinHeight, which joinRows concat needs,", spec.join_height, 1);
}

void check_spec(const NetworkSpec& spec) {
  check_data(spec.data, spec.task);
  const Index dims = spec.data.num_dims;
  check_size("the input size", spec.data.input_size, 1);
  check_list("bidirectional", spec.bidirectional.size(), dims);
  check_list("symmetry", spec.symmetry.size(), dims);
  check_block("the input block", spec.input_block, dims);
  if (spec.levels.empty() || spec.levels.size() > kMaxLevels) {
    throw ConfigError("the network has " + std::to_string(spec.levels.size()) + " levels; expected 1 to " +
                      std::to_string(kMaxLevels));
  }
  check_level_dims(spec);
  const std::vector<HiddenTypeName> types = hidden_type_names();
  const auto is_type = [&](HiddenType type, bool with_state) {
    return std::any_of(types.begin(), types.end(),
                       [&](const HiddenTypeName& row) { return row.type == type && (with_state || !row.has_state); });
  };
  for (std::size_t i = 0; i < spec.levels.size(); ++i) {
    const LevelSpec& level = spec.levels[i];
    check_known(is_type(level.type, !level.is_convolution), "the type of level " + std::to_string(i));
    check_level("level " + std::to_string(i), level, spec.level_dims(i), i + 1 == spec.levels.size());
  }
  check_known(is_type(spec.subsample_type, false), "the type of the subsample layers");
  check_known(spec.join_rows >= JoinRows::kSum && spec.join_rows <= JoinRows::kConcat, "joinRows");
  if (!std::isfinite(spec.temperature) || spec.temperature <= 0) {
    throw ConfigError("the temperature is " + number_text(spec.temperature) + "; expected a number above 0");
  }
  const double weights = estimate_weights(spec);
  if (weights > kMaxWeights) {
    throw ConfigError("the network would have " + number_text(weights) + " weights; at most " +
                      number_text(kMaxWeights) + " are possible");
  }
}

}  // namespace rnnlib
