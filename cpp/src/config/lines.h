// SPDX-License-Identifier: Apache-2.0
// The lines of configs and saves, in RNNLIB's dress (`name value`) or INI's (`name = value`, `[section]`).
#pragma once

#include <string>
#include <string_view>

#include "rnnlib/config.h"
#include "rnnlib/types.h"

namespace rnnlib {

struct ConfigLine {
  std::string_view name;
  std::string_view value;    // without comment and blanks around it; may be empty
  std::string_view ignored;  // what stands after a value of RNNLIB's dress and is no comment
  bool ended = false;        // by a line feed: false only for a last line without one
};

// Goes through the lines that hold a name, past comments, sections and empty lines. The text must outlive the reader.
class LineReader {
 public:
  LineReader(std::string_view text, std::string source);

  bool next(ConfigLine& line);  // false at the end
  bool at_end() const { return rest_.empty(); }
  std::string where() const;  // "line 7 of x.config", of the line last read

 private:
  void skip_empty_lines();  // quickly: there may be millions

  std::string_view rest_;
  std::string source_;
  Index number_ = 0;
};

// Names of saved values and vectors, which no config key is: they hold an underscore.
bool is_saved_name(std::string_view name);

// Config::set for a line.
void set_line(Config& config, const ConfigLine& line, const std::string& where);

}  // namespace rnnlib
