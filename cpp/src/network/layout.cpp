// SPDX-License-Identifier: Apache-2.0
#include "network/layout.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>

#include "rnnlib/error.h"

namespace rnnlib {

namespace {

using Map = std::vector<Index>;

Map identity_map(Index n) {
  Map map(static_cast<std::size_t>(n));
  std::iota(map.begin(), map.end(), Index{0});
  return map;
}

// One connection's matrix inside the packed weights: its element (r, c) lies at offset + row[r] * stride + column[c].
struct Placement {
  std::string name;
  Map row;
  Map column;
  Index offset;
  Index stride;
};

// Directions of a level in their order: bit d set = +1 along dimension d; dimension 0 slowest, -1 before +1.
std::vector<unsigned> level_directions(const NetworkSpec& spec) {
  const std::size_t dims = static_cast<std::size_t>(spec.data.num_dims);
  std::vector<unsigned> directions{0U};
  for (std::size_t d = 0; d < dims; ++d) {
    std::vector<unsigned> next;
    for (unsigned so_far : directions) {
      if (spec.bidirectional[d]) next.push_back(so_far);
      next.push_back(so_far | (1U << d));
    }
    directions = next;
  }
  return directions;
}

class LayoutBuilder {
 public:
  explicit LayoutBuilder(NetworkLayout& layout) : layout_(layout), spec_(layout.spec), dims_(layout.num_dims) {
    for (std::size_t d = 0; d < static_cast<std::size_t>(dims_); ++d) {
      if (spec_.symmetry[d]) symmetric_ |= 1U << d;
    }
    directions_ = level_directions(spec_);
    layout_.directions = directions_;
  }

  void build() {
    const Shape& block = spec_.input_block;
    Index input_size = spec_.data.input_size;
    add_layer("input", "input", input_size);
    if (!block.empty()) {
      input_size *= num_points(block);
      add_layer("input_block", "block", input_size);
    }
    Map input_columns = identity_map(input_size);
    for (std::size_t i = 0; i < spec_.levels.size(); ++i) {
      layout_.stages.emplace_back();
      add_level(i, input_columns);
      add_top(i, input_columns);
    }
    add_output();
    number_weights();
  }

 private:
  // Every part begins at a padded offset, as the kernels' aligned loads want it.
  Index take(Index n) {
    const Index offset = packed_size_;
    packed_size_ += padded(n);
    return offset;
  }

  void add_layer(const std::string& name, const std::string& type, Index size, std::vector<int> directions = {}) {
    layout_.layers.push_back({name, type, std::move(directions), size, 0});
  }

  // The connection's own name and, under symmetry, its owner's; the last layer added is its target.
  void place(const std::string& name, const std::string& owner, Map row, Map column, Index offset, Index stride) {
    if (name == owner) {
      layout_.layers.back().num_weights += static_cast<Index>(row.size() * column.size());
    } else {
      layout_.shared_connections.push_back({name, owner});
    }
    placements_.push_back({owner, std::move(row), std::move(column), offset, stride});
  }

  // Layers running backwards in a symmetric dimension use the weights of the one that runs forwards in all dimensions,
  // also in those that are not symmetric: so the reference's numbers say (golden case mdlstm_2d_half_symmetric).
  std::size_t owner_of(std::size_t direction) const {
    const bool shares = (~directions_[direction] & symmetric_) != 0;
    return shares ? directions_.size() - 1 : direction;
  }

  std::string delay(std::size_t direction, int dim) const {
    std::string text = "_delay";
    for (int d = 0; d < dims_; ++d) {
      const int back = ((directions_[direction] >> d) & 1U) != 0 ? -1 : 1;
      text += "_" + std::to_string(d == dim ? back : 0);
    }
    return text;
  }

