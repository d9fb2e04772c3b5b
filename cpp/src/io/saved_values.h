// SPDX-License-Identifier: Apache-2.0
// Values of a save that are several words on a line.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "base/numbers.h"
#include "base/text.h"
#include "rnnlib/error.h"
#include "rnnlib/save.h"

namespace rnnlib {

inline std::string line_of(const std::vector<double>& numbers) {
  std::string line;
  for (double number : numbers) line += (line.empty() ? "" : " ") + number_text(number);
  return line;
}

// Reads the words of a saved value; throws FormatError that names it.
class ValueReader {
 public:
  ValueReader(const Save& save, const char* name) : where_(save.source + ": " + name) {
    const auto found = save.values.find(name);
    if (found != save.values.end()) words_.str(found->second);
  }
  bool at_end() { return (words_ >> std::ws).eof(); }
  std::string word() {
    std::string word;
    if (!(words_ >> word)) throw FormatError(where_ + ": damaged: it ends too soon");
    return word;
  }
  double real() {
    double value = 0;
    const std::string text = word();
    if (!parse_real(text, value)) throw FormatError(where_ + ": damaged: expected a number, found " + in_quotes(text));
    return value;
  }
  Index count() {
    Index value = 0;
    const std::string text = word();
    if (!parse_int(text, value) || value < 0) {
      throw FormatError(where_ + ": damaged: expected a number of at least 0, found " + in_quotes(text));
    }
    return value;
  }

 private:
  std::string where_;
  std::istringstream words_;
};

}  // namespace rnnlib
