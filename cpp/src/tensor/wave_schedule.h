// SPDX-License-Identifier: Apache-2.0
// The order in which a sweep visits the points of a batch: waves of points that depend only on the wave before.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "tensor/batch_shape.h"

namespace rnnlib {

// Counted from a sweep's starting corner, wave w holds the points whose steps along all dimensions sum to w (an
// anti-diagonal in 2D). One step back along any dimension therefore leads into wave w - 1. A position counts points in
// the order of the waves; it means the same for all directions. Only the rows of the batch that the positions stand for
// differ.
class WaveSchedule {
 public:
  static constexpr Index kMaxTile = 64;  // points

  // A stretch of positions that is computed at one go: several narrow waves, or a part of a wide one.
  struct Tile {
    Index begin;  // positions [begin, end)
    Index end;
    Index first_wave;  // of the waves [first_wave, end_wave)
    Index end_wave;
  };

  // `length` neighbouring points, from place `own` on in a wave, have their predecessors from place `before` on in the
  // wave before.
  struct Run {
    Index own;
    Index before;
    Index length;
  };
  struct Runs {
    const Run* first;
    const Run* last;
    const Run* begin() const { return first; }
    const Run* end() const { return last; }
  };

  // `directions`: those whose rows are needed. Bit d set: +1 along dimension d, else -1.
  WaveSchedule(const BatchShape& batch, int num_dims, const std::vector<unsigned>& directions);

  // One wave of points that do not depend on each other, in the order of the batch for every direction.
  explicit WaveSchedule(Index points);

  int num_dims() const { return num_dims_; }
  Index num_waves() const { return static_cast<Index>(wave_start_.size()) - 1; }
  Index num_points() const { return wave_start_.back(); }
  Index wave_start(Index w) const { return wave_start_[static_cast<std::size_t>(w)]; }
  Index width(Index w) const { return wave_start(w + 1) - wave_start(w); }
  Index max_width() const { return max_width_; }
  const std::vector<Tile>& tiles() const { return tiles_; }
  Index max_tile() const { return max_tile_; }  // points of the largest tile

  // Positions one step back, and one step on, along dimension d, [num_points]; -1 at the border.
  const std::int32_t* before(int d) const { return before_[static_cast<std::size_t>(d)].data(); }
  const std::int32_t* after(int d) const { return after_[static_cast<std::size_t>(d)].data(); }

  // The same for the points of wave w that have a predecessor along d.
  Runs runs(Index w, int d) const {
    const std::size_t i = static_cast<std::size_t>(w * num_dims_ + d);
    return {runs_.data() + run_start_[i], runs_.data() + run_start_[i + 1]};
  }

  // The batch row of each position, [num_points].
  const std::int32_t* rows(unsigned direction) const { return rows_.at(direction % rows_.size()).data(); }

  // The reverse: the position of each batch row, [num_points].
  const std::int32_t* positions(unsigned direction) const {
    return positions_.at(direction % positions_.size()).data();
  }

  // Bytes for so many points in so many waves, about.
  static Index bytes(Index points, Index waves, int num_dims, Index num_directions);

 private:
  using Positions = std::vector<std::int32_t>;
  void cut_tiles();
  void add_neighbours(const BatchShape& batch, const std::vector<Positions>& positions);
  void add_runs();
  void add_rows(const BatchShape& batch, const std::vector<Positions>& positions, unsigned direction);

  int num_dims_;
  Index max_width_ = 0;
  Index max_tile_ = 0;
  std::vector<Index> wave_start_;
  std::vector<Tile> tiles_;
  std::vector<Positions> before_;  // per dimension
  std::vector<Positions> after_;
  std::vector<Run> runs_;
  std::vector<std::size_t> run_start_;  // [waves * D + 1]
  std::vector<Positions> rows_;         // per direction; one for all where the order is that of the batch
  std::vector<Positions> positions_;
};

// Schedules by the batch's shapes. One per workspace: not for several threads.
class ScheduleCache {
 public:
  // What the schedules that are kept take; the last one is kept whatever it takes.
  static constexpr Index kMaxBytes = Index{1} << 25;

  // `directions` as of a WaveSchedule; always the same for equal num_dims.
  std::shared_ptr<const WaveSchedule> get(const BatchShape& batch, int num_dims,
                                          const std::vector<unsigned>& directions);
  std::shared_ptr<const WaveSchedule> get_unordered(Index points);  // one wave

 private:
  struct Hash {
    std::size_t operator()(const std::vector<Index>& key) const;
  };
  template <class Make>
  std::shared_ptr<const WaveSchedule> find(const std::vector<Index>& key, std::size_t directions, const Make& make);

  std::unordered_map<std::vector<Index>, std::shared_ptr<const WaveSchedule>, Hash> schedules_;
  Index cached_bytes_ = 0;
};

}  // namespace rnnlib
