// SPDX-License-Identifier: Apache-2.0
#include "decode/token_passing/word_graph.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "rnnlib/error.h"

namespace rnnlib {
namespace {

std::int32_t narrow(Index number) { return static_cast<std::int32_t>(number); }

bool is_before(const WordGraph::Gate& a, const WordGraph::Gate& b) {
  return std::tie(a.word_class, a.label) < std::tie(b.word_class, b.label);
}

void set_gates(WordGraph& graph, std::vector<WordGraph::Gate> gates) {
  std::sort(gates.begin(), gates.end(), is_before);
  const auto same = [](const WordGraph::Gate& a, const WordGraph::Gate& b) { return !is_before(a, b); };
  gates.erase(std::unique(gates.begin(), gates.end(), same), gates.end());
  graph.gates = std::move(gates);
}

// After the words whose spelling ends at a node.
void add_ends(WordGraph& graph, const Lexicon& lexicon, Index trie_node, std::int32_t last) {
  const auto [begin, end] = lexicon.words_at(trie_node);
  if (begin == end) return;
  const bool has_separator = lexicon.separator() != Lexicon::kNone;
  const std::int32_t exit = has_separator ? graph.add_node(narrow(lexicon.separator()), last) : last;
  for (const std::uint32_t* word = begin; word != end; ++word) {
    graph.spellings.push_back({static_cast<std::int32_t>(*word), last, exit});
  }
}

}  // namespace

std::vector<Index> WordGraph::labels_of(const Spelling& spelling) const {
  std::vector<Index> found;
  for (std::int32_t node = spelling.last; node >= 0; node = parents[static_cast<std::size_t>(node)]) {
    found.push_back(labels[static_cast<std::size_t>(node)]);
  }
  std::reverse(found.begin(), found.end());
  return found;
}

std::int32_t WordGraph::add_node(std::int32_t label, std::int32_t parent) {
  if (num_nodes() >= std::numeric_limits<std::int32_t>::max()) {
    throw DataError("token passing: the dictionary's spellings have more than 2^31 labels");
  }
  labels.push_back(label);
  parents.push_back(parent);
  return narrow(num_nodes() - 1);
}

std::int32_t WordGraph::gate(std::int32_t word_class, std::int32_t label) const {
  const auto found = std::lower_bound(gates.begin(), gates.end(), Gate{word_class, label}, is_before);
  return narrow(found - gates.begin());
}

WordGraph make_shared_graph(const Lexicon& lexicon) {
  WordGraph graph;
  std::vector<WordGraph::Gate> gates;
  const auto [first, last] = lexicon.children(Lexicon::kRoot);
  for (Index node = first; node < last; ++node) gates.push_back({0, narrow(lexicon.label(node))});
  set_gates(graph, std::move(gates));
  std::vector<std::int32_t> parents(static_cast<std::size_t>(lexicon.num_nodes()));  // of the trie's nodes
  for (Index node = Lexicon::kRoot; node < lexicon.num_nodes(); ++node) {
    std::int32_t own = -1;  // the root is no node here
    if (node != Lexicon::kRoot) {
      const std::int32_t label = narrow(lexicon.label(node));
      const bool is_first = node >= first && node < last;
      own = graph.add_node(label, is_first ? -1 - graph.gate(0, label) : parents[static_cast<std::size_t>(node)]);
      add_ends(graph, lexicon, node, own);
    }
    const auto [begin, end] = lexicon.children(node);
    for (Index child = begin; child < end; ++child) parents[static_cast<std::size_t>(child)] = own;
  }
  return graph;
}

WordGraph make_separate_graph(const Lexicon& lexicon, const std::vector<std::int32_t>& classes) {
  std::vector<Index> parents(static_cast<std::size_t>(lexicon.num_nodes()), Lexicon::kNone);
  for (Index node = Lexicon::kRoot; node < lexicon.num_nodes(); ++node) {
    const auto [begin, end] = lexicon.children(node);
    for (Index child = begin; child < end; ++child) parents[static_cast<std::size_t>(child)] = node;
  }
  const auto class_of = [&](std::uint32_t word) { return classes[word]; };
  // Calls use(word, labels) with every spelling.
  const auto for_spellings = [&](const auto& use) {
    std::vector<std::int32_t> labels;
    for (Index node = Lexicon::kRoot; node < lexicon.num_nodes(); ++node) {
      const auto [begin, end] = lexicon.words_at(node);
      if (begin == end) continue;
      labels.clear();
      for (Index at = node; at != Lexicon::kRoot; at = parents[static_cast<std::size_t>(at)]) {
        labels.push_back(narrow(lexicon.label(at)));
      }
      std::reverse(labels.begin(), labels.end());
      for (const std::uint32_t* word = begin; word != end; ++word) use(*word, labels);
    }
  };
  WordGraph graph;
  std::vector<WordGraph::Gate> gates;
  for_spellings([&](std::uint32_t word, const std::vector<std::int32_t>& labels) {
    gates.push_back({class_of(word), labels.front()});
  });
  set_gates(graph, std::move(gates));
  const bool has_separator = lexicon.separator() != Lexicon::kNone;
  for_spellings([&](std::uint32_t word, const std::vector<std::int32_t>& labels) {
    std::int32_t last = -1 - graph.gate(class_of(word), labels.front());
    for (std::int32_t label : labels) last = graph.add_node(label, last);
    const std::int32_t exit = has_separator ? graph.add_node(narrow(lexicon.separator()), last) : last;
    graph.spellings.push_back({static_cast<std::int32_t>(word), last, exit});
  });
  return graph;
}

}  // namespace rnnlib
