// SPDX-License-Identifier: Apache-2.0
// RNNLIB's save files: a config text, then named vectors (spec section 7). Numbers read back bit for bit.
#pragma once

#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "rnnlib/config.h"
#include "rnnlib/network.h"

namespace rnnlib {

class Trainer;

struct Save {
  std::string source = "save";  // the file it came from, named in errors
  Config config;
  // Everything whose name contains '_': "trainer_epoch" -> "3", without the leading count for vectors.
  std::map<std::string, std::string> values;           // single words: trainer_epoch, trainer_random, …
  std::map<std::string, std::vector<double>> vectors;  // "weightContainer_<connection>_weights", …

  static Save parse(const std::string& text, const std::string& source);  // throws FormatError, ConfigError
  static Save read(const std::string& path);                              // also IoError

  // `precision` chooses the shortest digits that read back exactly as float or as double.
  std::string text(Precision precision) const;
  // To a temporary file beside `path`, synced, renamed: a failure leaves the old file as it was. Throws IoError.
  void write(const std::string& path, Precision precision) const;
};

// What the save says of its data: inputSize, targetLabels, and (absent from the reference's own saves) numDims and
// targetSize, else worked out from the sizes and names of its weights. Throws FormatError.
DataHeader data_header(const Save& save);

// The network of a save. Throws FormatError for missing, surplus, or wrongly sized weights.
Network load_network(const Save& save, Precision precision);

// Fills `save.vectors` with the network's weights; sets config's inputSize, numDims, targetSize, targetLabels,
// loadWeights.
void store_network(const Network& network, Save& save);

// All that Trainer::state() has, under RNNLIB's names where it has one ("weightContainer_<connection>_weight_optimiser_
// <name>", "…__mdl_devs", …). Vectors of the save that are not weights are taken away first.
void store_trainer(const Trainer& trainer, const Network& network, Save& save);

// Restores it; with an epoch under way the trainer goes on inside it. Returns what starts afresh because the save has
// none, or that of another optimiser: "optimiser", "mdl", "mdlOptimiser". Throws FormatError for what is damaged.
std::vector<std::string> restore_trainer(const Save& save, const Network& network, Trainer& trainer);

}  // namespace rnnlib
