// SPDX-License-Identifier: Apache-2.0
// How many threads a call is worth. This is decided here, once per call, whose loops then use the team without asking.
#include <algorithm>

#include "base/parallel/oversubscription.h"
#include "network/engine.h"

namespace rnnlib {

namespace {

// Multiply-accumulates below which starting threads costs more than they gain.
constexpr double kLeastWork = 1e6;

}  // namespace

template <class Real>
int Engine<Real>::threads_for(double points, std::size_t shards, int threads) const {
  if (points * static_cast<double>(layout_.num_weights) < kLeastWork || (shards == 1 && is_oversubscribed())) return 1;
  const std::size_t most = shards * std::max<std::size_t>(layout_.max_directions, 2);
  return static_cast<int>(std::min(most, static_cast<std::size_t>(std::max(threads, 1))));
}

template <class Real>
int Engine<Real>::threads_of(const std::vector<Sequence>& sequences, const Shard* shards, Index count,
                             int threads) const {
  double points = 0;
  for (const Shard* shard = shards; shard < shards + count; ++shard) {
    for (Index i = 0; i < shard->sequences.count; ++i) {
      points += points_of(sequences[static_cast<std::size_t>(shard->sequences.first + i)]);
    }
  }
  return threads_for(points, static_cast<std::size_t>(count), threads);
}

template <class Real>
int Engine<Real>::useful_threads(const std::vector<Sequence>& sequences, Index first, Index count, int threads) const {
  const std::vector<Shard> shards = make_shards(layout_, sequences, first, count);
  return threads_of(sequences, shards.data(), static_cast<Index>(shards.size()), threads);
}

template <class Real>
int Engine<Real>::useful_threads(const std::vector<Sequence>& sequences, const std::vector<Index>& passes,
                                 int threads) const {
  double points = 0;
  for (Index sequence : passes) points += points_of(sequences[static_cast<std::size_t>(sequence)]);
  return threads_for(points, passes.size(), threads);
}

#define RNNLIB_INSTANTIATE(Real)                                                                                 \
  template int Engine<Real>::useful_threads(const std::vector<Sequence>&, Index, Index, int) const;              \
  template int Engine<Real>::useful_threads(const std::vector<Sequence>&, const std::vector<Index>&, int) const; \
  template int Engine<Real>::threads_of(const std::vector<Sequence>&, const Shard*, Index, int) const;
RNNLIB_INSTANTIATE(float)
RNNLIB_INSTANTIATE(double)
#undef RNNLIB_INSTANTIATE

}  // namespace rnnlib
