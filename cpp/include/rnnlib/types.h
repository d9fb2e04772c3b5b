// SPDX-License-Identifier: Apache-2.0
// Small types shared by the whole public interface.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace rnnlib {

// All sizes and counts.
using Index = std::int64_t;

// Sizes per sequence dimension in the network's order: the slowest-varying dimension (x of an image) first. Empty for
// 0-D.
using Shape = std::vector<Index>;

// Of a network's numbers.
enum class Precision { kFloat, kDouble };

// Number of points of a shape; 1 for 0-D.
inline Index num_points(const Shape& shape) {
  Index n = 1;
  for (Index size : shape) n *= size;
  return n;
}

// "12x5", or "0-D" for the empty shape.
inline std::string to_string(const Shape& shape) {
  if (shape.empty()) return "0-D";
  std::string text;
  for (Index size : shape) text += (text.empty() ? "" : "x") + std::to_string(size);
  return text;
}

}  // namespace rnnlib
