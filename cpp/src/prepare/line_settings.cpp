// SPDX-License-Identifier: Apache-2.0
#include "prepare/line_settings.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "base/numbers.h"
#include "base/text.h"
#include "io/json.h"
#include "rnnlib/error.h"

namespace rnnlib {
namespace {

constexpr Index kLowest = 4;
constexpr Index kHighest = 1024;

template <class Value>
using Words = std::vector<std::pair<std::string, Value>>;

// Reads the settings one by one.
class LineSettings {
 public:
  LineSettings(std::string_view json, const std::string& where) : where_(where), reader_(json, where) {}

  LineRecipe read() {
    reader_.read_object([&](const std::string& key) { read_setting(key); });
    reader_.expect_end();
    return recipe_;
  }

 private:
  void read_setting(const std::string& key) {
    if (key == "kind" || key == "version") return reader_.skip_value();
    if (key == "height") {
      recipe_.height = read_height();
    } else if (key == "invert") {
      recipe_.invert = read_word<Inversion>(
          key, {{"auto", Inversion::kAuto}, {"always", Inversion::kAlways}, {"never", Inversion::kNever}});
    } else if (key == "contrast") {
      recipe_.stretch = read_word<bool>(key, {{"stretch", true}, {"none", false}});
    } else if (key == "form") {
      recipe_.form = read_word<std::string>(
          key, {{"NFC", "NFC"}, {"NFD", "NFD"}, {"NFKC", "NFKC"}, {"NFKD", "NFKD"}, {"none", "none"}});
    } else if (key == "space") {
      recipe_.space = read_space();
    } else if (key == "right_to_left") {
      recipe_.right_to_left = reader_.read_bool();
    } else if (key == "scale") {
      recipe_.scale = read_float(key);
      if (recipe_.scale == 0) fail("scale is 0, so that all inputs would be the same");
    } else if (key == "offset") {
      recipe_.offset = read_float(key);
    } else {
      fail("unknown setting " + in_quotes(key) + ": written by a newer version?");
    }
  }

  Index read_height() {
    const Index height = reader_.read_count();
    if (height >= kLowest && height <= kHighest) return height;
    fail("height " + std::to_string(height) + ": expected " + std::to_string(kLowest) + " to " +
         std::to_string(kHighest) + " pixels");
  }

  template <class Value>
  Value read_word(const std::string& key, const Words<Value>& words) {
    const std::string word = reader_.read_string();
    std::vector<std::string> known;
    for (const auto& [name, value] : words) {
      if (name == word) return value;
      known.push_back(name);
    }
    fail(key + " " + in_quotes(word) + ": expected one of " + join(known, ", "));
  }

  std::string read_space() {
    std::string label = reader_.read_string();
    const auto is_space = [](char c) { return is_blank(c) || c == '\n'; };
    if (!label.empty() && std::none_of(label.begin(), label.end(), is_space)) return label;
    fail("space " + in_quotes(label) + ": expected a label without white space");
  }

  // Inputs are floats.
  double read_float(const std::string& key) {
    constexpr double kLargest = 1e30;
    const double value = reader_.read_number();
    if (std::abs(value) <= kLargest) return value;
    fail(key + " " + number_text(value) + ": expected a number of at most 1e30");
  }

  [[noreturn]] void fail(const std::string& what) const { throw FormatError(where_ + ": " + what); }

  std::string where_;
  JsonReader reader_;
  LineRecipe recipe_;
};

}  // namespace

LineRecipe read_line_settings(std::string_view json, const std::string& where) {
  return LineSettings(json, where).read();
}

}  // namespace rnnlib
