// SPDX-License-Identifier: Apache-2.0
// Tokens pass from point to point through the words of a sequence.
#pragma once

#include <memory>
#include <vector>

#include "decode/token_passing/exits.h"
#include "decode/token_passing/token.h"
#include "decode/token_passing/token_passing.h"

namespace rnnlib {

// With a fixed number of words there is a layer of nodes for the first word, one for the second, ...; else the one
// layer follows itself. A node has two places: paths that end with its label, and those that went on with a blank.
class TokenPassingRun final : public DecoderRun {
 public:
  TokenPassingRun(std::shared_ptr<const TokenPassing> search, Index units);

  void begin() override;
  void step(const double* outputs, Index points, Prediction& prediction) override;
  void finish(Prediction& prediction) override;

 private:
  enum Place { kLabel, kBlank };

  Token* tokens(Index layer, Index node, Place place) {
    return tokens_.data() + ((layer * graph_.num_nodes() + node) * 2 + place) * n_;
  }
  void pass_point(const double* logs);
  void offer_starts();
  void collect_exits(Index layer);
  void offer_exits();
  void offer_others(std::size_t gate);
  void offer_successors(const Exit& exit, double least);
  void offer_exit(RankedExit& exit, double score, Token* list);
  std::int32_t word_of(std::int32_t spelling) const {
    return graph_.spellings[static_cast<std::size_t>(spelling)].word;
  }
  template <bool kSingle>
  void pass_layer(Index layer, const double* logs);
  void forget_histories();
  std::vector<Token> final_tokens();
  Reading make_reading(const Token& token) const;

  std::shared_ptr<const TokenPassing> search_;
  const WordGraph& graph_;
  const WordClasses& classes_;
  Index units_;
  Index n_;                               // tokens of a place
  Index num_layers_;                      // 0 when no word may be read
  std::vector<std::size_t> first_gates_;  // [classes + 1]
  Histories histories_;
  std::vector<Token> tokens_;   // [layers, nodes, 2, n]
  std::vector<Token> entries_;  // [gates, n] that begin a word at this point
  std::vector<Token> merged_;   // [2, n] what becomes of a node
  double start_ = 0;            // of the path of blanks alone
  std::vector<Exit> exits_;
  SortedExits sorted_;           // with the back-off weights
  SortedExits unknown_;          // without them
  std::vector<double> logs_;     // [units] of a point
  std::vector<double> outputs_;  // [points, units] of the sequence so far
};

}  // namespace rnnlib
