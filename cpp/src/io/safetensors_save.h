// SPDX-License-Identifier: Apache-2.0
// A save in the form of a safetensors file. Each connection's weights are a tensor of its name; what makes the network
// is metadata: "rnnlib" (the form's version), "config" (a config text), "labels" (a JSON list), and the save's values
// that belong to the network, without "trainer_". All other metadata is the user's.
#pragma once

#include <string>
#include <string_view>

#include "rnnlib/save.h"

namespace rnnlib {

constexpr char kSafetensorsEnding[] = ".safetensors";  // of files' names

constexpr char kVersionName[] = "rnnlib";
constexpr char kVersion[] = "1";
constexpr char kConfigName[] = "config";
constexpr char kLabelsName[] = "labels";

// Throws FormatError and ConfigError.
Save read_safetensors(std::string_view bytes, const std::string& source);

// [rows, cols], or [rows] of a bias or of peepholes, as Python's Network.weights has them.
Shape tensor_shape(const Connection& connection);

}  // namespace rnnlib