  void add_level(std::size_t i, const Map& input_columns) {
    const LevelSpec& spec = spec_.levels[i];
    LevelShape& level = layout_.stages[i].level;
    const bool lstm = is_lstm(spec.type);
    const Index h = spec.size;
    const Index gates = lstm ? dims_ + 3 : 1;
    level.input_size = static_cast<Index>(input_columns.size());
    for (unsigned direction : directions_) {
      level.sweeps.push_back(
          {spec.type, spec.recurrent, level.input_size, h, gates, lstm || spec.recurrent ? dims_ : 0, direction});
    }
    for (std::size_t j = 0; j < directions_.size(); ++j) {
      const SweepShape& sweep = level.sweeps[j];
      const std::string name = layout_.hidden_name(i, static_cast<Index>(j));
      const std::string owner = layout_.hidden_name(i, static_cast<Index>(owner_of(j)));
      std::vector<int> signs;
      for (int d = 0; d < dims_; ++d) signs.push_back(((directions_[j] >> d) & 1U) != 0 ? 1 : -1);
      add_layer(name, to_string(spec.type), h, signs);

      Map gate_units;  // blocks one after another, each with its gates; packed: gates apart
      for (Index unit = 0; unit < h; ++unit) {
        for (Index gate = 0; gate < gates; ++gate) gate_units.push_back(gate * h + unit);
      }
      const auto matrix_rows = [&](Index first, const Map& units) {
        Map rows = units;
        for (Index& row : rows) row = (first + row) * sweep.net_stride();
        return rows;
      };
      const Index matrix = take(sweep.matrix_elements());
      level.matrices.push_back(matrix);
      place("bias_to_" + name, "bias_to_" + owner, gate_units, {0}, matrix, 1);
      place(layout_.input_name(i) + "_to_" + name, layout_.input_name(i) + "_to_" + owner, gate_units,
            matrix_rows(1, input_columns), matrix, 1);
      if (spec.recurrent) {
        for (int d = 0; d < dims_; ++d) {
          place(name + "_to_" + name + delay(j, d), owner + "_to_" + owner + delay(owner_of(j), d), gate_units,
                matrix_rows(1 + level.input_size + d * h, identity_map(h)), matrix, 1);
        }
      }
      level.peepholes.push_back(take(lstm ? (dims_ + 2) * h : 0));
      if (lstm) {
        Map peephole_rows;
        for (Index unit = 0; unit < h; ++unit) {
          for (Index peephole = 0; peephole < dims_ + 2; ++peephole) peephole_rows.push_back(peephole * h + unit);
        }
        place(name + "_peepholes", name + "_peepholes", peephole_rows, {0}, level.peepholes.back(), 1);
      }
    }
  }

  // Block, subsample or gather; leaves in `columns` where the next level finds each unit of its input.
  void add_top(std::size_t i, Map& columns) {
    const LevelSpec& spec = spec_.levels[i];
    Stage& stage = layout_.stages[i];
    const Index directions = stage.level.directions();
    const Index h = spec.size;
    const Index block_points = num_points(spec.block);
    stage.block = spec.block;
    stage.top_size = directions * h * block_points;
    if (!spec.block.empty()) {
      for (Index j = 0; j < directions; ++j) add_layer(layout_.hidden_name(i, j) + "_block", "block", h * block_points);
    }
    std::vector<Map> top_columns(directions_.size());  // per direction, in the block layer's own order
    for (Index j = 0; j < directions; ++j) {
      for (Index b = 0; b < block_points; ++b) {
        for (Index u = 0; u < h; ++u) {
          top_columns[static_cast<std::size_t>(j)].push_back(NetworkLayout::top_column(stage, j, b, u));
        }
      }
    }
    columns.clear();
    if (spec.subsample_size > 0) {
      add_subsample(i, stage, top_columns);
      columns = identity_map(spec.subsample_size);
    } else if (i + 1 < spec_.levels.size()) {
      add_layer("gather_" + layout_.level_number(i), "gather", stage.top_size);
      for (const Map& top : top_columns) columns.insert(columns.end(), top.begin(), top.end());
    }
  }

  void add_subsample(std::size_t i, Stage& stage, const std::vector<Map>& top_columns) {
    const Index size = spec_.levels[i].subsample_size;
    const std::string name = "subsample_" + layout_.level_number(i);
    stage.subsample_size = size;
    add_layer(name, "subsample " + to_string(spec_.subsample_type), size);
    stage.subsample_weights = take(size * stage.top_size);
    for (std::size_t j = 0; j < top_columns.size(); ++j) {
      const std::string source = layout_.hidden_name(i, static_cast<Index>(j)) + (stage.block.empty() ? "" : "_block");
      place(source + "_to_" + name, source + "_to_" + name, identity_map(size), top_columns[j], stage.subsample_weights,
            stage.top_size);
    }
    if (spec_.subsample_bias) {
      stage.subsample_bias = take(size);
      place("bias_to_" + name, "bias_to_" + name, identity_map(size), {0}, stage.subsample_bias, 1);
    }
  }

  void add_output() {
    const std::size_t last = spec_.levels.size() - 1;
    const LevelShape& level = layout_.stages[last].level;
    const Index size = layout_.output_size;
    const std::string target = layout_.output_input_name();
    layout_.output_weights = take(size * level.output_size());
    layout_.output_bias = take(size);
    if (layout_.collapse != Collapse::kNone) add_layer(target, "collapse", size);
    const std::string type = to_string(spec_.task) + " output";
    if (layout_.collapse == Collapse::kNone) add_layer("output", type, size);
    for (Index j = 0; j < level.directions(); ++j) {
      const std::string name = layout_.hidden_name(last, j) + "_to_" + target;
      Map columns = identity_map(level.hidden());
      for (Index& c : columns) c += j * level.hidden();
      place(name, name, identity_map(size), columns, layout_.output_weights, level.output_size());
    }
    if (layout_.collapse != Collapse::kNone) add_layer("output", type, size);
    place("bias_to_output", "bias_to_output", identity_map(size), {0}, layout_.output_bias, 1);
  }

