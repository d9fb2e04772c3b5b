// SPDX-License-Identifier: Apache-2.0
#include "network/jobs.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rnnlib {

namespace {

constexpr double kBatchWidth = 8;  // points of a wave, on average
constexpr Index kJobSequences = 4;
constexpr double kJobPoints = 1 << 17;

// Points of an average wave in the level where it has the fewest. Rough: shapes are checked later.
double width_of(const NetworkLayout& layout, const Sequence& sequence) {
  std::vector<double> shape(sequence.shape().begin(), sequence.shape().end());
  const auto divide = [&](const Shape& block) {
    for (std::size_t d = 0; d < std::min(block.size(), shape.size()); ++d) {
      shape[d] = std::ceil(shape[d] / static_cast<double>(block[d]));
    }
  };
  divide(layout.spec.input_block);
  double least = std::numeric_limits<double>::infinity();
  for (const Stage& stage : layout.stages) {
    double points = 1;
    double waves = 1;
    for (double size : shape) {
      points *= size;
      waves += size - 1;
    }
    least = std::min(least, points / std::max(waves, 1.0));
    divide(stage.block);
  }
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
