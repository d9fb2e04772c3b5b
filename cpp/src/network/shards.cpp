// SPDX-License-Identifier: Apache-2.0
#include "network/shards.h"

#include <algorithm>
#include <limits>

namespace rnnlib {

namespace {

constexpr double kBatchWidth = 8;  // points of a wave, on average
constexpr Index kShardSequences = 4;
constexpr double kShardPoints = 1 << 17;

// Points of an average wave in the layer where it has the fewest. The shape may not have been checked yet.
double width_of(const NetworkLayout& layout, const Sequence& sequence) {
  constexpr Index kMaxSize = Index{1} << 31;
  Shape shape = sequence.shape();
  const bool bad = std::any_of(shape.begin(), shape.end(), [](Index size) { return size < 1 || size > kMaxSize; });
  if (bad || static_cast<int>(shape.size()) != layout.num_dims) return kBatchWidth;
  double least = std::numeric_limits<double>::infinity();
  layout.for_each_layer([&](const LayerBase& layer) {
    least = std::min(least, layer.wave_width(shape));
    shape = layer.output_shape(shape);
  });
  return least;
}

}  // namespace

double points_of(const Sequence& sequence) {
  double points = 1;
  for (Index size : sequence.shape()) points *= static_cast<double>(size);
  return points;
}

std::vector<Shard> make_shards(const NetworkLayout& layout, const std::vector<Sequence>& sequences, Index first,
                               Index count) {
  std::vector<Shard> shards;
  double points = 0;
  double width = 0;  // of the last batch
  for (Index i = first; i < first + count; ++i) {
    const Sequence& sequence = sequences[static_cast<std::size_t>(i)];
    const bool full = width >= kBatchWidth;
    if (shards.empty() || points + points_of(sequence) > kShardPoints ||
        (full && shards.back().sequences.count >= kShardSequences)) {
      shards.emplace_back();
      shards.back().sequences.first = i;
      points = 0;
    }
    std::vector<Range>& batches = shards.back().batches;
    if (batches.empty() || full) {
      batches.push_back({i, 0});
      width = 0;
    }
    ++shards.back().sequences.count;
    ++batches.back().count;
    points += points_of(sequence);
    width += width_of(layout, sequence);
  }
  return shards;
}

}  // namespace rnnlib
