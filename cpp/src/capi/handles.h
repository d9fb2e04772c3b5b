// SPDX-License-Identifier: Apache-2.0
// What stands behind the handles of the C interface.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "rnnlib/c_api.h"
#include "rnnlib/decoder.h"
#include "rnnlib/lexicon.h"
#include "rnnlib/network.h"
#include "rnnlib/ngram.h"
#include "rnnlib/recipe.h"
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
  std::vector<rnnlib_position> reading_positions;  // of all readings
  std::vector<rnnlib_reading> readings;
};

struct rnnlib_stream {
  std::shared_ptr<const rnnlib::Network> network;
  rnnlib::Stream stream;
};

struct rnnlib_language_model {
  std::shared_ptr<const rnnlib::NgramModel> model;
};

struct rnnlib_lexicon {
  std::shared_ptr<const rnnlib::Lexicon> lexicon;
};

struct rnnlib_decoder {
  std::shared_ptr<const rnnlib::Decoder> decoder;
};

struct rnnlib_recipe {
  rnnlib::Recipe recipe;
};
