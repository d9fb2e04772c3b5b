// SPDX-License-Identifier: Apache-2.0
// From a config and the data's header to a network's spec, with every check that needs both (docs/behaviour.md,
// "Layers").
#include "rnnlib/spec.h"

#include <algorithm>

#include "base/text.h"
#include "config/spec_check.h"
#include "config/words.h"
#include "rnnlib/config.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

[[noreturn]] void fail_length(const std::string& key, const Config& config, const std::string& expected) {
  throw ConfigError(key + " must have " + expected + "; found " + in_quotes(config.get_string(key)));
}

// A one-element list counts for all `n`; `what` names them.
template <class Value>
std::vector<Value> spread(std::vector<Value> values, std::size_t n, const std::string& key, const Config& config,
                          const std::string& what) {
  if (values.size() == 1) return std::vector<Value>(n, values[0]);
  if (values.size() != n) {
    fail_length(key, config, "one value, or one per " + what + " (" + std::to_string(n) + ")");
  }
  return values;
}

// Sizes per dimension. Without dimensions there is nothing to join.
Shape block_shape(std::vector<Index> sizes, const std::string& key, const Config& config, Index num_dims) {
  const std::string what = "dimension of the data";
  Shape block = spread(std::move(sizes), static_cast<std::size_t>(num_dims), key, config, what);
  Index points = 1;
  for (Index size : block) {
    if (size > kMaxBlockPoints / std::max<Index>(points, 1)) {
      throw ConfigError(key + " " + in_quotes(config.get_string(key)) + " joins too many points");
    }
    points *= size;
  }
  return block;
}

std::vector<LevelSpec> make_levels(const Config& config) {
  const std::vector<Index> sizes = config.get_int_list("hiddenSize");
  const std::size_t n = sizes.size();
  if (n > kMaxLevels) fail_length("hiddenSize", config, "at most " + std::to_string(kMaxLevels) + " levels");
  const std::string what = "level of hiddenSize";
  const auto types = spread(config.get_string_list("hiddenType"), n, "hiddenType", config, what);
  const auto recurrent = spread(config.get_bool_list("recurrent"), n, "recurrent", config, what);
  std::vector<LevelSpec> levels(n);
  for (std::size_t i = 0; i < n; ++i) {
    levels[i].is_convolution = types[i] == kConvolutionWord;
    if (!levels[i].is_convolution) levels[i].type = parse_hidden_type(types[i]);
    levels[i].size = sizes[i];
    levels[i].recurrent = recurrent[i];
  }
  return levels;
}

// hiddenBlock and subsampleSize have entries for the first levels, never for the last.
void check_below_last(const std::string& key, std::size_t entries, std::size_t levels, const Config& config) {
  if (entries < levels) return;
  throw ConfigError(key + " must be shorter than hiddenSize: found " + std::to_string(entries) + " entries (" +
                    in_quotes(config.get_string(key)) + ") for " + std::to_string(levels) + " levels");
}

// Lists of sizes per dimension, for the first levels.
std::vector<Shape> level_blocks(const std::string& key, const Config& config, const NetworkSpec& spec) {
  if (!config.has(key)) return {};
  const std::vector<std::vector<Index>> rows = config.get_int_lists(key);
  if (rows.size() > spec.levels.size()) {
    fail_length(key, config, "at most one entry per level of hiddenSize (" + std::to_string(spec.levels.size()) + ")");
  }
  std::vector<Shape> blocks;
  for (const std::vector<Index>& row : rows) {
    const Index dims = spec.level_dims(blocks.size());
    if (row.size() != 1 && static_cast<Index>(row.size()) != dims) {
      fail_length(key, config,
                  "one number, or one per dimension (" + std::to_string(dims) + " of level " +
                      std::to_string(blocks.size()) + "), for each level, levels separated by semicolons");
    }
    blocks.push_back(block_shape(row, key, config, dims));
  }
  return blocks;
}

void add_blocks(const Config& config, NetworkSpec& spec) {
  const std::vector<Shape> blocks = level_blocks("hiddenBlock", config, spec);
  if (!blocks.empty()) check_below_last("hiddenBlock", blocks.size(), spec.levels.size(), config);
  for (std::size_t i = 0; i < blocks.size(); ++i) spec.levels[i].block = blocks[i];
}