  void number_weights() {
    std::map<std::string, Connection> by_name;
    for (const Placement& p : placements_) {
      by_name[p.name] = {p.name, 0, static_cast<Index>(p.row.size()), static_cast<Index>(p.column.size())};
    }
    for (auto& [name, connection] : by_name) {
      connection.offset = layout_.num_weights;
      layout_.num_weights += connection.size();
      layout_.connections.push_back(connection);
    }
    if (packed_size_ > std::numeric_limits<std::int32_t>::max()) {
      throw ConfigError("the network has " + std::to_string(layout_.num_weights) +
                        " weights, more than the 2^31 possible");
    }
    layout_.packed_source.assign(static_cast<std::size_t>(packed_size_), -1);
    for (const Placement& p : placements_) {
      Index flat = by_name[p.name].offset;
      for (Index row : p.row) {
        for (Index column : p.column) {
          layout_.packed_source[static_cast<std::size_t>(p.offset + row * p.stride + column)] =
              static_cast<std::int32_t>(flat++);
        }
      }
    }
    find_shared();
    std::sort(layout_.shared_connections.begin(), layout_.shared_connections.end(),
              [](const SharedConnection& a, const SharedConnection& b) { return a.name < b.name; });
  }

  void find_shared() {
    std::vector<std::int32_t> first(static_cast<std::size_t>(layout_.num_weights), -1);
    for (std::size_t place = 0; place < layout_.packed_source.size(); ++place) {
      if (layout_.packed_source[place] < 0) continue;
      std::int32_t& owner = first[static_cast<std::size_t>(layout_.packed_source[place])];
      if (owner < 0) {
        owner = static_cast<std::int32_t>(place);
      } else {
        layout_.shared.push_back({static_cast<std::int32_t>(place), owner});
      }
    }
  }

  NetworkLayout& layout_;
  const NetworkSpec& spec_;
  int dims_;
  unsigned symmetric_ = 0;
  std::vector<unsigned> directions_;
  std::vector<Placement> placements_;
  Index packed_size_ = 0;
};

NetworkSpec checked(NetworkSpec spec) {
  check_spec(spec);
  return spec;
}

}  // namespace

NetworkLayout::NetworkLayout(const NetworkSpec& network_spec)
    : spec(checked(network_spec)),
      num_dims(static_cast<int>(network_spec.data.num_dims)),
      collapse(task_info(network_spec.task).collapse_of(network_spec.data.num_dims)),
      output_size(network_spec.output_size()) {
  LayoutBuilder(*this).build();
}

std::string NetworkLayout::level_number(std::size_t level) const {
  std::string text = std::to_string(level);
  const std::size_t width = std::to_string(spec.levels.size()).size();
  return std::string(width - text.size(), '0') + text;
}

std::string NetworkLayout::hidden_name(std::size_t level, Index direction) const {
  return "hidden_" + level_number(level) + "_" + std::to_string(direction);
}

std::string NetworkLayout::input_name(std::size_t level) const {
  if (level == 0) return spec.input_block.empty() ? "input" : "input_block";
  return (spec.levels[level - 1].subsample_size > 0 ? "subsample_" : "gather_") + level_number(level - 1);
}

Index NetworkLayout::top_column(const Stage& stage, Index direction, Index block_point, Index unit) {
  return (block_point * stage.level.directions() + direction) * stage.level.hidden() + unit;
}

void NetworkLayout::check_shape(const Shape& shape) const {
  constexpr Index kMaxPoints = Index{1} << 31;
  if (static_cast<int>(shape.size()) != num_dims) {
    throw DataError("the shape " + to_string(shape) + " has " + std::to_string(shape.size()) +
                    " dimensions, the network " + std::to_string(num_dims));
  }
  Index points = 1;
  for (Index size : shape) {
    if (size < 1) throw DataError("the shape is " + to_string(shape) + ": every size must be at least 1");
    if (size > kMaxPoints / points) {
      throw DataError("the shape is " + to_string(shape) + ": the size is limited to 2^31 points");
    }
    points *= size;
  }
}

Shape NetworkLayout::output_shape(const Shape& input_shape) const {
  Shape shape = blocked_shape(input_shape, spec.input_block);
  for (std::size_t i = 0; i + 1 < stages.size(); ++i) shape = blocked_shape(shape, stages[i].block);
  return collapsed_shape(shape, collapse);
}

Shape NetworkLayout::output_step() const {
  Shape step(static_cast<std::size_t>(num_dims), 1);
  const auto multiply = [&](const Shape& block) {
    for (std::size_t d = 0; d < block.size(); ++d) step[d] *= block[d];
  };
  multiply(spec.input_block);
  for (std::size_t i = 0; i + 1 < stages.size(); ++i) multiply(stages[i].block);
  return collapsed_shape(step, collapse);
}

}  // namespace rnnlib
