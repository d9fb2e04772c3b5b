// SPDX-License-Identifier: Apache-2.0
// What is tried on every input: it is read as a safetensors file, its network built, run once, and written again in
// every type. All that may come out is a result or a rnnlib::Error.
#pragma once

#include "save_target.h"

namespace rnnlib::fuzz {

// What is written reads back as what it was, to rounding.
inline void write_tensors_again(const Network& network, const Save& save) {
  for (const TensorType type :
       {TensorType::kFloat16, TensorType::kBfloat16, TensorType::kFloat32, TensorType::kFloat64}) {
    SafetensorsOptions options;
    options.type = type;
    options.metadata = save.metadata;
    std::string bytes;
    try {
      bytes = to_safetensors(network, save.config, options);
    } catch (const NumericError&) {
      continue;  // weights that the type cannot hold
    }
    const Network again = parse_network(bytes, "again", network.precision());
    require(again.num_weights() == network.num_weights(), "another network after writing");
    require(Save::parse(bytes, "again").metadata == save.metadata, "other metadata after writing");
    if (type == TensorType::kFloat64) require(again.weights() == network.weights(), "other weights after writing");
  }
}

inline void try_safetensors(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  try {
    const Save save = Save::parse(bytes, "fuzz.safetensors");
    const Network network = load_network(save, size % 2 == 0 ? Precision::kFloat : Precision::kDouble);
    run_network(network);
    write_tensors_again(network, save);
  } catch (const Error& error) {
    require(error.what()[0] != '\0', "an error without words");
  }
}

}  // namespace rnnlib::fuzz
