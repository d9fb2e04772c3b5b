// SPDX-License-Identifier: Apache-2.0
// Safetensors files as such: what the format allows, and hostile ones.
#include <gtest/gtest.h>

#include "counted_memory.h"
#include "expect_error.h"
#include "io/safetensors_file.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

std::string file_of(const std::string& header, const std::string& data) {
  std::string bytes;
  append_bytes(header.size(), kSizeBytes, bytes);
  return bytes + header + data;
}

SafetensorsFile parse(const std::string& bytes) { return parse_safetensors(bytes, "x.safetensors"); }

void expect_refused(const std::string& bytes, const std::vector<std::string>& parts) {
  std::vector<std::string> all = parts;
  all.emplace_back("x.safetensors");
  expect_error<FormatError>([&] { parse(bytes); }, all);
}

std::string tensor(const std::string& name, const std::string& dtype, const std::string& shape,
                   const std::string& offsets) {
  return "\"" + name + R"(":{"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}";
}

TEST(SafetensorsFile, IsTakenApart) {
  const std::string bytes =
      file_of("{" + tensor("b", "F16", "[2,1]", "[4,8]") + R"(,"__metadata__":{"a":"1","c":"x\ny"},)" +
                  tensor("a", "F32", "[]", "[0,4]") + "," + tensor("none", "F64", "[0,3]", "[4,4]") + "}   ",
              "abcdefgh");
  EXPECT_TRUE(looks_like_safetensors(bytes));
  const SafetensorsFile file = parse(bytes);
  EXPECT_EQ(file.metadata, (std::map<std::string, std::string>{{"a", "1"}, {"c", "x\ny"}}));
  ASSERT_EQ(file.tensors.size(), 3U);
  EXPECT_EQ(file.tensors.at("a").bytes, "abcd");
  EXPECT_EQ(file.tensors.at("a").shape, Shape());
  EXPECT_EQ(file.tensors.at("b").bytes, "efgh");
  EXPECT_EQ(file.tensors.at("b").shape, (Shape{2, 1}));
  EXPECT_EQ(file.tensors.at("b").type->type, TensorType::kFloat16);
  EXPECT_EQ(file.tensors.at("none").bytes, "");
  EXPECT_TRUE(parse(file_of("{}", "")).tensors.empty());
}

TEST(SafetensorsFile, IsNoText) {
  for (const char* text : {"", "task transcription\n", "12345678{", "hiddenSi{ze 3\n"}) {
    EXPECT_FALSE(looks_like_safetensors(text)) << text;
  }
  EXPECT_FALSE(looks_like_safetensors(std::string("\x02\0\0\0\0\0\0\0", 8)));
}

TEST(SafetensorsFile, SizesThatCannotBe) {
  for (std::size_t size = 0; size < kSizeBytes; ++size) expect_refused(std::string(size, '\0'), {"cut short"});
  expect_refused(std::string("\x03\0\0\0\0\0\0\0{}", 10), {"should have 3 bytes", "only 2"});
  expect_refused(std::string("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF{}", 10), {"18446744073709551615 bytes"});
  expect_refused(std::string("\0\0\0\0\0\0\0\x80{}", 10), {"9223372036854775808 bytes"});
  expect_refused(file_of("", ""), {"header", "'{'"});
}

TEST(SafetensorsFile, HeadersThatAreNone) {
  for (const char* header : {"null", "[]", "{", "{\"a\":1}", "{\"a\":[]}", "{}{}", R"({"__metadata__":{"a":1}})",
                             R"({"__metadata__":{"a":null}})", R"({"__metadata__":[]})", R"({"__metadata__":"a"})"}) {
    expect_refused(file_of(header, ""), {"the header of x.safetensors: byte "});
  }
  const std::string a = tensor("a", "F16", "[1]", "[0,2]");
  expect_refused(file_of("{" + a + "," + a + "}", "ab"), {"each key once"});
  expect_refused(file_of(R"({"__metadata__":{},"__metadata__":{}})", ""), {"each key once"});
  expect_refused(file_of(R"({"__metadata__":{"a":"","a":""}})", ""), {"each key once"});
  expect_refused(file_of("{\"\xFF\":{}}", ""), {"UTF-8"});
  expect_refused(file_of(std::string(100000, '['), ""), {"'{'"});
  expect_refused(file_of("{\"a\":" + std::string(100000, '{') + "}", ""), {"byte 6"});
}

TEST(SafetensorsFile, TensorsThatCannotBe) {
  const auto refused = [](const std::string& tensors, const std::string& data, std::vector<std::string> parts) {
    parts.emplace_back("tensor \"a\"");
    expect_refused(file_of("{" + tensors + "}", data), parts);
  };
  refused(tensor("a", "I64", "[1]", "[0,8]"), "12345678", {"expected dtype F16, BF16, F32 or F64, found \"I64\""});
  refused(tensor("a", "f16", "[1]", "[0,2]"), "12", {"\"f16\""});
  refused(R"("a":{"shape":[1],"data_offsets":[0,2]})", "12", {"dtype is missing"});
  refused(R"("a":{"dtype":"F16","data_offsets":[0,2]})", "12", {"shape is missing"});
  refused(R"("a":{"dtype":"F16","shape":[1]})", "12", {"data_offsets are missing"});
  refused(R"("a":{"strides":[1]})", "12", {"unknown key \"strides\""});
  refused(tensor("a", "F16", "[1]", "[2,0]"), "12", {"a beginning and an end after it"});
  refused(tensor("a", "F16", "[1]", "[0]"), "12", {"a beginning and an end"});
  refused(tensor("a", "F16", "[1]", "[0,2,4]"), "1234", {"a beginning and an end"});
  refused(tensor("a", "F16", "[2]", "[0,4]"), "12", {"end at byte 4", "has 2"});
  refused(tensor("a", "F16", "[1]", "[0,9223372036854775807]"), "12", {"end at byte 9223372036854775807"});
  refused(tensor("a", "F16", "[3]", "[0,4]"), "1234", {"take 6 bytes", "hold 4"});
  refused(tensor("a", "F16", "[]", "[0,4]"), "1234", {"take 2 bytes"});
  refused(tensor("a", "F16", "[4611686018427387904]", "[0,2]"), "12", {"shape is too large"});
  refused(tensor("a", "F16", "[4294967296,4294967296]", "[0,0]"), "", {"shape is too large"});
  refused(tensor("a", "F16", "[1,1,1,1,1,1,1,1,1]", "[0,2]"), "12", {"more than 8 numbers"});
}

TEST(SafetensorsFile, EveryByteBelongsToOneTensor) {
  const std::string b = tensor("b", "F16", "[1]", "[0,2]");
  const auto with_b = [&](const std::string& a) { return "{" + a + "," + b + "}"; };
  expect_refused(file_of(with_b(tensor("a", "F16", "[1]", "[0,2]")), "12"), {"overlap another", "byte 0"});
  expect_refused(file_of(with_b(tensor("a", "F16", "[1]", "[1,3]")), "123"), {"tensor \"a\"", "overlap", "byte 1"});
  expect_refused(file_of(with_b(tensor("a", "F16", "[0]", "[1,1]")), "12"), {"tensor \"a\"", "overlap", "byte 1"});
  expect_refused(file_of(with_b(tensor("a", "F16", "[1]", "[3,5]")), "12345"), {"tensor \"a\"", "byte 2", "no tensor"});
  expect_refused(file_of("{" + b + "}", "1234"), {"take 2 bytes", "found 4"});
  expect_refused(file_of("{}", "1"), {"take 0 bytes", "found 1"});
}

#ifdef RNNLIB_COUNTS_ALLOCATIONS
// The most that a header can ask for: many tensors or texts with short names.
TEST(SafetensorsFile, TakesSomeTimesItsSizeOfMemory) {
  std::string tensors = "{";
  std::string metadata = R"({"__metadata__":{)";
  for (int i = 0; i < 5000; ++i) {
    tensors += (i > 0 ? "," : "") + tensor(std::to_string(i), "F16", "[0]", "[0,0]");
    metadata += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":\"\"";
  }
  for (const std::string& bytes : {file_of(tensors + "}", ""), file_of(metadata + "}}", "")}) {
    const long long before = counted_memory::held_bytes;
    const SafetensorsFile file = parse(bytes);
    EXPECT_EQ(file.tensors.size() + file.metadata.size(), 5000U);
    EXPECT_LT(counted_memory::held_bytes - before, static_cast<long long>(20 * bytes.size()));
  }
}
#endif

}  // namespace
}  // namespace rnnlib
