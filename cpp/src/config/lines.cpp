// SPDX-License-Identifier: Apache-2.0
// The lines of configs and saves.
#include "config/lines.h"

#include <algorithm>

#include "base/text.h"
#include "config/value.h"

namespace rnnlib {
namespace {

std::string_view first_word(std::string_view text) {
  return text.substr(0, static_cast<std::size_t>(std::find_if(text.begin(), text.end(), is_blank) - text.begin()));
}

std::string_view without_comment(std::string_view value) {
  if (starts_with(value, "#")) return {};
  for (std::size_t i = 1; i < value.size(); ++i) {
    if (value[i] == '#' && is_blank(value[i - 1])) return trim(value.substr(0, i));
  }
  return value;
}

// `rest` is what follows the name, blanks taken away. A raw value may itself begin with '=': only one that stands alone
// before something else is INI's.
bool is_ini(std::string_view name, std::string_view rest) {
  if (!starts_with(rest, "=")) return false;
  return !is_raw(name) || (rest.size() > 1 && is_blank(rest[1]));
}

// `text` is trimmed and not empty.
void split_line(std::string_view text, ConfigLine& line) {
  line.ignored = {};
  line.name = first_word(text);
  std::string_view rest = trim(text.substr(line.name.size()));
  if (is_saved_name(line.name)) {
    line.value = rest;
    return;
  }
  const std::size_t equals = line.name.find('=');
  if (equals != std::string_view::npos && equals > 0) {  // name=value
    rest = trim(text.substr(equals + 1));
    line.name = line.name.substr(0, equals);
    line.value = is_raw(line.name) ? rest : without_comment(rest);
  } else if (is_ini(line.name, rest)) {
    rest = trim(rest.substr(1));
    line.value = is_raw(line.name) ? rest : without_comment(rest);
  } else {
    line.value = first_word(rest);
    line.ignored = without_comment(trim(rest.substr(line.value.size())));
  }
}

bool is_section(std::string_view text) { return starts_with(text, "[") && text.find(']') != std::string_view::npos; }

}  // namespace

LineReader::LineReader(std::string_view text, std::string source) : rest_(text), source_(std::move(source)) {
  if (starts_with(rest_, "\xEF\xBB\xBF")) rest_.remove_prefix(3);  // byte order mark
}

bool LineReader::next(ConfigLine& line) {
  while (!rest_.empty()) {
    skip_empty_lines();
    const std::size_t end = rest_.find('\n');
    line.ended = end != std::string_view::npos;
    const std::string_view text = trim(rest_.substr(0, end));
    rest_.remove_prefix(line.ended ? end + 1 : rest_.size());
    ++number_;
    if (text.empty() || text[0] == '#' || text[0] == ';' || is_section(text)) continue;
    split_line(text, line);
    return true;
  }
  return false;
}

void LineReader::skip_empty_lines() {
  const std::size_t count = std::min(rest_.find_first_not_of('\n'), rest_.size());
  rest_.remove_prefix(count);
  number_ += static_cast<Index>(count);
}

std::string LineReader::where() const { return "line " + std::to_string(number_) + " of " + source_; }

bool is_saved_name(std::string_view name) {
  const std::size_t underscore = name.find('_');
  return underscore != std::string_view::npos && underscore < name.find('=');
}

}  // namespace rnnlib
