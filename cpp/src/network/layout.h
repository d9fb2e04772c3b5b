// SPDX-License-Identifier: Apache-2.0
// How a spec becomes a list of layers, with their graph and the places of their weights (layers/weight_placer.h).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "layers/input_layer.h"
#include "layers/output_layer.h"
#include "rnnlib/decoder.h"
#include "rnnlib/network.h"

namespace rnnlib {

struct NetworkLayout {
  explicit NetworkLayout(const NetworkSpec& network_spec);

  NetworkSpec spec;
  int num_dims;
  Index output_size;
  std::size_t max_directions = 1;  // parallel hidden layers of a level, at most

  InputLayer input;
  std::vector<std::unique_ptr<Layer>> layers;  // between input and output, from the input up
  std::unique_ptr<OutputLayer> output;
  Shape output_step;  // input points of an output point, per output dimension

  Graph graph;
  std::vector<Connection> connections;  // those that own weights, in the flat order
  std::vector<SharedConnection> shared_connections;
  std::vector<std::int32_t> packed_source;  // flat index of each packed weight; -1 = padding, always 0
  std::vector<TiedWeight> tied;
  Index num_weights = 0;

  // Of the task, for the network's outputs.
  std::unique_ptr<DecoderRun> make_decoder_run() const;

  // Calls use(layer) with each LayerBase, from the input up.
  template <class Use>
  void for_each_layer(const Use& use) const {
    use(static_cast<const LayerBase&>(input));
    for (const auto& layer : layers) use(static_cast<const LayerBase&>(*layer));
    use(static_cast<const LayerBase&>(*output));
  }

  // Throws DataError unless the shape has the network's dimensions, sizes of at least 1, not too many points, and all
  // layers can read what it becomes.
  void check_shape(const Shape& input_shape) const;
  Shape output_shape(const Shape& input_shape) const;  // of a shape that was checked
  // Places in the input, along its first dimension, for such in an output that has it (transcription's).
  void find_input_positions(const Shape& input_shape, const std::vector<LabelPosition>& positions,
                            std::vector<LabelPosition>& input_positions) const;
  // Of each of graph.layers, for an input shape that was checked.
  std::vector<Shape> layer_shapes(const Shape& input_shape) const;

 private:
  bool limits_input_ = false;  // whether a layer does
};

}  // namespace rnnlib