// The last level may have one, too: the output layer reads what is left.
void add_pooling(const Config& config, NetworkSpec& spec) {
  const std::vector<Shape> pools = level_blocks("poolSize", config, spec);
  for (std::size_t i = 0; i < pools.size(); ++i) spec.levels[i].pool = pools[i];
}

void add_level_dims(const Config& config, NetworkSpec& spec) {
  if (!config.has("levelDims")) return;
  const std::vector<Index> dims =
      spread(config.get_int_list("levelDims"), spec.levels.size(), "levelDims", config, "level of hiddenSize");
  for (std::size_t i = 0; i < dims.size(); ++i) spec.levels[i].num_dims = dims[i];
  spec.join_rows = parse_join_rows(config.get_string("joinRows"));
  if (config.has("joinHeight")) spec.join_height = config.get_int("joinHeight");
  check_level_dims(spec);
}

// Kernels have as many dimensions as their level.
void add_kernels(const Config& config, NetworkSpec& spec) {
  const auto is_convolution = [](const LevelSpec& level) { return level.is_convolution; };
  const auto count = static_cast<std::size_t>(std::count_if(spec.levels.begin(), spec.levels.end(), is_convolution));
  if (count == 0) return;
  const std::string what = std::string("level of hiddenType ") + kConvolutionWord;
  const auto rows = spread(config.get_int_lists("kernelSize"), count, "kernelSize", config, what);
  const auto types = spread(config.get_string_list("convType"), count, "convType", config, what);
  std::size_t next = 0;
  for (std::size_t i = 0; i < spec.levels.size(); ++i) {
    if (!spec.levels[i].is_convolution) continue;
    spec.levels[i].kernel = spread(rows[next], static_cast<std::size_t>(spec.level_dims(i)), "kernelSize", config,
                                   "dimension of level " + std::to_string(i) + ", for each " + what);
    spec.levels[i].type = parse_hidden_type(types[next]);
    ++next;
  }
}

void add_subsampling(const Config& config, std::vector<LevelSpec>& levels) {
  if (!config.has("subsampleSize")) return;
  const std::vector<Index> sizes = config.get_int_list("subsampleSize");
  check_below_last("subsampleSize", sizes.size(), levels.size(), config);
  for (std::size_t i = 0; i < sizes.size(); ++i) levels[i].subsample_size = sizes[i];
}

Shape make_input_block(const Config& config, Index num_dims) {
  if (!config.has("inputBlock")) return {};
  Shape block = block_shape(config.get_int_list("inputBlock"), "inputBlock", config, num_dims);
  const bool has_zero = std::find(block.begin(), block.end(), 0) != block.end();
  return has_zero ? Shape{} : block;
}

}  // namespace

Index NetworkSpec::level_dims(std::size_t level) const {
  while (levels[level].num_dims < 0 && level > 0) --level;
  return levels[level].num_dims < 0 ? data.num_dims : levels[level].num_dims;
}

Index NetworkSpec::output_size() const { return task_info(task).output_size(data); }

NetworkSpec make_network_spec(const Config& config, const DataHeader& data) {
  NetworkSpec spec;
  spec.task = parse_task(config.get_string("task"));
  check_data(data, spec.task);
  spec.data = data;
  const std::size_t dims = static_cast<std::size_t>(data.num_dims);
  const std::string what = "dimension of the data";
  spec.input_block = make_input_block(config, data.num_dims);
  spec.bidirectional = spread(config.get_bool_list("bidirectional"), dims, "bidirectional", config, what);
  spec.symmetry = spread(config.get_bool_list("symmetry"), dims, "symmetry", config, what);
  spec.levels = make_levels(config);
  add_level_dims(config, spec);
  add_kernels(config, spec);
  add_pooling(config, spec);
  add_blocks(config, spec);
  add_subsampling(config, spec.levels);
  spec.subsample_type = parse_hidden_type(config.get_string("subsampleType"));
  spec.subsample_bias = config.get_bool("subsampleBias");
  spec.temperature = config.get_real("temperature");
  check_spec(spec);
  return spec;
}

}  // namespace rnnlib
