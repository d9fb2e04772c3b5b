// SPDX-License-Identifier: Apache-2.0
// The order in which a sweep visits the points of a batch: waves of points that depend only on the wave before.
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "tensor/batch_shape.h"

namespace rnnlib {

// Counted from a sweep's starting corner, wave w holds the points whose steps along all dimensions sum to w (an
// anti-diagonal in 2D). One step back along any dimension therefore leads into wave w - 1. The structure is the same
// for all directions; only the rows of the batch that the points stand for differ.
class WaveSchedule {
 public:
  // `length` points from `to` on in a wave have their predecessors from `from` on in the wave before.
  struct Run {
    Index to;
    Index from;
    Index length;
  };
  struct Runs {
    const Run* first;
    const Run* last;
    const Run* begin() const { return first; }
    const Run* end() const { return last; }
  };

  WaveSchedule(const BatchShape& batch, int num_dims);

  int num_dims() const { return num_dims_; }
  Index num_waves() const { return static_cast<Index>(wave_start_.size()) - 1; }
  Index num_points() const { return wave_start_.back(); }
  Index wave_start(Index w) const { return wave_start_[static_cast<std::size_t>(w)]; }
  Index width(Index w) const { return wave_start(w + 1) - wave_start(w); }
  Index max_width() const { return max_width_; }

  // Predecessors of wave w along dimension d; points in no run have none (the border).
  Runs runs(Index w, int d) const {
    const std::size_t i = static_cast<std::size_t>(w * num_dims_ + d);
    return {runs_.data() + run_start_[i], runs_.data() + run_start_[i + 1]};
  }

  // The batch row of each scheduled point, [num_points]. Bit d of `direction` set: +1 along dimension d, else -1.
  const Index* rows(unsigned direction) const { return rows_[direction].data(); }

 private:
  void add_rows(const BatchShape& batch, const std::vector<std::vector<Index>>& positions, unsigned direction);

  int num_dims_;
  Index max_width_ = 0;
  std::vector<Index> wave_start_;
  std::vector<Run> runs_;
  std::vector<std::size_t> run_start_;
  std::vector<std::vector<Index>> rows_;
};

// Schedules by the batch's shapes, kept while their total size is bounded. One per workspace: not for several threads.
class ScheduleCache {
 public:
  std::shared_ptr<const WaveSchedule> get(const BatchShape& batch, int num_dims);

 private:
  struct Hash {
    std::size_t operator()(const std::vector<Index>& key) const;
  };
  std::unordered_map<std::vector<Index>, std::shared_ptr<const WaveSchedule>, Hash> schedules_;
  Index cached_points_ = 0;
};

}  // namespace rnnlib
