// SPDX-License-Identifier: Apache-2.0
// Numbers of tensors as bytes (IEEE 754, and bfloat16: a float's upper half). Files have the least significant byte
// first; that of the machine does not matter.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rnnlib/safetensors.h"

namespace rnnlib {

// What a kind of number is called, and what it can hold.
struct TensorTypeInfo {
  TensorType type;
  const char* name;  // "float16"
  const char* code;  // in files: "F16"
  int bytes;
  int exponent_bits;
  int mantissa_bits;  // without the leading one
};

const TensorTypeInfo& info_of(TensorType type);
// nullptr for a code of other numbers, or none at all.
const TensorTypeInfo* find_code(std::string_view code);
// The largest finite number.
double largest_of(const TensorTypeInfo& info);

// The nearest number's bits, of two equally near ones the even one. Infinity's for what is too large.
std::uint64_t to_bits(double value, const TensorTypeInfo& info);
double from_bits(std::uint64_t bits, const TensorTypeInfo& info);

// `bytes` has a whole number of numbers.
std::vector<double> read_numbers(std::string_view bytes, const TensorTypeInfo& info);
void append_bytes(std::uint64_t bits, int bytes, std::string& text);
std::uint64_t read_bytes(std::string_view bytes);  // at most 8

}  // namespace rnnlib
