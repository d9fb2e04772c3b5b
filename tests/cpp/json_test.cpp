// SPDX-License-Identifier: Apache-2.0
#include "io/json.h"

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "expect_error.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

std::string string_of(const std::string& json) {
  JsonReader reader(json, "x");
  std::string value = reader.read_string();
  reader.expect_end();
  return value;
}

std::vector<Index> counts_of(const std::string& json) {
  std::vector<Index> values;
  JsonReader reader(json, "x");
  reader.read_array([&] { values.push_back(reader.read_count()); });
  reader.expect_end();
  return values;
}

TEST(Json, ReadsStrings) {
  EXPECT_EQ(string_of(R"( "a\"\\\/\b\f\n\r\tz" )"), "a\"\\/\b\f\n\r\tz");
  EXPECT_EQ(string_of(R"("\u0041\u00e4\u20AC\ud83d\uDE00")"), "A\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80");
  EXPECT_EQ(string_of("\"\xC3\xA4\""), "\xC3\xA4");
  EXPECT_EQ(string_of(R"("\u0000")"), std::string(1, '\0'));
}

TEST(Json, RefusesStringsThatAreNone) {
  for (const char* json :
       {"", "a", "\"", "\"a", "\"\n\"", R"("\x")", R"("\u12")", R"("\u12g4")", R"("\ud800")", R"("\udc00")",
        R"("\ud800\u0041")", R"("\ud800A")", "\"\xFF\"", "\"\xED\xA0\x80\"", "\"a\" b", R"("\)"}) {
    expect_error<FormatError>([&] { string_of(json); }, {"x: byte ", "expected "});
  }
}

TEST(Json, ReadsCounts) {
  EXPECT_EQ(counts_of("[]"), std::vector<Index>());
  EXPECT_EQ(counts_of(" [ 0,12 , 9223372036854775807 ] "), (std::vector<Index>{0, 12, 9223372036854775807}));
  for (const char* json : {"[", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[-1]", "[+1]", "[01]", "[1.0]", "[1e2]",
                           "[\"1\"]", "[[1]]", "[null]", "[9223372036854775808]", "{}", "1"}) {
    expect_error<FormatError>([&] { counts_of(json); }, {"x: byte "});
  }
}

TEST(Json, ReadsObjects) {
  std::map<std::string, std::string> found;
  const auto read = [&](const std::string& json) {
    found.clear();
    JsonReader reader(json, "x");
    reader.read_object([&](const std::string& key) { found[key] = reader.read_string(); });
    reader.expect_end();
  };
  read("{ }");
  EXPECT_TRUE(found.empty());
  read("{\n\"a\" : \"1\",\t\"b\":\"2\"}\r\n");
  EXPECT_EQ(found, (std::map<std::string, std::string>{{"a", "1"}, {"b", "2"}}));
  expect_error<FormatError>([&] { read(R"({"a":"1","\u0061":"2"})"); }, {"x: byte 9", "each key once"});
  for (const char* json :
       {"{", "{\"a\"}", "{\"a\":}", "{\"a\":\"1\"", "{\"a\":\"1\",}", "{a:\"1\"}", "{\"a\":\"1\"}}", "[]"}) {
    expect_error<FormatError>([&] { read(json); }, {"x: byte "});
  }
}

TEST(Json, WritesWhatItReads) {
  std::string all;
  for (int c = 0; c < 128; ++c) all += static_cast<char>(c);
  all += "ä€";
  std::string json;
  append_json(all, json);
  EXPECT_EQ(string_of(json), all);
  EXPECT_EQ(json.find('\n'), std::string::npos);
}

double number_of(const std::string& json) {
  JsonReader reader(json, "x");
  const double value = reader.read_number();
  reader.expect_end();
  return value;
}

TEST(Json, ReadsNumbers) {
  EXPECT_EQ(number_of("0"), 0);
  EXPECT_EQ(number_of(" -0.5 "), -0.5);
  EXPECT_EQ(number_of("12e2"), 1200);
  EXPECT_EQ(number_of("1.25E-2"), 0.0125);
  EXPECT_EQ(number_of("9007199254740993"), 9007199254740992.0);
  for (const char* json : {"", "-", "+1", "01", ".5", "1.", "1e", "1e+", "1e999", "NaN", "Infinity", "0x1", "\"1\""}) {
    expect_error<FormatError>([&] { number_of(json); }, {"x: byte ", "expected "});
  }
}

TEST(Json, SkipsValues) {
  const auto skip = [](const std::string& json) {
    JsonReader reader(json, "x");
    reader.skip_value();
    reader.expect_end();
  };
  for (const char* json : {"null", "true", "false", "-1.5", "\"a\"", "[]", "{}", R"([1, [{"a": [null]}], "b"])"})
    skip(json);
  skip(std::string(64, '[') + std::string(64, ']'));
  for (const char* json : {"", "nul", "truth", "[1", "[1 2]", "{\"a\"}", "{\"a\": 1, \"a\": 2}", "a"}) {
    expect_error<FormatError>([&] { skip(json); }, {"x: byte ", "expected "});
  }
  expect_error<FormatError>([&] { skip(std::string(65, '[') + std::string(65, ']')); }, {"nested so deeply"});
}

}  // namespace
}  // namespace rnnlib
