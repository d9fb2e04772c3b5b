// SPDX-License-Identifier: Apache-2.0
// How many weights a network has (docs/behaviour.md, "Layers").
#include "config/weight_estimate.h"

#include <algorithm>

#include "rnnlib/cell_info.h"

namespace rnnlib {

namespace {

// Parallel hidden layers of a level: 2^(bidirectional dimensions).
Index num_directions(const NetworkSpec& spec, std::size_t level) {
  const auto first = spec.bidirectional.begin();
  return Index{1} << std::count(first, first + spec.level_dims(level), true);
}

}  // namespace

Index num_sharing(const NetworkSpec& spec) {
  Index sharing = 1;
  for (std::size_t d = 0; d < spec.bidirectional.size(); ++d) {
    if (spec.bidirectional[d] && spec.symmetry[d]) sharing *= 2;
  }
  return sharing;
}

double estimate_weights(const NetworkSpec& spec) {
  Index dims_below = spec.data.num_dims;
  double source = static_cast<double>(spec.data.input_size) * static_cast<double>(num_points(spec.input_block));
  double weights = 0;
  for (std::size_t i = 0; i < spec.levels.size(); ++i) {
    const LevelSpec& level = spec.levels[i];
    const Index dims = spec.level_dims(i);
    const double directions = static_cast<double>(num_directions(spec, i));
    const bool joined = dims < dims_below && spec.join_rows == JoinRows::kConcat;
    if (joined) source *= static_cast<double>(spec.join_height);
    dims_below = dims;
    const double hidden = static_cast<double>(level.size);
    double of_unit = 0;  // its own weights
    if (level.is_convolution) {
      of_unit = 1 + source * static_cast<double>(num_points(level.kernel));
    } else {
      const CellInfo cell = cell_info(level.type, dims);
      of_unit = static_cast<double>(cell.gates.size() + cell.peepholes.size());  // biases and peepholes
      for (const Gate& gate : cell.gates) {
        if (gate.reads_input) of_unit += source;
        for (Index d = 0; level.recurrent && d < dims; ++d)
          of_unit += gate.reads_before[static_cast<std::size_t>(d)] ? hidden : 0;
      }
    }
    const double units = (level.is_convolution ? 1 : directions) * hidden;
    weights += units * of_unit;
    const double top = units * static_cast<double>(num_points(level.block));
    const double subsample = static_cast<double>(level.subsample_size);
    weights += subsample * (top + (spec.subsample_bias ? 1 : 0));
    source = level.subsample_size > 0 ? subsample : top;
  }
  return weights + static_cast<double>(spec.output_size()) * (1 + source);
}

}  // namespace rnnlib
