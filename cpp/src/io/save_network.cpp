// SPDX-License-Identifier: Apache-2.0
// Networks into saves and back.
#include <algorithm>
#include <set>

#include "base/text.h"
#include "config/describe.h"
#include "config/key_table.h"
#include "config/weight_estimate.h"
#include "io/safetensors_save.h"
#include "io/saved_labels.h"
#include "io/saved_normalisation.h"
#include "io/saved_vectors.h"
#include "io/vector_names.h"
#include "rnnlib/error.h"
#include "rnnlib/save.h"

namespace rnnlib {
namespace {

bool is_weights(const std::string& name) { return starts_with(name, kVectorPrefix) && ends_with(name, kWeightsSuffix); }

std::string connection_of(const std::string& name) {
  const std::size_t begin = std::string_view(kVectorPrefix).size();
  return name.substr(begin, name.size() - begin - std::string_view(kWeightsSuffix).size());
}

// A few of many names, for a message.
std::string some_of(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 5;
  const std::size_t n = std::min(names.size(), kMost);
  std::string text = join({names.begin(), names.begin() + static_cast<std::ptrdiff_t>(n)}, ", ");
  if (names.size() > n) text += " and " + std::to_string(names.size() - n) + " more";
  return text;
}

// Before the network's memory is taken: a damaged config must not ask for far more weights than the save has.
void check_size(const NetworkSpec& spec, const Save& save) {
  constexpr double kAnyway = 1e5;  // of all directions: a small network that lacks weights is told them by name
  double found = 0;
  for (const auto& [name, values] : save.vectors) found += is_weights(name) ? static_cast<double>(values.size()) : 0;
  const double total = estimate_weights(spec);
  const double least = total / static_cast<double>(num_sharing(spec));  // if all else is shared
  if (least > found && total > kAnyway) {
    throw FormatError(save.source + ": weights are missing: found " + std::to_string(static_cast<Index>(found)) +
                      ", but the network described has at least " + std::to_string(static_cast<Index>(least)));
  }
}

NetworkSpec spec_of(const Save& save) {
  try {
    NetworkSpec spec = make_network_spec(save.config, data_header(save));
    check_spec(spec);
    return spec;
  } catch (const ConfigError& error) {
    throw ConfigError(save.source + ": " + error.what());
  }
}

void check_names(const Network& network, const Save& save) {
  std::set<std::string> expected;
  std::vector<std::string> missing;
  for (const Connection& connection : network.connections()) {
    expected.insert(weights_name(connection.name));
    if (save.vectors.count(weights_name(connection.name)) == 0) missing.push_back(connection.name);
  }
  if (!missing.empty()) throw FormatError(save.source + ": weights are missing for " + some_of(missing));
  std::vector<std::string> surplus;
  for (const auto& [name, values] : save.vectors) {
    if (is_weights(name) && expected.count(name) == 0) surplus.push_back(connection_of(name));
  }
  if (!surplus.empty())
    throw FormatError(save.source + ": weights that the network has no place for: " + some_of(surplus));
}

// Of a file that has shapes. A transposed matrix would have as many weights.
void check_shape(const Connection& connection, const Save& save) {
  const auto found = save.tensors.find(weights_name(connection.name));
  if (found == save.tensors.end() || found->second.shape == tensor_shape(connection)) return;
  throw FormatError(save.source + ": weights of connection " + connection.name + ": expected the shape " +
                    to_string(tensor_shape(connection)) + ", found " + to_string(found->second.shape));
}

void store_header(const DataHeader& data, Config& config) {
  config.set("inputSize", std::to_string(data.input_size));
  config.set("numDims", std::to_string(data.num_dims));
  config.set("loadWeights", "true");
  config.remove("targetSize");
  if (data.target_size > 0) config.set("targetSize", std::to_string(data.target_size));
  set_labels(data.labels, config);
}

// As RNNLIB does, so that a save stays the same network and training whatever later defaults are.
void fill_defaults(Config& config) {
  for (const KeyInfo& key : key_table()) {
    const bool describes_run = key.group == "Network" || key.group == "Data" || key.group == "Training";
    if (!describes_run || key.name == "precision" || key.default_value.empty() || config.has(key.name)) continue;
    if (unused_reason(config, key.name).empty()) config.set(key.name, key.default_value);
  }
}

void set_saved_normalisation(const Save& save, Network& network) {
  try {
    network.set_normalisation(saved_normalisation(save));
  } catch (const DataError& error) {
    throw FormatError(save.source + ": " + error.what());
  }
}

void store_recipe(const std::string& recipe, Save& save) {
  const std::string name(kRecipeName);
  save.values.erase(name);
  if (!recipe.empty()) save.values[name] = recipe;
}

}  // namespace

std::string saved_recipe(const Save& save) {
  const auto found = save.values.find(std::string(kRecipeName));
  return found == save.values.end() ? "" : found->second;
}

Network load_network(const Save& save, Precision precision) {
  const NetworkSpec spec = spec_of(save);
  check_size(spec, save);
  Network network(spec, precision);
  check_names(network, save);
  Values weights(static_cast<std::size_t>(network.num_weights()));
  for (const Connection& connection : network.connections()) {
    const Values& values = save.vectors.at(weights_name(connection.name));
    check_shape(connection, save);
    check_values("weights of connection " + connection.name, values, connection.size(), save);
    put_part(values, connection, weights);
  }
  network.set_weights(weights);
  set_saved_normalisation(save, network);
  network.set_recipe(saved_recipe(save));
  return network;
}

Network load_network(const std::string& path, Precision precision) { return load_network(Save::read(path), precision); }

Network load_network(std::istream& stream, const std::string& source, Precision precision) {
  return load_network(Save::read(stream, source), precision);
}

Network parse_network(std::string_view text, const std::string& source, Precision precision) {
  return load_network(Save::parse(text, source), precision);
}

void save_network(const Network& network, const std::string& path, const Config& config) {
  if (ends_with(path, kSafetensorsEnding)) return save_safetensors(network, path, config);
  Save save;
  save.config = config;
  store_network(network, save);
  save.write(path, network.precision());
}

void store_network(const Network& network, Save& save) {
  describe_network(network.spec(), save.config);
  store_header(network.spec().data, save.config);
  fill_defaults(save.config);
  store_normalisation(network.normalisation(), save);
  store_recipe(network.recipe(), save);
  erase_vectors(save, is_weights);
  save.tensors.clear();
  const Values weights = network.weights();
  for (const Connection& connection : network.connections()) {
    save.vectors[weights_name(connection.name)] = part_of(weights, connection);
  }
}

}  // namespace rnnlib
