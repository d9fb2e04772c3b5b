// SPDX-License-Identifier: Apache-2.0
// The text of saves: read, written, put on disk. Knows no network.
#include "rnnlib/save.h"

#include <algorithm>
#include <istream>

#include "base/numbers.h"
#include "base/text.h"
#include "config/lines.h"
#include "io/safetensors_save.h"
#include "io/save_marks.h"
#include "io/vector_names.h"
#include "rnnlib/error.h"
#include "rnnlib/files.h"

namespace rnnlib {
namespace {

std::string_view next_word(std::string_view& rest) {
  rest = trim(rest);
  std::size_t end = 0;
  while (end < rest.size() && !is_blank(rest[end])) ++end;
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(end);
  return word;
}

// "N v1 ... vN".
std::vector<double> parse_vector(const ConfigLine& line, const LineReader& reader) {
  const std::string prefix = reader.where() + ": " + std::string(line.name.substr(0, 200)) + ": ";
  const std::string suffix = reader.at_end() ? " (the save is cut short)" : "";
  std::string_view rest = line.value;
  const std::string_view count_word = next_word(rest);
  Index count = 0;
  if (!parse_int(count_word, count) || count < 0) {
    throw FormatError(prefix + "expected the count of numbers, found " + in_quotes(count_word) + suffix);
  }
  std::vector<double> values;
  values.reserve(std::min(static_cast<std::size_t>(count), rest.size() / 2 + 1));
  for (std::string_view word = next_word(rest); !word.empty(); word = next_word(rest)) {
    double value = 0;
    if (!parse_real(word, value)) {
      throw FormatError(prefix + "number " + std::to_string(values.size() + 1) + " is " + in_quotes(word) + suffix);
    }
    values.push_back(value);
  }
  if (static_cast<Index>(values.size()) != count) {
    throw FormatError(prefix + "expected " + std::to_string(count) + " numbers, found " +
                      std::to_string(values.size()) + suffix);
  }
  return values;
}

void check_first(bool is_first, std::string_view name, const LineReader& reader) {
  if (!is_first) throw FormatError(reader.where() + ": a second line for " + in_quotes(name));
}

void parse_saved_line(const ConfigLine& line, const LineReader& reader, Save& save) {
  const std::string name(line.name);
  if (starts_with(name, kVectorPrefix)) {
    check_first(save.vectors.count(name) == 0, name, reader);
    save.vectors[name] = parse_vector(line, reader);
    return;
  }
  if (line.value.empty()) throw FormatError(reader.where() + ": " + in_quotes(name) + " has no value");
  if (!is_known_value(name) && name != kFormatName && name != kEndName) {
    throw FormatError(reader.where() + ": unknown value " + in_quotes(name) +
                      ": the save is damaged, or of a newer version");
  }
  check_first(save.values.count(name) == 0, name, reader);
  save.values[name] = std::string(line.value);
}

void parse_config_line(const ConfigLine& line, const LineReader& reader, Save& save) {
  check_first(save.config.items().count(std::string(line.name)) == 0, line.name, reader);
  set_line(save.config, line, reader.where());
}

// RNNLIB's end with a line feed. A cut may still leave numbers or the beginning of a name.
void check_last_line(const ConfigLine& line, const LineReader& reader) {
  if (line.ended || !reader.at_end()) return;
  const bool is_vector = starts_with(line.name, kVectorPrefix);
  const bool is_cut_name = starts_with(kVectorPrefix, line.name) || starts_with(kValuePrefix, line.name);
  if (is_vector || is_cut_name) {
    throw FormatError(reader.where() + ": the save is cut short: its last line is not complete");
  }
}

// What is written must read back.
void check_writable(const std::string& name, const std::string& value) {
  const auto is_bad = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
  const bool good_name = is_saved_name(name) &&
                         std::none_of(name.begin(), name.end(), [](char c) { return is_blank(c) || c == '\n'; }) &&
                         !starts_with(name, kVectorPrefix) && name.find_first_of("#;[") != 0;
  if (!good_name || value.empty() || trim(value) != value || std::any_of(value.begin(), value.end(), is_bad)) {
    throw FormatError("saved value " + in_quotes(name) + " " + in_quotes(value) +
                      ": expected a name with '_' and without blanks, and one line of text");
  }
  if (!is_known_value(name)) {
    throw FormatError("saved value " + in_quotes(name) + " is not one that saves have (io/vector_names.h lists them)");
  }
}

// Takes the marks of our own format away again.
void remove_marks(const std::string& source, Save& save) {
  const auto format = save.values.find(kFormatName);
  if (format != save.values.end() && format->second != kFormat) {
    throw FormatError(source + ": expected save format " + kFormat + ", found " + in_quotes(format->second) +
                      ": written by a newer version?");
  }
  save.values.erase(kFormatName);
  save.values.erase(kEndName);
}

// RNNLIB does not write whose the optimisers' vectors are: they are those of the config they were saved with.
void note_optimiser(const char* infix, const char* value_name, const char* key, Save& save) {
  if (save.values.count(value_name) > 0) return;
  for (const auto& [name, values] : save.vectors) {
    if (name.find(infix) == std::string::npos) continue;
    save.values[value_name] = save.config.get_string(key);
    return;
  }
}

// One whose beginning is damaged is known by its name.
bool is_safetensors(std::string_view text, const std::string& source) {
  return looks_like_safetensors(text) || (ends_with(source, kSafetensorsEnding) && !looks_like_save(text));
}

}  // namespace

Save Save::parse(std::string_view text, const std::string& source) {
  if (is_safetensors(text, source)) return read_safetensors(text, source);
  check_marks(text, source);
  Save save;
  save.source = source;
  LineReader reader(text, source);
  bool is_empty = true;
  for (ConfigLine line; reader.next(line); is_empty = false) {
    check_last_line(line, reader);
    if (is_saved_name(line.name)) {
      parse_saved_line(line, reader, save);
    } else {
      parse_config_line(line, reader, save);
    }
  }
  if (is_empty) throw FormatError(source + ": nothing in it: expected a save");
  remove_marks(source, save);
  note_optimiser(kStateInfix, kOptimiserName, "optimiser", save);
  note_optimiser(kDevStateInfix, kMdlOptimiserName, "mdlOptimiser", save);
  return save;
}

bool looks_like_save(std::string_view text) {
  for (const std::string_view prefix : {std::string_view(kVectorPrefix), kValuePrefix}) {
    for (std::size_t at = text.find(prefix); at != std::string_view::npos; at = text.find(prefix, at + 1)) {
      if (at == 0 || text[at - 1] == '\n') return true;
    }
  }
  return false;
}

Save Save::read(const std::string& path) { return parse(read_file(path), path); }

Save Save::read(std::istream& stream, const std::string& source) {
  std::string text;
  constexpr std::size_t kPart = 1 << 16;
  while (stream) {
    const std::size_t old_size = text.size();
    text.resize(old_size + kPart);
    stream.read(&text[old_size], kPart);
    text.resize(old_size + static_cast<std::size_t>(stream.gcount()));
  }
  if (stream.bad() || !stream.eof()) throw IoError(source + ": the stream cannot be read");
  return parse(text, source);
}

std::string Save::text(Precision precision) const {
  for (const auto& [name, value] : values) check_writable(name, value);
  std::string text = std::string(kFormatName) + " " + kFormat + "\n" + config.text();
  for (const auto& [name, value] : values) text += name + " " + value + "\n";
  for (const auto& [name, numbers] : vectors) {
    text += name + " " + std::to_string(numbers.size());
    for (double number : numbers) {
      text += ' ';
      append_number(number, precision, text);
    }
    text += '\n';
  }
  return text + end_line(text);
}

void Save::write(const std::string& path, Precision precision) const { replace_file(path, text(precision)); }

}  // namespace rnnlib
