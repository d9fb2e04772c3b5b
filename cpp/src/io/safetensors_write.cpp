// SPDX-License-Identifier: Apache-2.0
// From a network to a safetensors file.
#include <algorithm>
#include <cmath>

#include "base/numbers.h"
#include "base/text.h"
#include "base/utf8.h"
#include "io/json.h"
#include "io/safetensors_file.h"
#include "io/safetensors_save.h"
#include "io/vector_names.h"
#include "rnnlib/error.h"
#include "rnnlib/files.h"

namespace rnnlib {
namespace {

using Metadata = std::map<std::string, std::string>;

void check_utf8(const std::string& what, const std::string& text) {
  if (is_utf8(text)) return;
  throw ConfigError(what + " is not UTF-8, as safetensors files must be: " + in_quotes(text));
}

std::string labels_json(const std::vector<std::string>& labels) {
  std::string json = "[";
  for (const std::string& label : labels) {
    check_utf8("label " + std::to_string(&label - labels.data() + 1), label);
    json += json.size() > 1 ? ", " : "";
    append_json(label, json);
  }
  return json + "]";
}

// What makes the network, of a save that it was stored into.
Metadata own_metadata(const Save& save, const std::vector<std::string>& labels) {
  Metadata metadata{{kVersionName, kVersion}};
  Config config = save.config;
  if (!labels.empty()) {
    metadata[kLabelsName] = labels_json(labels);
    config.remove("targetLabels");
    config.remove("labelDelimiter");
  }
  for (const auto& [name, value] : config.items()) check_utf8("the value of " + name, value);
  metadata[kConfigName] = config.text();
  for (const auto& [name, value] : save.values) {
    check_utf8(name, value);
    metadata[name.substr(kValuePrefix.size())] = value;
  }
  return metadata;
}

bool is_own_name(const std::string& name) {
  for (const char* own : {kVersionName, kConfigName, kLabelsName}) {
    if (name == own) return true;
  }
  return std::find(std::begin(kNetworkValues), std::end(kNetworkValues), std::string(kValuePrefix) + name) !=
         std::end(kNetworkValues);
}

void append_metadata(const Save& save, const std::vector<std::string>& labels, const Metadata& more,
                     std::string& header) {
  Metadata metadata = own_metadata(save, labels);
  for (const auto& [name, text] : more) {
    if (is_own_name(name)) {
      throw ConfigError("metadata " + in_quotes(name) +
                        ": the name is taken: the file says there what makes the network");
    }
    check_utf8("the name of metadata " + in_quotes(name), name);
    check_utf8("metadata " + in_quotes(name), text);
    metadata[name] = text;
  }
  append_json(kMetadataName, header);
  const char* before = ":{";
  for (const auto& [name, text] : metadata) {
    header += before;
    append_json(name, header);
    header += ':';
    append_json(text, header);
    before = ",";
  }
  header += '}';
}

void append_entry(const Connection& connection, const TensorTypeInfo& type, std::string& header) {
  header += ',';
  append_json(connection.name, header);
  header += std::string(":{\"dtype\":\"") + type.code + "\",\"shape\":[";
  const Shape shape = tensor_shape(connection);
  for (std::size_t i = 0; i < shape.size(); ++i) header += (i > 0 ? "," : "") + std::to_string(shape[i]);
  const Index begin = connection.offset * type.bytes;
  header += "],\"data_offsets\":[" + std::to_string(begin) + "," +
            std::to_string(begin + connection.size() * type.bytes) + "]}";
}

void append_weights(const Connection& connection, const std::vector<double>& weights, const TensorTypeInfo& type,
                    std::string& data) {
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const std::uint64_t bits = to_bits(weights[i], type);
    if (!std::isfinite(from_bits(bits, type))) {
      throw NumericError("weight " + std::to_string(i) + " of " + connection.name + " is " + number_text(weights[i]) +
                         ", but the largest " + type.name + " is " + number_text(largest_of(type)));
    }
    append_bytes(bits, type.bytes, data);
  }
}

TensorType type_of(Precision precision) {
  return precision == Precision::kFloat ? TensorType::kFloat32 : TensorType::kFloat64;
}

}  // namespace

Shape tensor_shape(const Connection& connection) {
  const bool is_vector = connection.kind == ConnectionKind::kBias || connection.kind == ConnectionKind::kPeephole;
  return is_vector ? Shape{connection.size()} : Shape{connection.rows, connection.cols};
}

std::string to_safetensors(const Network& network, const Config& config, const SafetensorsOptions& options) {
  const TensorTypeInfo& type = info_of(options.type.value_or(type_of(network.precision())));
  Save save;
  save.config = config;
  store_network(network, save);
  std::string header = "{";
  append_metadata(save, network.spec().data.labels, options.metadata, header);
  for (const Connection& connection : network.connections()) append_entry(connection, type, header);
  header += '}';
  constexpr std::size_t kAlignment = 8;  // of the data, as programs that map the file want them
  header.append((kAlignment - header.size() % kAlignment) % kAlignment, ' ');
  std::string bytes;
  bytes.reserve(kSizeBytes + header.size() + static_cast<std::size_t>(network.num_weights() * type.bytes));
  append_bytes(header.size(), kSizeBytes, bytes);
  bytes += header;
  for (const Connection& connection : network.connections()) {
    append_weights(connection, save.vectors.at(weights_name(connection.name)), type, bytes);
  }
  return bytes;
}

void save_safetensors(const Network& network, const std::string& path, const Config& config,
                      const SafetensorsOptions& options) {
  replace_file(path, to_safetensors(network, config, options));
}

}  // namespace rnnlib
