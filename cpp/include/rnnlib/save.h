// SPDX-License-Identifier: Apache-2.0
// Save files: RNNLIB's, which are a config text and named vectors (docs/behaviour.md, "Saves") whose numbers read back
// bit for bit, and safetensors files (rnnlib/safetensors.h).
#pragma once

#include <iosfwd>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "rnnlib/config.h"
#include "rnnlib/export.h"
#include "rnnlib/network.h"
#include "rnnlib/safetensors.h"

namespace rnnlib {

class Trainer;

// True for a text with lines that saves have and configs do not.
RNNLIB_API bool looks_like_save(std::string_view text);

// A save's text, taken apart. Our own end with a checksum: whatever is changed in them is a FormatError.
struct RNNLIB_API Save {
  std::string source = "save";  // the file it came from, named in errors
  Config config;                // keys without '_'
  // Everything whose name contains '_': "trainer_epoch" -> "3", without the leading count for vectors.
  std::map<std::string, std::string> values;           // known ones only: trainer_epoch, trainer_random, …
  std::map<std::string, std::vector<double>> vectors;  // "weightContainer_<connection>_weights", …

  // Of a safetensors file; text() leaves them out.
  std::map<std::string, std::string> metadata;  // what is not the network's own: "license", …
  std::map<std::string, SavedTensor> tensors;   // of `vectors`, by their names: their types and shapes

  // From memory, a file (UTF-8 path), or all that is left of a stream; `source` is named in errors. Safetensors files
  // are known by their content. Throw FormatError, ConfigError and, reading, IoError. Whatever the text holds, no more
  // memory is taken than some times its size.
  static Save parse(std::string_view text, const std::string& source);
  // From a file.
  static Save read(const std::string& path);
  // From all that is left of a stream.
  static Save read(std::istream& stream, const std::string& source);

  // `precision` chooses the shortest digits that read back exactly as float or as double.
  std::string text(Precision precision) const;
  // To a temporary file beside `path`, synced, renamed: a failure leaves the old file as it was. Throws IoError.
  void write(const std::string& path, Precision precision) const;
};

// What the data of the save's network were normalised with; empty where it does not say. Throws FormatError.
RNNLIB_API Normalisation saved_normalisation(const Save& save);

// How the data of the save's network were made of files; see Network::recipe. Empty where it does not say.
RNNLIB_API std::string saved_recipe(const Save& save);

// What the save says of its data: inputSize, targetLabels, and (missing in the reference's own saves) numDims and
// targetSize, else worked out from the sizes and names of its weights. Throws FormatError.
RNNLIB_API DataHeader data_header(const Save& save);

// The network of a save, with its normalisation. Throws FormatError for missing, surplus, or wrongly sized weights.
RNNLIB_API Network load_network(const Save& save, Precision precision);

// The same from a file, a stream, or memory, in one step.
RNNLIB_API Network load_network(const std::string& path, Precision precision = Precision::kFloat);
// From a stream.
RNNLIB_API Network load_network(std::istream& stream, const std::string& source,
                                Precision precision = Precision::kFloat);
// From memory.
RNNLIB_API Network parse_network(std::string_view text, const std::string& source,
                                 Precision precision = Precision::kFloat);

// Writes a save of the network alone: its spec, weights, normalisation and recipe, no optimiser's state; `config` may
// hold what else is to be kept. A path that ends with ".safetensors" makes a safetensors file (rnnlib/safetensors.h).
// Replaces the file as Save::write does. Throws IoError.
RNNLIB_API void save_network(const Network& network, const std::string& path, const Config& config = {});

// Fills `save.vectors` with the network's weights and `save.values` with its normalisation; sets config's inputSize,
// numDims, targetSize, targetLabels, loadWeights.
RNNLIB_API void store_network(const Network& network, Save& save);

// All that Trainer::state() has, under RNNLIB's names where it has one ("weightContainer_<connection>_weight_optimiser_
// <name>", "…__mdl_devs", …). Vectors of the save that are not weights are taken away first.
RNNLIB_API void store_trainer(const Trainer& trainer, const Network& network, Save& save);

// Restores it; with an epoch under way the trainer goes on inside it. Returns what is reset because the save has
// none, or that of another optimiser: "optimiser", "mdl", "mdlOptimiser". Throws FormatError for what is damaged.
RNNLIB_API std::vector<std::string> restore_trainer(const Save& save, const Network& network, Trainer& trainer);

}  // namespace rnnlib
