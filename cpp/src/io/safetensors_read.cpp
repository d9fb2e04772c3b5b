// SPDX-License-Identifier: Apache-2.0
// From a safetensors file to a save.
#include <algorithm>

#include "base/text.h"
#include "io/json.h"
#include "io/safetensors_file.h"
#include "io/safetensors_save.h"
#include "io/saved_labels.h"
#include "io/vector_names.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

using Metadata = std::map<std::string, std::string>;

// Takes a text out of the metadata; false when there is none.
bool take(Metadata& metadata, const std::string& name, std::string& text) {
  const auto found = metadata.find(name);
  if (found == metadata.end()) return false;
  text = std::move(found->second);
  metadata.erase(found);
  return true;
}

void check_version(Metadata& metadata, const std::string& source) {
  std::string version;
  if (!take(metadata, kVersionName, version)) {
    throw FormatError(source + ": is a safetensors file, but no network of rnnlib: its metadata have no " +
                      in_quotes(kVersionName));
  }
  if (version != kVersion) {
    throw FormatError(source + ": expected version " + kVersion + " of rnnlib's metadata, found " + in_quotes(version) +
                      ": written by a newer version?");
  }
}

void read_labels(const std::string& json, const std::string& source, Config& config) {
  std::vector<std::string> labels;
  JsonReader reader(json, "the labels in the metadata of " + source);
  reader.read_array([&] { labels.push_back(reader.read_string()); });
  reader.expect_end();
  set_labels(labels, config);
}

// As a save's lines hold them.
void check_line(std::string_view name, const std::string& value, const std::string& source) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
  if (!value.empty() && trim(value) == value && std::none_of(value.begin(), value.end(), is_control)) return;
  throw FormatError(source + ": metadata " + in_quotes(name) + ": expected a line of text, found " + in_quotes(value));
}

}  // namespace

Save read_safetensors(std::string_view bytes, const std::string& source) {
  SafetensorsFile file = parse_safetensors(bytes, source);
  check_version(file.metadata, source);
  Save save;
  save.source = source;
  std::string text;
  if (!take(file.metadata, kConfigName, text)) {
    throw FormatError(source + ": its metadata have no " + in_quotes(kConfigName));
  }
  save.config = Config::parse(text, "the config in " + source);
  if (take(file.metadata, kLabelsName, text)) read_labels(text, source, save.config);
  for (const std::string_view value : kNetworkValues) {
    const std::string name(value.substr(kValuePrefix.size()));
    if (!take(file.metadata, name, text)) continue;
    check_line(name, text, source);
    save.values[std::string(value)] = std::move(text);
  }
  for (const auto& [name, tensor] : file.tensors) {
    save.vectors[weights_name(name)] = read_numbers(tensor.bytes, *tensor.type);
    save.tensors[weights_name(name)] = {tensor.type->type, tensor.shape};
  }
  save.metadata = std::move(file.metadata);
  return save;
}

}  // namespace rnnlib
