// SPDX-License-Identifier: Apache-2.0
// How ranks share sequences: in rounds of shards, of which each rank runs neighbouring ones. Which rank runs what
// changes no bit of the result: the gradients of a round's shards are added in the order of the shards, as one process
// adds them.
#pragma once

#include <vector>

#include "network/shards.h"

namespace rnnlib {

// With one update per epoch, sequences that run together: the gradient of tied weights is reduced after each chunk.
constexpr Index kBatchChunk = 64;

struct Round {
  std::vector<Shard> shards;
  // One shard, whose batches are added to the sum of the rounds before one by one, as Engine::run does.
  bool direct = false;
  bool reduce_tied = false;  // after it
};

struct RoundLimits {
  Index chunk = 1;        // sequences that one process would run together
  Index most_shards = 1;  // of a round, so that their gradients fit into memory
  bool with_gradient = true;
};

// The rounds of the sequences of a range; those of one chunk are tied together where weights are tied.
std::vector<Round> make_rounds(const NetworkLayout& layout, const std::vector<Sequence>& sequences, const Range& range,
                               const RoundLimits& limits);

// Where each sequence is a shard of its own: its gradients (one for each pass) are added one by one.
std::vector<Round> make_pass_rounds(const Range& range, Index most_sequences);

// Shards [result[r], result[r + 1]) of the round are those of rank r: shares of about the same number of points.
std::vector<Index> share_round(const Round& round, const std::vector<Sequence>& sequences, int num_ranks);

}  // namespace rnnlib
