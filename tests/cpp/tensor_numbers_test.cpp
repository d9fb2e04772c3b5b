// SPDX-License-Identifier: Apache-2.0
#include "io/tensor_numbers.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "expect_error.h"
#include "rnnlib/error.h"
#include "rnnlib/random.h"

namespace rnnlib {
namespace {

constexpr TensorType kTypes[] = {TensorType::kFloat16, TensorType::kBfloat16, TensorType::kFloat32,
                                 TensorType::kFloat64};

std::uint64_t half(double value) { return to_bits(value, info_of(TensorType::kFloat16)); }

TEST(TensorNumbers, EveryShortNumberReadsBack) {
  for (const TensorType type : {TensorType::kFloat16, TensorType::kBfloat16}) {
    const TensorTypeInfo& info = info_of(type);
    for (std::uint64_t bits = 0; bits < 0x10000; ++bits) {
      const double value = from_bits(bits, info);
      if (std::isnan(value)) continue;
      ASSERT_EQ(to_bits(value, info), bits) << info.name;
    }
  }
}

// Of the nearest two numbers; in the middle the one whose last bit is 0.
TEST(TensorNumbers, RoundsToTheNearestAndToEven) {
  for (const TensorType type : {TensorType::kFloat16, TensorType::kBfloat16}) {
    const TensorTypeInfo& info = info_of(type);
    const std::uint64_t largest = to_bits(largest_of(info), info);
    for (std::uint64_t bits = 0; bits < largest; ++bits) {
      const double low = from_bits(bits, info);
      const double high = from_bits(bits + 1, info);
      const double middle = low + (high - low) / 2;
      ASSERT_EQ(to_bits(std::nextafter(middle, 0), info), bits) << info.name << " " << low;
      ASSERT_EQ(to_bits(std::nextafter(middle, high), info), bits + 1) << info.name << " " << low;
      ASSERT_EQ(to_bits(middle, info), bits % 2 == 0 ? bits : bits + 1) << info.name << " " << low;
    }
  }
}

TEST(TensorNumbers, KnownHalves) {
  EXPECT_EQ(half(0), 0U);
  EXPECT_EQ(half(-0.0), 0x8000U);
  EXPECT_EQ(half(1), 0x3C00U);
  EXPECT_EQ(half(-2), 0xC000U);
  EXPECT_EQ(half(0.1), 0x2E66U);
  EXPECT_EQ(half(65504), 0x7BFFU);
  EXPECT_EQ(half(65519.99), 0x7BFFU);
  EXPECT_EQ(half(65520), 0x7C00U);
  EXPECT_EQ(half(1e300), 0x7C00U);
  EXPECT_EQ(half(std::ldexp(1, -24)), 1U);
  EXPECT_EQ(half(std::ldexp(1, -25)), 0U);
  EXPECT_EQ(half(-1e-300), 0x8000U);
  EXPECT_EQ(half(std::numeric_limits<double>::infinity()), 0x7C00U);
  EXPECT_TRUE(std::isnan(from_bits(half(std::nan("")), info_of(TensorType::kFloat16))));
  EXPECT_EQ(largest_of(info_of(TensorType::kFloat16)), 65504);
  EXPECT_EQ(to_bits(1, info_of(TensorType::kBfloat16)), 0x3F80U);
  EXPECT_EQ(largest_of(info_of(TensorType::kFloat32)), static_cast<double>(std::numeric_limits<float>::max()));
  EXPECT_EQ(largest_of(info_of(TensorType::kFloat64)), std::numeric_limits<double>::max());
}

// The machine's own numbers are the measure.
TEST(TensorNumbers, FloatsAndDoublesAreTheMachines) {
  Random random(1);
  for (int i = 0; i < 20000; ++i) {
    const double value = random.uniform(-1, 1) * std::ldexp(1, static_cast<int>(random.below(2100)) - 1070);
    std::uint64_t bits = 0;
    std::memcpy(&bits, &value, sizeof(value));
    ASSERT_EQ(to_bits(value, info_of(TensorType::kFloat64)), bits);
    ASSERT_EQ(from_bits(bits, info_of(TensorType::kFloat64)), value);
    const double smaller = random.uniform(-1, 1) * std::ldexp(1, static_cast<int>(random.below(270)) - 145);
    const auto single = static_cast<float>(smaller);
    std::uint32_t single_bits = 0;
    std::memcpy(&single_bits, &single, sizeof(single));
    ASSERT_EQ(to_bits(smaller, info_of(TensorType::kFloat32)), single_bits) << smaller;
    ASSERT_EQ(static_cast<float>(from_bits(single_bits, info_of(TensorType::kFloat32))), single);
  }
}

TEST(TensorNumbers, TheLeastSignificantByteIsFirst) {
  std::string bytes;
  append_bytes(0x3C00, 2, bytes);
  append_bytes(0xC000, 2, bytes);
  EXPECT_EQ(bytes, std::string("\x00\x3C\x00\xC0", 4));
  EXPECT_EQ(read_numbers(bytes, info_of(TensorType::kFloat16)), (std::vector<double>{1, -2}));
  EXPECT_EQ(read_bytes(std::string_view("\x01\x02\x00\xFF", 4)), 0xFF000201U);
}

TEST(TensorNumbers, Names) {
  for (const TensorType type : kTypes) {
    EXPECT_EQ(parse_tensor_type(to_string(type)), type);
    EXPECT_EQ(find_code(info_of(type).code)->type, type);
  }
  EXPECT_EQ(find_code("F8_E5M2"), nullptr);
  expect_error<ConfigError>([] { parse_tensor_type("half"); }, {"\"half\"", "float16, bfloat16, float32 or float64"});
}

}  // namespace
}  // namespace rnnlib
