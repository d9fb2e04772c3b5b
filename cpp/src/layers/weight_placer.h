// SPDX-License-Identifier: Apache-2.0
// Where every weight lies. There are two orders. The flat order is what the world sees: connections by name, each in
// RNNLIB's own order (an LSTM's gates of one block together). The packed order is what the layers want: the matrices of
// all directions one after another, gates apart, with copies where symmetry ties weights. While a network is built, its
// layers ask for room in the packed order and say which connection's weights lie there.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rnnlib/graph.h"

namespace rnnlib {

// Positions of a connection's rows, or columns, or of a layer's units.
using IndexMap = std::vector<Index>;

// 0, 1, … n - 1
IndexMap identity_map(Index n);

// One connection's matrix inside the packed weights: its element (r, c) lies at offset + row[r] * stride + column[c].
struct WeightPlaces {
  IndexMap row;
  IndexMap column;
  Index offset = 0;
  Index stride = 1;
};

// A position in the packed order that holds a copy of a weight, and the first position that holds it.
struct TiedWeight {
  std::int32_t copy;
  std::int32_t owner;
};

// A connection of the graph under the name that saves and configs give it.
Connection make_connection(ConnectionKind kind, const std::string& source, const std::string& target,
                           const std::vector<int>& delay = {});

// What the placer has made of all connections.
struct PlacedWeights {
  std::vector<Connection> connections;      // all, in the order in which they were placed
  std::vector<std::int32_t> packed_source;  // flat index of each packed weight; -1 = padding, always 0
  std::vector<TiedWeight> tied;
  Index num_weights = 0;  // of the flat order
};

class WeightPlacer {
 public:
  // Room for n packed weights; returns the offset. Every part begins at a padded offset, as the kernels' aligned loads
  // want it.
  Index take(Index n);

  // A connection, whose offset and sizes are found here; `owner` is left empty where it has weights of its own.
  void place(Connection connection, WeightPlaces places);

  // Numbers the weights. Throws ConfigError when there are more than 2^31.
  PlacedWeights finish();

 private:
  std::vector<Connection> connections_;
  std::vector<WeightPlaces> places_;  // like connections_
  Index packed_size_ = 0;
};

}  // namespace rnnlib
