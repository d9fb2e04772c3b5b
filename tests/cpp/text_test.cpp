// SPDX-License-Identifier: Apache-2.0
// Text helpers and numbers as text.
#include "base/text.h"

#include <gtest/gtest.h>

#include <clocale>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/numbers.h"
#include "rnnlib/random.h"

namespace rnnlib {
namespace {

using Strings = std::vector<std::string>;

Strings split_strings(std::string_view text, std::string_view separator) {
  Strings parts;
  for (std::string_view part : split(text, separator)) parts.emplace_back(part);
  return parts;
}

TEST(Text, Trims) {
  EXPECT_EQ(trim(" \t a b\r"), "a b");
  EXPECT_EQ(trim(" \t\r"), "");
  EXPECT_EQ(trim(""), "");
}

TEST(Text, SplitsAndJoins) {
  EXPECT_EQ(split_strings("a,,b,", ","), (Strings{"a", "", "b", ""}));
  EXPECT_EQ(split_strings("", ","), (Strings{""}));
  EXPECT_EQ(split_strings("a<|>b", "<|>"), (Strings{"a", "b"}));
  EXPECT_EQ(join({"a", "", "b"}, ", "), "a, , b");
}

TEST(Text, QuotesForMessages) {
  EXPECT_EQ(in_quotes("a\nb"), "\"a?b\"");
  EXPECT_EQ(in_quotes(std::string(100, 'x')), '"' + std::string(60, 'x') + "...\"");
  const std::string letters = std::string(59, 'x') + "\xE6\x97\xA5" + std::string(9, 'x');  // one of three bytes
  EXPECT_EQ(in_quotes(letters), '"' + std::string(59, 'x') + "...\"");
  EXPECT_EQ(in_quotes(letters.substr(0, 62)), '"' + std::string(59, 'x') + "...\"");
  EXPECT_EQ(in_quotes(letters.substr(3, 59)), '"' + letters.substr(3, 59) + '"');
}

TEST(Text, NameDistanceCountsEditsAndSwaps) {
  EXPECT_EQ(name_distance("", "abc"), 3);
  EXPECT_EQ(name_distance("abc", ""), 3);
  EXPECT_EQ(name_distance("kitten", "sitting"), 3);
  EXPECT_EQ(name_distance("trian", "train"), 1);
  EXPECT_EQ(name_distance("ab", "ba"), 1);
  EXPECT_EQ(name_distance("abcd", "badc"), 2);
}

TEST(Text, NearestNameTakesTheFirstOfTheBest) {
  EXPECT_EQ(nearest_name("lernrate", {"momentum", "learnRate", "learnRates"}), "learnRate");
  EXPECT_EQ(nearest_name("learn_rate", {"learnRates", "learnRate"}), "learnRate");
  EXPECT_EQ(nearest_name("x", {}), "");
}

TEST(Text, NearestNameIsSilentWhenNothingResembles) {
  EXPECT_EQ(nearest_name("x", {"a", "b"}), "");
  EXPECT_EQ(nearest_name("zzzqqq", {"task", "l1"}), "");
  EXPECT_EQ(nearest_name("tusk", {"task"}), "task");
  EXPECT_EQ(nearest_name("tunk", {"task"}), "");
  EXPECT_EQ(nearest_name(std::string(100000, 'x'), {"task"}), "");
}

// Both ways of reading and writing numbers.
struct NumberWay {
  bool (*parse)(std::string_view, double&);
  void (*append)(double, Precision, std::string&);
};

class Numbers : public testing::TestWithParam<NumberWay> {
 protected:
  std::string write(double value, Precision precision = Precision::kDouble) const {
    std::string text;
    GetParam().append(value, precision, text);
    return text;
  }
  double read(const std::string& text) const {
    double value = -99;
    EXPECT_TRUE(GetParam().parse(text, value)) << text;
    return value;
  }
};

INSTANTIATE_TEST_SUITE_P(Ways, Numbers,
                         testing::Values(NumberWay{parse_real, append_number},
                                         NumberWay{portable::parse_real, portable::append_number}),
                         [](const auto& way) { return way.index == 0 ? "Standard" : "Portable"; });

TEST_P(Numbers, AreShort) {
  EXPECT_EQ(write(0.1), "0.1");
  EXPECT_EQ(write(-3), "-3");
  EXPECT_EQ(write(static_cast<double>(0.1f), Precision::kFloat), "0.1");
  EXPECT_EQ(write(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(write(std::nan("")), "nan");
  EXPECT_EQ(write(-std::numeric_limits<double>::infinity()), "-inf");
}

TEST_P(Numbers, OfADoubleKeepAllDigitsInFloatPrecisionToo) {
  EXPECT_EQ(read(write(0.1, Precision::kFloat)), 0.1);
  EXPECT_EQ(read(write(1e300, Precision::kFloat)), 1e300);
}

TEST_P(Numbers, EveryBitComesBack) {
  Random random(1);
  for (int i = 0; i < 20000; ++i) {
    const std::uint64_t bits = random.next();
    double value = 0;
    std::memcpy(&value, &bits, sizeof(value));
    if (std::isfinite(value)) {
      ASSERT_EQ(read(write(value)), value);
    }
    const std::uint32_t float_bits = static_cast<std::uint32_t>(bits);
    float small = 0;
    std::memcpy(&small, &float_bits, sizeof(small));
    if (!std::isfinite(small)) continue;
    const std::string text = write(static_cast<double>(small), Precision::kFloat);
    ASSERT_EQ(static_cast<float>(read(text)), small) << text;
    ASSERT_LE(text.size(), 15u) << text;
  }
  EXPECT_TRUE(std::signbit(read(write(-0.0))));
  EXPECT_EQ(read(write(5e-324)), 5e-324);
}

TEST_P(Numbers, AreReadInEverySpelling) {
  EXPECT_EQ(read("+1.5"), 1.5);
  EXPECT_EQ(read(".5"), 0.5);
  EXPECT_EQ(read("2."), 2);
  EXPECT_EQ(read("1E-2"), 0.01);
  EXPECT_EQ(read("1e-400"), 0);
  EXPECT_TRUE(std::isnan(read("nan")));
  EXPECT_TRUE(std::isnan(read("-nan")));
  EXPECT_EQ(read("inf"), std::numeric_limits<double>::infinity());
  EXPECT_EQ(read("-inf"), -std::numeric_limits<double>::infinity());
}

TEST_P(Numbers, RefuseWhatIsNone) {
  double value = 0;
  for (const char* text :
       {"", "+", "-", "x", "1x", "1,5", "1 ", " 1", "0x10", "1e", "--1", "++1", "+-1", "1e400", "."}) {
    EXPECT_FALSE(GetParam().parse(text, value)) << text;
  }
}

TEST_P(Numbers, DoNotDependOnTheLocale) {
  const std::string old = std::setlocale(LC_NUMERIC, nullptr);
  for (const char* locale : {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE"}) {
    if (std::setlocale(LC_NUMERIC, locale) != nullptr) break;  // where none is there, the C locale is tested again
  }
  EXPECT_EQ(write(0.25), "0.25");
  EXPECT_EQ(read("0.25"), 0.25);
  std::setlocale(LC_NUMERIC, old.c_str());
}

TEST(Integers, AreReadWhole) {
  Index value = 0;
  EXPECT_TRUE(parse_int("+12", value));
  EXPECT_EQ(value, 12);
  EXPECT_TRUE(parse_int("-9223372036854775808", value));
  EXPECT_EQ(value, std::numeric_limits<Index>::min());
  for (const char* text : {"", "+", "1.0", "1e3", "9223372036854775808", "1 ", "0x1", "+-1", "++1"}) {
    EXPECT_FALSE(parse_int(text, value)) << text;
  }
}

}  // namespace
}  // namespace rnnlib
