// SPDX-License-Identifier: Apache-2.0
// Networks as safetensors files (docs/behaviour.md, "Safetensors"): weights in 16, 32 or 64 bits, which other programs
// read too. load_network(), parse_network() and Save::read() take them like saves.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "rnnlib/config.h"
#include "rnnlib/export.h"
#include "rnnlib/network.h"

namespace rnnlib {

// What a tensor's numbers are.
enum class TensorType { kFloat16, kBfloat16, kFloat32, kFloat64 };

// "float16", "bfloat16", "float32", "float64".
RNNLIB_API std::string to_string(TensorType type);
// Throws ConfigError for another name.
RNNLIB_API TensorType parse_tensor_type(std::string_view name);

// A tensor as its file describes it.
struct SavedTensor {
  TensorType type = TensorType::kFloat32;
  Shape shape;  // a connection's: [rows, cols], or [rows] of a bias or of peepholes
};

// What is to be written.
struct SafetensorsOptions {
  // Of the weights, which are rounded to the nearest number that it has. None: that of the network's precision, which
  // keeps every bit.
  std::optional<TensorType> type;
  // Text of any kind beside what the network needs: "license", "attribution", "scores", ….
  std::map<std::string, std::string> metadata;
};

// A safetensors file's bytes: the network's spec, weights, and what a slim save has; `config` may hold what else is to
// be kept. Throws NumericError for a weight that the type cannot hold, with its connection, and ConfigError for text
// that is not UTF-8 or a name in `metadata` that is the file's own.
RNNLIB_API std::string to_safetensors(const Network& network, const Config& config = {},
                                      const SafetensorsOptions& options = {});

// The same into a file, which is replaced as by Save::write. Also throws IoError.
RNNLIB_API void save_safetensors(const Network& network, const std::string& path, const Config& config = {},
                                 const SafetensorsOptions& options = {});

// True for bytes that begin like a safetensors file, and like no text.
RNNLIB_API bool looks_like_safetensors(std::string_view bytes);

}  // namespace rnnlib
