// SPDX-License-Identifier: Apache-2.0
#include "tensor/wave_schedule.h"

#include <algorithm>
#include <numeric>

namespace rnnlib {

namespace {

constexpr Index kMaxCachedPoints = 1 << 21;

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

void append_run(std::vector<WaveSchedule::Run>& runs, std::size_t first, Index to, Index from) {
  if (runs.size() > first) {
    WaveSchedule::Run& last = runs.back();
    if (last.to + last.length == to && last.from + last.length == from) {
      ++last.length;
      return;
    }
  }
  runs.push_back({to, from, 1});
}

}  // namespace

WaveSchedule::WaveSchedule(const BatchShape& batch, int num_dims) : num_dims_(num_dims) {
  // Sequences with more waves come first in every wave: those still running then keep their columns from wave to wave.
  std::vector<Index> order(static_cast<std::size_t>(batch.size()));
  std::iota(order.begin(), order.end(), Index{0});
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) {
    return waves_of(batch.shapes[static_cast<std::size_t>(a)]) > waves_of(batch.shapes[static_cast<std::size_t>(b)]);
  });

  // Each sequence's own waves: the width of each, and each point's place in its wave.
  std::vector<std::vector<Index>> widths(order.size());
  std::vector<std::vector<Index>> places(order.size());
  Index num_waves = 0;
  for (std::size_t s = 0; s < order.size(); ++s) {
    const Shape& shape = batch.shapes[s];
    widths[s].assign(static_cast<std::size_t>(waves_of(shape)), 0);
    num_waves = std::max(num_waves, waves_of(shape));
    places[s].resize(static_cast<std::size_t>(rnnlib::num_points(shape)));
    Shape point(shape.size(), 0);
    Index wave = 0;
    for (Index& place : places[s]) {
      place = widths[s][static_cast<std::size_t>(wave)]++;
      wave += advance(shape, point);
    }
  }

  // Where each sequence's columns begin in each wave.
  std::vector<std::vector<Index>> bases(order.size());
  wave_start_.assign(1, 0);
  for (Index w = 0; w < num_waves; ++w) {
    Index width = 0;
    for (Index s : order) {
      const auto& own = widths[static_cast<std::size_t>(s)];
      if (w >= static_cast<Index>(own.size())) break;
      bases[static_cast<std::size_t>(s)].push_back(width);
      width += own[static_cast<std::size_t>(w)];
    }
    wave_start_.push_back(wave_start_.back() + width);
    max_width_ = std::max(max_width_, width);
  }

  // Points of each sequence by wave, for the runs; positions in the whole schedule, for the rows.
  std::vector<std::vector<Index>> points(order.size());
  std::vector<std::vector<Index>> positions(order.size());
  for (std::size_t s = 0; s < order.size(); ++s) {
    const Shape& shape = batch.shapes[s];
    std::vector<Index> start(widths[s].size() + 1, 0);
    std::partial_sum(widths[s].begin(), widths[s].end(), start.begin() + 1);
    points[s].resize(places[s].size());
    positions[s].resize(places[s].size());
    Shape point(shape.size(), 0);
    Index wave = 0;
    for (std::size_t i = 0; i < places[s].size(); ++i) {
      const std::size_t w = static_cast<std::size_t>(wave);
      points[s][static_cast<std::size_t>(start[w] + places[s][i])] = static_cast<Index>(i);
      positions[s][i] = wave_start_[w] + bases[s][w] + places[s][i];
      wave += advance(shape, point);
    }
  }

  std::vector<std::vector<Index>> strides;
  for (const Shape& shape : batch.shapes) strides.push_back(strides_of(shape));
  std::vector<std::size_t> next(order.size(), 0);  // first point of the current wave in `points`
  run_start_.push_back(0);
  for (Index w = 0; w < num_waves; ++w) {
    for (int d = 0; d < num_dims; ++d) {
      const std::size_t dim = static_cast<std::size_t>(d);
      for (Index sequence : order) {
        const std::size_t s = static_cast<std::size_t>(sequence);
        if (w == 0 || w >= static_cast<Index>(widths[s].size())) break;
        const std::size_t wave = static_cast<std::size_t>(w);
        const Index stride = strides[s][dim];
        const Index size = batch.shapes[s][dim];
        for (Index j = 0; j < widths[s][wave]; ++j) {
          const Index p = points[s][next[s] + static_cast<std::size_t>(j)];
          if ((p / stride) % size == 0) continue;
          append_run(runs_, run_start_.back(), bases[s][wave] + j,
                     bases[s][wave - 1] + places[s][static_cast<std::size_t>(p - stride)]);
        }
      }
      run_start_.push_back(runs_.size());
    }
    for (std::size_t s = 0; s < order.size(); ++s) {
      if (w < static_cast<Index>(widths[s].size()))
        next[s] += static_cast<std::size_t>(widths[s][static_cast<std::size_t>(w)]);
    }
  }

  rows_.resize(std::size_t{1} << num_dims);
  for (unsigned direction = 0; direction < rows_.size(); ++direction) add_rows(batch, positions, direction);
}

void WaveSchedule::add_rows(const BatchShape& batch, const std::vector<std::vector<Index>>& positions,
                            unsigned direction) {
  std::vector<Index>& rows = rows_[direction];
  rows.resize(static_cast<std::size_t>(num_points()));
  for (std::size_t s = 0; s < positions.size(); ++s) {
    const Shape& shape = batch.shapes[s];
    const std::vector<Index> strides = strides_of(shape);
    Shape point(shape.size(), 0);
    for (Index position : positions[s]) {
      Index row = batch.offsets[s];
      for (std::size_t d = 0; d < shape.size(); ++d) {
        const bool forward = ((direction >> d) & 1U) != 0;
        row += strides[d] * (forward ? point[d] : shape[d] - 1 - point[d]);
      }
      rows[static_cast<std::size_t>(position)] = row;
      advance(shape, point);
    }
  }
}

std::size_t ScheduleCache::Hash::operator()(const std::vector<Index>& key) const {
  std::uint64_t hash = 1469598103934665603U;  // FNV-1a over the numbers
  for (Index n : key) hash = (hash ^ static_cast<std::uint64_t>(n)) * 1099511628211U;
  return static_cast<std::size_t>(hash);
}

std::shared_ptr<const WaveSchedule> ScheduleCache::get(const BatchShape& batch, int num_dims) {
  std::vector<Index> key{num_dims};
  for (const Shape& shape : batch.shapes) key.insert(key.end(), shape.begin(), shape.end());
  if (num_dims == 0) key.push_back(batch.size());
  std::shared_ptr<const WaveSchedule>& entry = schedules_[key];
  if (!entry) {
    const auto schedule = std::make_shared<const WaveSchedule>(batch, num_dims);
    if (cached_points_ + batch.points > kMaxCachedPoints) {
      schedules_.clear();
      cached_points_ = 0;
      schedules_[key] = schedule;
    } else {
      entry = schedule;
    }
    cached_points_ += batch.points;
    return schedule;
  }
  return entry;
}

}  // namespace rnnlib
