// SPDX-License-Identifier: Apache-2.0
#include "tensor/wave_schedule.h"

#include <algorithm>
#include <numeric>

namespace rnnlib {

namespace {

// Points of a tile: enough that a product with all weights is worth its call, few enough that their net inputs stay in
// the nearest caches until they have become activations.
constexpr Index kMinTile = 32;

Index waves_of(const Shape& shape) {
  Index waves = 1;
  for (Index n : shape) waves += n - 1;
  return waves;
}

// Steps `point` on in row-major order and returns how the sum of its coordinates changed.
Index advance(const Shape& shape, Shape& point) {
  Index change = 0;
  for (std::size_t d = shape.size(); d-- > 0;) {
    if (++point[d] < shape[d]) return change + 1;
    change -= shape[d] - 1;
    point[d] = 0;
  }
  return change;
}

std::vector<Index> strides_of(const Shape& shape) {
  std::vector<Index> strides(shape.size(), 1);
  for (std::size_t d = shape.size(); d-- > 1;) strides[d - 1] = strides[d] * shape[d];
  return strides;
}

}  // namespace

WaveSchedule::WaveSchedule(const BatchShape& batch, int num_dims, const std::vector<unsigned>& directions)
    : num_dims_(num_dims) {
  // Sequences with more waves come first in every wave: those still running then keep their places from wave to wave.
  std::vector<Index> order(static_cast<std::size_t>(batch.size()));
  std::iota(order.begin(), order.end(), Index{0});
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) {
    return waves_of(batch.shapes[static_cast<std::size_t>(a)]) > waves_of(batch.shapes[static_cast<std::size_t>(b)]);
  });

  // Each sequence's own waves: the width of each, and each point's place in its wave.
  std::vector<std::vector<Index>> widths(order.size());
  std::vector<Positions> positions(order.size());
  Index num_waves = 0;
  for (std::size_t s = 0; s < order.size(); ++s) {
    const Shape& shape = batch.shapes[s];
    widths[s].assign(static_cast<std::size_t>(waves_of(shape)), 0);
    num_waves = std::max(num_waves, waves_of(shape));
    positions[s].resize(static_cast<std::size_t>(rnnlib::num_points(shape)));
    Shape point(shape.size(), 0);
    Index wave = 0;
    for (std::int32_t& place : positions[s]) {
      place = static_cast<std::int32_t>(widths[s][static_cast<std::size_t>(wave)]++);
      wave += advance(shape, point);
    }
  }

  // Where each sequence begins in each wave.
  std::vector<std::vector<Index>> starts(order.size());
  wave_start_.reserve(static_cast<std::size_t>(num_waves) + 1);
  wave_start_.push_back(0);
  for (Index w = 0; w < num_waves; ++w) {
    Index end = wave_start_.back();
    for (Index s : order) {
      const auto& own = widths[static_cast<std::size_t>(s)];
      if (w >= static_cast<Index>(own.size())) break;
      starts[static_cast<std::size_t>(s)].push_back(end);
      end += own[static_cast<std::size_t>(w)];
    }
    max_width_ = std::max(max_width_, end - wave_start_.back());
    wave_start_.push_back(end);
  }

  for (std::size_t s = 0; s < order.size(); ++s) {
    const Shape& shape = batch.shapes[s];
    Shape point(shape.size(), 0);
    Index wave = 0;
    for (std::int32_t& position : positions[s]) {
      position += static_cast<std::int32_t>(starts[s][static_cast<std::size_t>(wave)]);
      wave += advance(shape, point);
    }
  }
  add_neighbours(batch, positions);
  add_runs();
  rows_.resize(std::size_t{1} << num_dims);
  positions_.resize(rows_.size());
  for (unsigned direction : directions) add_rows(batch, positions, direction);
  cut_tiles();
}

WaveSchedule::WaveSchedule(Index points)
    : num_dims_(0), max_width_(points), wave_start_{0, points}, rows_(1, Positions(static_cast<std::size_t>(points))) {
  std::iota(rows_[0].begin(), rows_[0].end(), 0);
  positions_ = rows_;
  cut_tiles();
}

void WaveSchedule::cut_tiles() {
  for (Index w = 0; w < num_waves();) {
    const Index begin = wave_start(w);
    if (width(w) >= kMinTile) {
      const Index parts = (width(w) + WaveSchedule::kMaxTile - 1) / WaveSchedule::kMaxTile;
      for (Index i = 0; i < parts; ++i) {
        tiles_.push_back({begin + width(w) * i / parts, begin + width(w) * (i + 1) / parts, w, w + 1});
      }
      ++w;
      continue;
    }
    Index end = w + 1;
    while (end < num_waves() && wave_start(end) - begin < kMinTile && width(end) < kMinTile) ++end;
    tiles_.push_back({begin, wave_start(end), w, end});
    w = end;
  }
  for (const Tile& tile : tiles_) max_tile_ = std::max(max_tile_, tile.end - tile.begin);
}

