// SPDX-License-Identifier: Apache-2.0
// How a spec becomes layers: names, sizes, and where every weight lies.
//
// There are two orders of the weights. The flat order is what the world sees: connections by name, each in RNNLIB's own
// order (an LSTM's gates of one block together). The packed order is what the sweeps want: the matrices of all
// directions one after another, gates apart, with copies where symmetry shares weights. packed_source maps one to the
// other.
#pragma once

#include <string>
#include <vector>

#include "layers/collapse.h"
#include "layers/level.h"
#include "rnnlib/network.h"

namespace rnnlib {

// A level with what stands on top of it.
struct Stage {
  LevelShape level;
  Shape block;                  // empty = none
  Index top_size = 0;           // units per point above the block: [block point][direction][hidden]
  Index subsample_size = 0;     // 0 = none
  Index subsample_weights = 0;  // packed offset [subsample, top]
  Index subsample_bias = -1;    // packed offset, -1 = none
};

struct NetworkLayout {
  explicit NetworkLayout(const NetworkSpec& spec);

  NetworkSpec spec;
  int num_dims;
  std::vector<unsigned> directions;  // of every level's layers, in order; bit d set: +1 along dimension d
  std::vector<Stage> stages;
  Collapse collapse;
  Index output_size;
  Index output_weights;  // packed offset [output, last level's output]
  Index output_bias;

  std::vector<Connection> connections;
  std::vector<SharedConnection> shared_connections;
  std::vector<std::int32_t> packed_source;  // flat index of each packed weight; -1 = padding, always 0
  // Places in the packed order of a weight that another place has first.
  struct Shared {
    std::int32_t place;
    std::int32_t owner;
  };
  std::vector<Shared> shared;
  Index num_weights = 0;
  std::vector<LayerInfo> layers;

  std::string level_number(std::size_t level) const;  // zero-padded when there are ten levels or more
  std::string hidden_name(std::size_t level, Index direction) const;
  // What the input of a level is called: "input", "input_block", "subsample_0", "gather_0".
  std::string input_name(std::size_t level) const;
  std::string output_input_name() const { return collapse == Collapse::kNone ? "output" : "output_collapse"; }

  // The top layers' units in their own order: position of (direction, block point, unit) in a stage's top row.
  static Index top_column(const Stage& stage, Index direction, Index block_point, Index unit);

  // Throws DataError unless the shape has the network's dimensions, sizes of at least 1, and not too many points.
  void check_shape(const Shape& input_shape) const;
  Shape output_shape(const Shape& input_shape) const;  // of a shape that was checked
  Shape output_step() const;                           // input points of an output point, per output dimension
};

}  // namespace rnnlib
