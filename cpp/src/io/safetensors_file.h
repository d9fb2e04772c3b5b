// SPDX-License-Identifier: Apache-2.0
// A safetensors file, taken apart. It begins with the size of a header in eight bytes, the least significant first; the
// header is a JSON object, tensor -> {"dtype", "shape", "data_offsets"}, with a map of texts "__metadata__"; then the
// tensors' numbers follow, without holes. Knows no network.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "io/tensor_numbers.h"

namespace rnnlib {

constexpr std::size_t kSizeBytes = 8;  // of the header's size
constexpr char kMetadataName[] = "__metadata__";

// A view of a file's bytes.
struct SafetensorsFile {
  struct Tensor {
    const TensorTypeInfo* type = nullptr;
    Shape shape;
    std::string_view bytes;  // as many as the shape says
  };

  std::map<std::string, std::string> metadata;
  std::map<std::string, Tensor> tensors;
};

// Throws FormatError, which names the source and the tensor, for anything that is not as the format says.
SafetensorsFile parse_safetensors(std::string_view bytes, const std::string& source);

}  // namespace rnnlib