void WaveSchedule::add_neighbours(const BatchShape& batch, const std::vector<Positions>& positions) {
  before_.resize(static_cast<std::size_t>(num_dims_));
  after_.resize(static_cast<std::size_t>(num_dims_));
  for (std::size_t d = 0; d < before_.size(); ++d) {
    before_[d].assign(static_cast<std::size_t>(num_points()), -1);
    after_[d].assign(static_cast<std::size_t>(num_points()), -1);
    for (std::size_t s = 0; s < positions.size(); ++s) {
      const Index stride = strides_of(batch.shapes[s])[d];
      const Index size = batch.shapes[s][d];
      for (Index p = 0; p < static_cast<Index>(positions[s].size()); ++p) {
        if ((p / stride) % size == 0) continue;
        const std::int32_t position = positions[s][static_cast<std::size_t>(p)];
        const std::int32_t neighbour = positions[s][static_cast<std::size_t>(p - stride)];
        before_[d][static_cast<std::size_t>(position)] = neighbour;
        after_[d][static_cast<std::size_t>(neighbour)] = position;
      }
    }
  }
}

// A schedule is kept for many passes: it takes what it needs and no more.
void WaveSchedule::add_runs() {
  run_start_.reserve(static_cast<std::size_t>(num_waves() * num_dims_) + 1);
  run_start_.push_back(0);
  for (Index w = 0; w < num_waves(); ++w) {
    for (const Positions& before : before_) {
      for (Index p = wave_start(w); p < wave_start(w + 1); ++p) {
        const Index from = before[static_cast<std::size_t>(p)];
        if (from < 0) continue;
        const Run next{p - wave_start(w), from - wave_start(w - 1), 1};
        if (runs_.size() > run_start_.back() && runs_.back().own + runs_.back().length == next.own &&
            runs_.back().before + runs_.back().length == next.before) {
          ++runs_.back().length;
        } else {
          runs_.push_back(next);
        }
      }
      run_start_.push_back(runs_.size());
    }
  }
  runs_.shrink_to_fit();
}

void WaveSchedule::add_rows(const BatchShape& batch, const std::vector<Positions>& positions, unsigned direction) {
  Positions& rows = rows_[direction];
  rows.resize(static_cast<std::size_t>(num_points()));
  positions_[direction].resize(rows.size());
  for (std::size_t s = 0; s < positions.size(); ++s) {
    const Shape& shape = batch.shapes[s];
    const std::vector<Index> strides = strides_of(shape);
    Shape point(shape.size(), 0);
    for (std::int32_t position : positions[s]) {
      Index row = batch.offsets[s];
      for (std::size_t d = 0; d < shape.size(); ++d) {
        const bool forward = ((direction >> d) & 1U) != 0;
        row += strides[d] * (forward ? point[d] : shape[d] - 1 - point[d]);
      }
      rows[static_cast<std::size_t>(position)] = static_cast<std::int32_t>(row);
      positions_[direction][static_cast<std::size_t>(row)] = position;
      advance(shape, point);
    }
  }
}

Index WaveSchedule::bytes(Index points, Index waves, int num_dims, Index num_directions) {
  const Index tiles = points / WaveSchedule::kMaxTile + 1;
  const Index of_points = points * 2 * (num_dims + num_directions) * static_cast<Index>(sizeof(std::int32_t));
  const Index of_wave = static_cast<Index>(sizeof(Index)) + num_dims * static_cast<Index>(sizeof(Run) + sizeof(Index));
  return of_points + tiles * static_cast<Index>(sizeof(Tile)) + (waves + 1) * of_wave;
}

std::size_t ScheduleCache::Hash::operator()(const std::vector<Index>& key) const {
  std::uint64_t hash = 1469598103934665603U;  // FNV-1a over the numbers
  for (Index n : key) hash = (hash ^ static_cast<std::uint64_t>(n)) * 1099511628211U;
  return static_cast<std::size_t>(hash);
}

template <class Make>
std::shared_ptr<const WaveSchedule> ScheduleCache::find(const std::vector<Index>& key, std::size_t directions,
                                                        const Make& make) {
  const auto found = schedules_.find(key);
  if (found != schedules_.end()) return found->second;
  const std::shared_ptr<const WaveSchedule> schedule = make();
  const Index bytes = WaveSchedule::bytes(schedule->num_points(), schedule->num_waves(), schedule->num_dims(),
                                          static_cast<Index>(directions));
  if (cached_bytes_ + bytes > kMaxBytes) {
    schedules_.clear();
    cached_bytes_ = 0;
  }
  schedules_[key] = schedule;
  cached_bytes_ += bytes;
  return schedule;
}

std::shared_ptr<const WaveSchedule> ScheduleCache::get(const BatchShape& batch, int num_dims,
                                                       const std::vector<unsigned>& directions) {
  std::vector<Index> key{num_dims};
  for (const Shape& shape : batch.shapes) key.insert(key.end(), shape.begin(), shape.end());
  if (num_dims == 0) key.push_back(batch.size());
  return find(key, directions.size(),
              [&] { return std::make_shared<const WaveSchedule>(batch, num_dims, directions); });
}

std::shared_ptr<const WaveSchedule> ScheduleCache::get_unordered(Index points) {
  return find({-1, points}, 1, [&] { return std::make_shared<const WaveSchedule>(points); });
}

}  // namespace rnnlib
