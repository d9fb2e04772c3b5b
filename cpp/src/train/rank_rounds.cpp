// SPDX-License-Identifier: Apache-2.0
#include "train/rank_rounds.h"

#include <algorithm>

namespace rnnlib {

std::vector<Round> make_rounds(const NetworkLayout& layout, const std::vector<Sequence>& sequences, const Range& range,
                               const RoundLimits& limits) {
  std::vector<Round> rounds;
  const bool tied = limits.with_gradient && !layout.tied.empty();
  const Index end = range.first + range.count;
  for (Index first = range.first; first < end; first += limits.chunk) {
    std::vector<Shard> shards = make_shards(layout, sequences, first, std::min(limits.chunk, end - first));
    const bool direct = limits.with_gradient && shards.size() == 1;
    bool own_round = rounds.empty() || direct || rounds.back().direct || rounds.back().reduce_tied;
    for (Shard& shard : shards) {
      if (own_round || static_cast<Index>(rounds.back().shards.size()) >= limits.most_shards) rounds.emplace_back();
      own_round = false;
      rounds.back().direct = direct;
      rounds.back().shards.push_back(std::move(shard));
    }
    rounds.back().reduce_tied = tied;
  }
  return rounds;
}

std::vector<Round> make_pass_rounds(const Range& range, Index most_sequences) {
  std::vector<Round> rounds;
  for (Index i = range.first; i < range.first + range.count; ++i) {
    if (rounds.empty() || static_cast<Index>(rounds.back().shards.size()) >= most_sequences) rounds.emplace_back();
    Shard shard;
    shard.sequences = {i, 1};
    rounds.back().shards.push_back(shard);
  }
  return rounds;
}

std::vector<Index> share_round(const Round& round, const std::vector<Sequence>& sequences, int num_ranks) {
  std::vector<double> points;
  double total = 0;
  for (const Shard& shard : round.shards) {
    double of_shard = 0;
    for (Index s = 0; s < shard.sequences.count; ++s) {
      of_shard += points_of(sequences[static_cast<std::size_t>(shard.sequences.first + s)]);
    }
    points.push_back(of_shard);
    total += of_shard;
  }
  // A shard is the rank's in whose share of the points its middle lies.
  std::vector<Index> begins(static_cast<std::size_t>(num_ranks) + 1, 0);
  double before = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double middle = (before + points[i] / 2) / total;
    const int owner = std::clamp(static_cast<int>(middle * num_ranks), 0, num_ranks - 1);
    for (std::size_t r = static_cast<std::size_t>(owner) + 1; r < begins.size(); ++r)
      begins[r] = static_cast<Index>(i) + 1;
    before += points[i];
  }
  return begins;
}

}  // namespace rnnlib
