// SPDX-License-Identifier: Apache-2.0
#include "network/jobs.h"

#include <algorithm>
#include <limits>

namespace rnnlib {

namespace {

constexpr double kBatchWidth = 8;  // points of a wave, on average
constexpr Index kJobSequences = 4;
constexpr double kJobPoints = 1 << 17;

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

std::vector<Job> make_jobs(const NetworkLayout& layout, const std::vector<Sequence>& sequences, Index first,
                           Index count) {
  std::vector<Job> jobs;
  double points = 0;
  double width = 0;  // of the last batch
  for (Index i = first; i < first + count; ++i) {
    const Sequence& sequence = sequences[static_cast<std::size_t>(i)];
    const bool full = width >= kBatchWidth;
    if (jobs.empty() || points + points_of(sequence) > kJobPoints ||
        (full && jobs.back().sequences.count >= kJobSequences)) {
      jobs.emplace_back();
      jobs.back().sequences.first = i;
      points = 0;
    }
    std::vector<Range>& batches = jobs.back().batches;
    if (batches.empty() || full) {
      batches.push_back({i, 0});
      width = 0;
    }
    ++jobs.back().sequences.count;
    ++batches.back().count;
    points += points_of(sequence);
    width += width_of(layout, sequence);
  }
  return jobs;
}

}  // namespace rnnlib
