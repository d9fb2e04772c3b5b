// SPDX-License-Identifier: Apache-2.0
#include "layers/weight_placer.h"

#include <limits>
#include <map>
#include <numeric>

#include "rnnlib/error.h"
#include "tensor/row_product.h"

namespace rnnlib {

namespace {

// Positions that hold the same weight as one before them.
std::vector<TiedWeight> find_tied(const std::vector<std::int32_t>& packed_source, Index num_weights) {
  std::vector<TiedWeight> tied;
  std::vector<std::int32_t> first(static_cast<std::size_t>(num_weights), -1);
  for (std::size_t i = 0; i < packed_source.size(); ++i) {
    if (packed_source[i] < 0) continue;
    std::int32_t& owner = first[static_cast<std::size_t>(packed_source[i])];
    if (owner < 0) {
      owner = static_cast<std::int32_t>(i);
    } else {
      tied.push_back({static_cast<std::int32_t>(i), owner});
    }
  }
  return tied;
}

}  // namespace

Connection make_connection(ConnectionKind kind, const std::string& source, const std::string& target,
                           const std::vector<int>& delay) {
  Connection connection;
  connection.kind = kind;
  connection.source = source;
  connection.target = target;
  connection.delay = delay;
  if (kind == ConnectionKind::kPeephole) {
    connection.name = target + "_peepholes";
  } else {
    connection.name = (kind == ConnectionKind::kBias ? "bias" : source) + "_to_" + target;
  }
  if (!delay.empty()) connection.name += "_delay";
  for (int offset : delay) connection.name += "_" + std::to_string(offset);
  return connection;
}

IndexMap identity_map(Index n) {
  IndexMap map(static_cast<std::size_t>(n));
  std::iota(map.begin(), map.end(), Index{0});
  return map;
}

Index WeightPlacer::take(Index n) {
  const Index offset = packed_size_;
  packed_size_ += padded(n);
  return offset;
}

void WeightPlacer::place(Connection connection, WeightPlaces places) {
  if (connection.owner.empty()) connection.owner = connection.name;
  connection.rows = static_cast<Index>(places.row.size());
  connection.cols = static_cast<Index>(places.column.size());
  connections_.push_back(std::move(connection));
  places_.push_back(std::move(places));
}

PlacedWeights WeightPlacer::finish() {
  PlacedWeights result;
  std::map<std::string, Index> offsets;  // of the owners, by name
  for (const Connection& connection : connections_) offsets[connection.owner] = connection.size();
  for (auto& entry : offsets) {
    const Index size = entry.second;
    entry.second = result.num_weights;
    result.num_weights += size;
  }
  if (packed_size_ > std::numeric_limits<std::int32_t>::max()) {
    throw ConfigError("the network has " + std::to_string(result.num_weights) +
                      " weights, more than the 2^31 possible");
  }
  result.packed_source.assign(static_cast<std::size_t>(packed_size_), -1);
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    const WeightPlaces& places = places_[i];
    connections_[i].offset = offsets[connections_[i].owner];
    Index flat = connections_[i].offset;
    for (Index row : places.row) {
      for (Index column : places.column) {
        result.packed_source[static_cast<std::size_t>(places.offset + row * places.stride + column)] =
            static_cast<std::int32_t>(flat++);
      }
    }
  }
  result.tied = find_tied(result.packed_source, result.num_weights);
  result.connections = std::move(connections_);
  return result;
}

}  // namespace rnnlib
