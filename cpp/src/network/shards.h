// SPDX-License-Identifier: Apache-2.0
// How sequences are put together. A batch runs through the sweeps together: enough sequences that a wave has several
// points, no more, since a batch that fits the caches is faster. A shard's batches run one after another on one thread
// and add to one gradient. Neither asks for the number of threads, so that results do not depend on it.
#pragma once

#include <vector>

#include "network/layout.h"

namespace rnnlib {

struct Range {
  Index first = 0;
  Index count = 0;
};

struct Shard {
  Range sequences;
  std::vector<Range> batches;
};

// Points of a sequence whose shape may not have been checked: without overflow.
double points_of(const Sequence& sequence);

// Shards of sequences [first, first + count).
std::vector<Shard> make_shards(const NetworkLayout& layout, const std::vector<Sequence>& sequences, Index first,
                               Index count);

}  // namespace rnnlib
