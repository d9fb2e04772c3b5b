// SPDX-License-Identifier: Apache-2.0
#include "network/layout.h"

#include <algorithm>
#include <map>

#include "decode/task_decoder.h"
#include "layers/registry.h"
#include "rnnlib/error.h"

namespace rnnlib {

namespace {

NetworkSpec checked(NetworkSpec spec) {
  check_spec(spec);
  return spec;
}

std::size_t count_hidden(const LayerBase& layer) {
  const auto is_hidden = [](const LayerInfo& info) { return info.kind == "hidden"; };
  return static_cast<std::size_t>(std::count_if(layer.infos().begin(), layer.infos().end(), is_hidden));
}

void check_size(const Shape& shape, int num_dims) {
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

}  // namespace

NetworkLayout::NetworkLayout(const NetworkSpec& network_spec)
    : spec(checked(network_spec)),
      num_dims(static_cast<int>(network_spec.data.num_dims)),
      output_size(network_spec.output_size()),
      input(network_spec),
      output_step(static_cast<std::size_t>(num_dims), 1) {
  WeightPlacer placer;
  const LayerBase* below = &input;
  for (std::size_t level = 0; level < spec.levels.size(); ++level) {
    for (const LayerKind& kind : layer_kinds()) {
      const LayerContext context{spec, level, below->output(), placer};
      if (!kind.is_wanted(context)) continue;
      layers.push_back(kind.make(context));
      below = layers.back().get();
    }
  }
  output = std::make_unique<OutputLayer>(spec, below->output(), placer);
  PlacedWeights placed = placer.finish();
  packed_source = std::move(placed.packed_source);
  tied = std::move(placed.tied);
  num_weights = placed.num_weights;
  graph.connections = std::move(placed.connections);
  for_each_layer([&](const LayerBase& layer) {
    graph.layers.insert(graph.layers.end(), layer.infos().begin(), layer.infos().end());
    limits_input_ = limits_input_ || layer.limits_input();
    output_step = layer.output_step(output_step);
    max_directions = std::max(max_directions, count_hidden(layer));
  });

  std::map<std::string, Index> own_weights;  // by target
  for (const Connection& connection : graph.connections) {
    if (connection.owner == connection.name) {
      connections.push_back(connection);
      own_weights[connection.target] += connection.size();
    } else {
      shared_connections.push_back({connection.name, connection.owner});
    }
  }
  const auto by_name = [](const auto& a, const auto& b) { return a.name < b.name; };
  std::sort(connections.begin(), connections.end(), by_name);
  std::sort(shared_connections.begin(), shared_connections.end(), by_name);
  for (LayerInfo& info : graph.layers) info.num_weights = own_weights[info.name];
}

std::unique_ptr<DecoderRun> NetworkLayout::make_decoder_run() const {
  return rnnlib::make_decoder_run(task_info(spec.task).decoder, output_size, spec.temperature);
}

void NetworkLayout::check_shape(const Shape& input_shape) const {
  check_size(input_shape, num_dims);
  if (!limits_input_) return;  // no memory is asked for
  Shape shape = input_shape;
  for_each_layer([&](const LayerBase& layer) {
    layer.check_input(shape);
    shape = layer.output_shape(shape);
  });
}

Shape NetworkLayout::output_shape(const Shape& input_shape) const {
  Shape shape = input_shape;
  for_each_layer([&](const LayerBase& layer) { shape = layer.output_shape(shape); });
  return shape;
}

void NetworkLayout::find_input_positions(const Shape& input_shape, const std::vector<LabelPosition>& positions,
                                         std::vector<LabelPosition>& input_positions) const {
  input_positions.clear();
  const Index step = output_step.empty() ? 1 : output_step.front();  // data without dimensions are one point
  const Index last = input_shape.empty() ? 0 : input_shape.front() - 1;
  for (const LabelPosition& position : positions) {
    input_positions.push_back({position.first * step, std::min((position.last + 1) * step - 1, last)});
  }
}

std::vector<Shape> NetworkLayout::layer_shapes(const Shape& input_shape) const {
  std::vector<Shape> shapes;
  Shape shape = input_shape;
  for_each_layer([&](const LayerBase& layer) {
    const Shape above = layer.output_shape(shape);
    for (const LayerInfo& info : layer.infos()) shapes.push_back(info.kind == "input" ? shape : above);
    shape = above;
  });
  return shapes;
}

}  // namespace rnnlib
