// SPDX-License-Identifier: Apache-2.0
// As much JSON (RFC 8259) as the headers of safetensors files and recipes need: a reader that is told what must come
// next and keeps nothing, so that neither depth nor size of a hostile text costs memory; and strings to be written.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "rnnlib/types.h"

namespace rnnlib {

// Reads a text from its beginning to its end. Every function throws FormatError, with the byte, for anything else than
// what it is called for.
class JsonReader {
 public:
  // `where` is named in errors: "the header of x.safetensors". The text must outlive the reader.
  JsonReader(std::string_view text, std::string where) : text_(text), where_(std::move(where)) {}

  // An object: calls use(key) for each key, which must read the value. A key that comes twice is an error.
  void read_object(const std::function<void(const std::string& key)>& use);
  // An array: calls use() for each element, which must read it.
  void read_array(const std::function<void()>& use);
  std::string read_string();
  // A whole number from 0, in digits alone.
  Index read_count();
  // Any number that double holds.
  double read_number();
  bool read_bool();
  // A value of any kind, which is not kept. Values nested more than 64 deep are an error.
  void skip_value();
  // Nothing but blanks may follow.
  void expect_end();

  // FormatError that says where the reader is.
  [[noreturn]] void fail(const std::string& expected) const;

 private:
  void skip_blanks();
  bool take(char c);  // if it comes next, blanks before it skipped
  void expect(char c);
  void read_items(char end, const std::function<void()>& read_item);
  char next_of_string();
  void read_escape(std::string& value);
  std::uint32_t read_code();
  std::uint32_t read_hex();
  bool take_word(std::string_view word);
  bool take_digits();
  void skip_value(int deepest);

  std::string_view text_;
  std::size_t at_ = 0;
  std::string where_;
};

// Appends a text in quotes. It must be UTF-8.
void append_json(std::string_view text, std::string& json);

}  // namespace rnnlib
