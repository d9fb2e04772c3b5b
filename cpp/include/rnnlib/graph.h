// SPDX-License-Identifier: Apache-2.0
// A network as data: its layers and the connections between them, so that nobody has to take names apart.
#pragma once

#include <string>
#include <vector>

#include "rnnlib/export.h"
#include "rnnlib/types.h"

namespace rnnlib {

// How a connection uses its weights.
enum class ConnectionKind {
  kFull,         // from every unit of the source to every input of the target
  kBias,         // of the target; it has no source
  kPeephole,     // from the states of an LSTM's cells to their gates
  kRecurrent,    // full, from the outputs of a layer one step before
  kConvolution,  // full, from all points under a kernel
};

// A connection, and the range of the flat weight vector that it uses. Full connections are row-major: for each unit of
// the target's input, its weights from all source units (docs/behaviour.md, "Weights").
struct Connection {
  std::string
      name;  // without the "_weights" of saves: "bias_to_hidden_0_0", "input_to_hidden_0_0", "hidden_0_0_peepholes"
  Index offset = 0;                           // in the flat vector
  Index rows = 0;                             // units of the target's input
  Index cols = 0;                             // source units; 1 for biases and peepholes
  Index size() const { return rows * cols; }  // of its range

  ConnectionKind kind = ConnectionKind::kFull;  // how its weights are used
  std::string source;                           // a layer's name; empty for a bias
  std::string target;                           // a layer's name
  std::vector<int> delay;                       // kRecurrent: offset of the source's point, per dimension; else empty
  std::string owner;  // whose weights it uses: its own name, or under symmetry another connection's
  // Names of a unit's inputs that it leads to ("input gate", "forget gate 0"): its rows are units times these. Empty: a
  // row per unit.
  std::vector<std::string> gates;
};

// A layer; a row of the network table that `check` and `info` print.
struct LayerInfo {
  std::string name;  // as in names of connections
  // "input", "block", "lstm", "tanh" and the other hidden types, "convolution relu", "max pooling", "subsample tanh",
  // "gather", "join sum", "join max", "join concat", "collapse", "transcription output" and those of the other tasks.
  std::string type;
  std::vector<int> directions;  // hidden layers: +1 or -1 per dimension; else empty
  Index size = 0;               // output units
  Index num_weights = 0;        // own weights of all connections into it

  // "input", "block", "hidden", "convolution", "max_pooling", "subsample", "gather", "join", "collapse", "output"
  std::string kind;
  Index level = -1;      // the hidden level that it belongs to; -1 for input, collapse and output
  Index direction = -1;  // hidden layers and what belongs to one: its number among those of the level; else -1
  Shape block;           // block and max pooling layers: points of a block, per dimension; else empty
  Shape kernel;          // convolutions: points under the kernel, per dimension; else empty
  std::vector<std::string> sources;  // names of the layers that it reads, with or without weights
};

// Layers from the input to the output, and all connections in the order of their targets.
struct Graph {
  std::vector<LayerInfo> layers;        // from the input up
  std::vector<Connection> connections;  // also those that use another's weights
};

// "full", "bias", "peephole", "recurrent", "convolution".
RNNLIB_API std::string to_string(ConnectionKind kind);

}  // namespace rnnlib
