// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "config/lines.h"
#include "rnnlib/config_text.h"

namespace rnnlib {

std::map<std::string, std::string> ignored_words(std::string_view text, const std::string& source) {
  std::map<std::string, std::string> sentences;
  LineReader reader(text, source);
  for (ConfigLine line; reader.next(line);) {
    const std::string name(line.name);
    sentences.erase(name);  // the last mention of a key counts
    if (line.ignored.empty()) continue;
    sentences[name] = reader.where() + ": " + name + " is " + in_quotes(line.value) +
                      "; what follows it on the line, " + in_quotes(line.ignored) +
                      ", is ignored (the parts of a list are separated by commas, and `" + name +
                      " = ` takes the whole line)";
  }
  return sentences;
}

}  // namespace rnnlib
