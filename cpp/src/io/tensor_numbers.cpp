// SPDX-License-Identifier: Apache-2.0
#include "io/tensor_numbers.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

constexpr TensorTypeInfo kTypes[] = {
    {TensorType::kFloat16, "float16", "F16", 2, 5, 10},
    {TensorType::kBfloat16, "bfloat16", "BF16", 2, 8, 7},
    {TensorType::kFloat32, "float32", "F32", 4, 8, 23},
    {TensorType::kFloat64, "float64", "F64", 8, 11, 52},
};

int bias_of(const TensorTypeInfo& info) { return (1 << (info.exponent_bits - 1)) - 1; }

// All exponent bits: infinity, and with a mantissa NaN.
std::uint64_t infinity_of(const TensorTypeInfo& info) {
  return ((std::uint64_t{1} << info.exponent_bits) - 1) << info.mantissa_bits;
}

}  // namespace

std::string to_string(TensorType type) { return info_of(type).name; }

TensorType parse_tensor_type(std::string_view name) {
  for (const TensorTypeInfo& info : kTypes) {
    if (name == info.name) return info.type;
  }
  throw ConfigError("unknown type of numbers " + in_quotes(name) + ": expected float16, bfloat16, float32 or float64");
}

const TensorTypeInfo& info_of(TensorType type) { return kTypes[static_cast<std::size_t>(type)]; }

const TensorTypeInfo* find_code(std::string_view code) {
  for (const TensorTypeInfo& info : kTypes) {
    if (code == info.code) return &info;
  }
  return nullptr;
}

double largest_of(const TensorTypeInfo& info) { return from_bits(infinity_of(info) - 1, info); }

std::uint64_t to_bits(double value, const TensorTypeInfo& info) {
  const std::uint64_t sign = std::signbit(value) ? std::uint64_t{1} << (info.exponent_bits + info.mantissa_bits) : 0;
  if (std::isnan(value)) return infinity_of(info) + 1;
  if (std::isinf(value)) return sign | infinity_of(info);
  if (value == 0) return sign;
  // |value| = mantissa * 2^(exponent - mantissa_bits), its leading bit the mantissa's highest; numbers below the
  // smallest normal one all have that one's exponent.
  const int smallest = 1 - bias_of(info);
  const int exponent = std::max(std::ilogb(value), smallest);
  const double mantissa = std::nearbyint(std::ldexp(std::abs(value), info.mantissa_bits - exponent));
  // The leading one is not stored: it adds one to the exponent's bits, as does a mantissa that was rounded up.
  const std::uint64_t bits =
      (static_cast<std::uint64_t>(exponent - smallest) << info.mantissa_bits) + static_cast<std::uint64_t>(mantissa);
  return sign | std::min(bits, infinity_of(info));
}

double from_bits(std::uint64_t bits, const TensorTypeInfo& info) {
  const std::uint64_t magnitude = bits & ((std::uint64_t{1} << (info.exponent_bits + info.mantissa_bits)) - 1);
  const double sign = magnitude == bits ? 1 : -1;
  const std::uint64_t infinity = infinity_of(info);
  if (magnitude == infinity) return sign * std::numeric_limits<double>::infinity();
  if (magnitude > infinity) return std::numeric_limits<double>::quiet_NaN();
  const std::uint64_t one = std::uint64_t{1} << info.mantissa_bits;
  std::uint64_t mantissa = magnitude & (one - 1);
  int exponent = static_cast<int>(magnitude >> info.mantissa_bits);
  if (exponent == 0) {
    exponent = 1;
  } else {
    mantissa += one;
  }
  return sign * std::ldexp(static_cast<double>(mantissa), exponent - bias_of(info) - info.mantissa_bits);
}

std::vector<double> read_numbers(std::string_view bytes, const TensorTypeInfo& info) {
  const auto size = static_cast<std::size_t>(info.bytes);
  std::vector<double> values;
  values.reserve(bytes.size() / size);
  for (std::size_t at = 0; at < bytes.size(); at += size) {
    values.push_back(from_bits(read_bytes(bytes.substr(at, size)), info));
  }
  return values;
}

void append_bytes(std::uint64_t bits, int bytes, std::string& text) {
  for (int i = 0; i < bytes; ++i, bits >>= 8U) text += static_cast<char>(static_cast<unsigned char>(bits & 0xFFU));
}

std::uint64_t read_bytes(std::string_view bytes) {
  std::uint64_t bits = 0;
  for (std::size_t i = bytes.size(); i > 0; --i) bits = (bits << 8U) | static_cast<unsigned char>(bytes[i - 1]);
  return bits;
}

}  // namespace rnnlib
