// SPDX-License-Identifier: Apache-2.0
// A dictionary: words, and how each is written as a sequence of a network's labels. All spellings lie in a tree (a
// trie), in which words that begin alike share their first nodes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rnnlib/export.h"
#include "rnnlib/types.h"

namespace rnnlib {

class ByteSource;

// Immutable, and shared by threads.
class RNNLIB_API Lexicon {
 public:
  struct Spelling {
    std::string word;
    std::vector<Index> labels;  // not empty
  };

  // A label that a file's spellings use and the network does not have.
  struct UnknownLabel {
    std::string name;
    Index count = 0;  // of spellings left out because of it
  };

  static constexpr Index kNone = -1;
  static constexpr Index kRoot = 0;

  // A word may have several spellings, and a spelling several words. `separator` is the label between two words, kNone
  // when words follow each other directly. Throws DataError when there is no spelling, or one that is empty, holds the
  // separator, or a label that is negative.
  explicit Lexicon(const std::vector<Spelling>& spellings, Index separator = kNone);

  // A file of one spelling per line: the word, then its labels, separated by blanks; a word may have several lines. A
  // word alone is written with its characters (UTF-8). `labels` are the network's, without the blank; `separator` is
  // the name of one of them, or empty. Spellings with other labels are left out: unknown_labels() says which, and when
  // nothing is left a DataError does. Throws IoError; FormatError, which names file and line.
  static Lexicon read(const std::string& path, const std::vector<std::string>& labels,
                      const std::string& separator = "");
  // The same from memory; `source` is what messages call it.
  static Lexicon parse(std::string_view text, const std::string& source, const std::vector<std::string>& labels,
                       const std::string& separator = "");

  Index num_words() const { return static_cast<Index>(words_.size()); }  // different ones
  Index num_spellings() const { return static_cast<Index>(node_words_.size()); }
  Index num_nodes() const { return static_cast<Index>(labels_.size()); }
  Index num_left_out() const { return num_left_out_; }                                 // spellings of the file
  const std::vector<UnknownLabel>& unknown_labels() const { return unknown_labels_; }  // the most frequent first
  const std::string& word(Index number) const { return words_[static_cast<std::size_t>(number)]; }
  Index separator() const { return separator_; }

  // The label that leads to a node other than the root.
  Index label(Index node) const { return labels_[static_cast<std::size_t>(node)]; }

  // The node after one more label; kNone when no spelling goes on so.
  Index child(Index node, Index label) const;

  // The range of a node's children, all of which are larger than it.
  std::pair<Index, Index> children(Index node) const;

  // The numbers of the words whose spelling ends at a node: begin and end, equal where there are none.
  std::pair<const std::uint32_t*, const std::uint32_t*> words_at(Index node) const;

 private:
  static Lexicon from_source(std::unique_ptr<ByteSource> source, const std::string& name,
                             const std::vector<std::string>& labels, const std::string& separator);
  void build(const std::vector<const Spelling*>& sorted, const std::vector<std::uint32_t>& numbers);

  std::vector<std::string> words_;
  std::vector<std::uint32_t> labels_;       // [nodes] that leads to the node
  std::vector<std::uint32_t> first_child_;  // [nodes + 1] children of a node lie side by side, sorted by label
  std::vector<std::uint32_t> first_word_;   // [nodes + 1] in node_words_
  std::vector<std::uint32_t> node_words_;   // [spellings] the word's number
  Index separator_;
  Index num_left_out_ = 0;
  std::vector<UnknownLabel> unknown_labels_;
};

}  // namespace rnnlib
