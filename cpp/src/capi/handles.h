// SPDX-License-Identifier: Apache-2.0
// What stands behind the handles of the C interface.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "rnnlib/c_api.h"
#include "rnnlib/network.h"
#include "rnnlib/stream.h"
#include "rnnlib/workspace.h"

struct rnnlib_network {
  std::shared_ptr<const rnnlib::Network> network;  // workspaces and streams share it
  std::string task;
};

struct rnnlib_workspace {
  std::shared_ptr<const rnnlib::Network> network;
  rnnlib::Workspace workspace;
  rnnlib::Shape shape;  // kept, as the sequence is, so that an equal one needs no new memory
  rnnlib::Sequence sequence;
  std::vector<rnnlib_position> positions;
  std::vector<rnnlib_position> input_positions;
};

struct rnnlib_stream {
  std::shared_ptr<const rnnlib::Network> network;
  rnnlib::Stream stream;
};
