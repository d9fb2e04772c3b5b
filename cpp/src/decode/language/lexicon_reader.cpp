// SPDX-License-Identifier: Apache-2.0
// Dictionary files: RNNLIB's (the word, then its labels) and plain lists of words, which are spelled by their
// characters.
#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "decode/language/text_lines.h"
#include "decode/language/vocabulary.h"
#include "rnnlib/error.h"
#include "rnnlib/lexicon.h"

namespace rnnlib {
namespace {

// The characters of UTF-8; a byte that belongs to none is one by itself.
std::vector<std::string_view> characters_of(std::string_view word) {
  std::vector<std::string_view> characters;
  const auto is_inside = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; };
  while (!word.empty()) {
    std::size_t size = 1;
    while (size < word.size() && size < 4 && is_inside(word[size])) ++size;
    characters.push_back(word.substr(0, size));
    word.remove_prefix(size);
  }
  return characters;
}

class LexiconReader {
 public:
  LexiconReader(TextLines& lines, const std::vector<std::string>& labels, const std::string& separator)
      : lines_(lines) {
    for (const std::string& label : labels) labels_.add(label);
    if (separator.empty()) return;
    separator_ = labels_.find(separator);
    if (separator_ == Vocabulary::kNone) {
      throw DataError("the label between words, " + in_quotes(separator) + ", is none of the network's " +
                      std::to_string(labels.size()) + " labels");
    }
  }

  Lexicon read(Index& num_left_out, std::vector<Lexicon::UnknownLabel>& unknown) {
    std::string_view line;
    while (lines_.next(line)) read_line(line);
    num_left_out = num_left_out_;
    for (const auto& [name, count] : unknown_) unknown.push_back({name, count});
    std::sort(unknown.begin(), unknown.end(),
              [](const auto& a, const auto& b) { return std::tie(b.count, a.name) < std::tie(a.count, b.name); });
    if (spellings_.empty()) fail_empty(unknown);
    return Lexicon(spellings_, separator_);
  }

 private:
  void read_line(std::string_view line) {
    split_blanks(line, line.size(), fields_);
    const std::string_view word = fields_.front();
    fields_.erase(fields_.begin());
    if (fields_.empty()) fields_ = characters_of(word);
    Lexicon::Spelling spelling{std::string(word), {}};
    for (std::string_view name : fields_) {
      const Index label = labels_.find(name);
      if (label == Vocabulary::kNone) {
        ++unknown_[std::string(name)];
        ++num_left_out_;
        return;
      }
      if (label == separator_) {
        lines_.fail("the spelling of " + in_quotes(word) + " holds " + in_quotes(name) + ", which separates words");
      }
      spelling.labels.push_back(label);
    }
    spellings_.push_back(std::move(spelling));
  }

  [[noreturn]] void fail_empty(const std::vector<Lexicon::UnknownLabel>& unknown) const {
    if (unknown.empty()) throw FormatError(lines_.name() + ": holds no words");
    constexpr std::size_t kShown = 5;
    std::string text = lines_.name() + ": none of its " + std::to_string(num_left_out_) +
                       " words can be written with the network's labels; it has no label";
    for (std::size_t i = 0; i < std::min(kShown, unknown.size()); ++i) {
      text += (i == 0 ? " " : ", ") + in_quotes(unknown[i].name) + " (" + std::to_string(unknown[i].count) + " words)";
    }
    if (unknown.size() > kShown) text += " and " + std::to_string(unknown.size() - kShown) + " more";
    throw DataError(text);
  }

  TextLines& lines_;
  Vocabulary labels_;
  Index separator_ = Lexicon::kNone;
  std::vector<Lexicon::Spelling> spellings_;
  std::vector<std::string_view> fields_;
  std::map<std::string, Index> unknown_;
  Index num_left_out_ = 0;
};

}  // namespace

Lexicon Lexicon::read(const std::string& path, const std::vector<std::string>& labels, const std::string& separator) {
  return from_source(open_file_source(path), path, labels, separator);
}

Lexicon Lexicon::parse(std::string_view text, const std::string& source, const std::vector<std::string>& labels,
                       const std::string& separator) {
  return from_source(make_text_source(text), source, labels, separator);
}

Lexicon Lexicon::from_source(std::unique_ptr<ByteSource> source, const std::string& name,
                             const std::vector<std::string>& labels, const std::string& separator) {
  TextLines lines(std::move(source), name);
  Index num_left_out = 0;
  std::vector<UnknownLabel> unknown;
  Lexicon lexicon = LexiconReader(lines, labels, separator).read(num_left_out, unknown);
  lexicon.num_left_out_ = num_left_out;
  lexicon.unknown_labels_ = std::move(unknown);
  return lexicon;
}

}  // namespace rnnlib
