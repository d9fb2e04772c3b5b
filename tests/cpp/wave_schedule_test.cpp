// SPDX-License-Identifier: Apache-2.0
// Wave schedules against their definition: every point once, in the wave of its steps from the corner, with its
// predecessors.
#include "tensor/wave_schedule.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "make_batch.h"
#include "rnnlib/random.h"

namespace rnnlib {
namespace {

// A batch row's sequence and coordinates.
struct Place {
  std::size_t sequence;
  Shape point;
};

Place place_of(const BatchShape& batch, Index row) {
  std::size_t s = batch.shapes.size() - 1;
  while (batch.offsets[s] > row) --s;
  Shape point = batch.shapes[s];
  Index rest = row - batch.offsets[s];
  for (std::size_t d = point.size(); d-- > 0;) {
    point[d] = rest % batch.shapes[s][d];
    rest /= batch.shapes[s][d];
  }
  return {s, point};
}

Index row_of(const BatchShape& batch, const Place& place) {
  Index row = 0;
  for (std::size_t d = 0; d < place.point.size(); ++d) {
    row = row * batch.shapes[place.sequence][d] + place.point[d];
  }
  return batch.offsets[place.sequence] + row;
}

// Row of the point one step back along d against the direction; -1 at the border.
Index row_before(const BatchShape& batch, Index row, std::size_t d, unsigned direction) {
  Place place = place_of(batch, row);
  place.point[d] -= ((direction >> d) & 1U) != 0 ? 1 : -1;
  if (place.point[d] < 0 || place.point[d] >= batch.shapes[place.sequence][d]) return -1;
  return row_of(batch, place);
}

Index steps_from_corner(const BatchShape& batch, Index row, unsigned direction) {
  const Place place = place_of(batch, row);
  Index steps = 0;
  for (std::size_t d = 0; d < place.point.size(); ++d) {
    const bool forward = ((direction >> d) & 1U) != 0;
    steps += forward ? place.point[d] : batch.shapes[place.sequence][d] - 1 - place.point[d];
  }
  return steps;
}

// Per point of wave w, the place in the wave before that the runs give it; -1 for none.
std::vector<Index> predecessors(const WaveSchedule& schedule, Index w, int d) {
  std::vector<Index> before(static_cast<std::size_t>(schedule.width(w)), -1);
  for (const WaveSchedule::Run& run : schedule.runs(w, d)) {
    EXPECT_GT(run.length, 0);
    for (Index i = 0; i < run.length; ++i) {
      Index& place = before.at(static_cast<std::size_t>(run.to + i));
      EXPECT_EQ(place, -1) << "two predecessors";
      place = run.from + i;
      EXPECT_LT(place, schedule.width(w - 1));
    }
  }
  return before;
}

void check_schedule(const BatchShape& batch, int dims) {
  const WaveSchedule schedule(batch, dims);
  ASSERT_EQ(schedule.num_dims(), dims);
  ASSERT_EQ(schedule.num_points(), batch.points);
  Index widest = 0;
  for (Index w = 0; w < schedule.num_waves(); ++w) widest = std::max(widest, schedule.width(w));
  EXPECT_EQ(schedule.max_width(), widest);

  for (unsigned direction = 0; direction < (1U << dims); ++direction) {
    const Index* rows = schedule.rows(direction);
    const std::set<Index> distinct(rows, rows + batch.points);
    ASSERT_EQ(static_cast<Index>(distinct.size()), batch.points) << "a point twice";
    ASSERT_EQ(*distinct.begin(), 0);
    ASSERT_EQ(*distinct.rbegin(), batch.points - 1);
    for (Index w = 0; w < schedule.num_waves(); ++w) {
      ASSERT_GT(schedule.width(w), 0);
      const Index* wave = rows + schedule.wave_start(w);
      for (Index j = 0; j < schedule.width(w); ++j) ASSERT_EQ(steps_from_corner(batch, wave[j], direction), w);
      for (int d = 0; d < dims; ++d) {
        const std::vector<Index> before = predecessors(schedule, w, d);
        for (Index j = 0; j < schedule.width(w); ++j) {
          const Index from = before[static_cast<std::size_t>(j)];
          const Index found = from < 0 ? -1 : rows[schedule.wave_start(w - 1) + from];
          ASSERT_EQ(found, row_before(batch, wave[j], static_cast<std::size_t>(d), direction));
        }
      }
    }
  }
}

TEST(WaveSchedule, OneSequenceOfEveryDimension) {
  for (const Shape& shape : std::vector<Shape>{
           {}, {1}, {6}, {1, 1}, {1, 5}, {5, 1}, {3, 4}, {4, 3}, {2, 3, 4}, {1, 3, 1}, {2, 1, 3, 2}, {2, 2, 2, 2}}) {
    SCOPED_TRACE(to_string(shape));
    check_schedule(make_batch({shape}), static_cast<int>(shape.size()));
  }
}

TEST(WaveSchedule, RandomBatchesOfDifferentShapes) {
  Random random(11);
  for (int dims = 0; dims <= 4; ++dims) {
    for (int trial = 0; trial < 25; ++trial) {
      std::vector<Shape> shapes(1 + random.below(5));
      std::string text;
      for (Shape& shape : shapes) {
        for (int d = 0; d < dims; ++d) shape.push_back(static_cast<Index>(1 + random.below(dims > 2 ? 3 : 6)));
        text += to_string(shape) + " ";
      }
      SCOPED_TRACE(text);
      check_schedule(make_batch(shapes), dims);
      if (HasFatalFailure()) return;
    }
  }
}

// The promise that sweeps in 1D live on: no copying while the same sequences run.
TEST(WaveSchedule, SequencesKeepTheirColumnsWhileTheyRun) {
  const WaveSchedule schedule(make_batch({{2}, {5}, {3}}), 1);
  for (Index w = 1; w < schedule.num_waves(); ++w) {
    const WaveSchedule::Runs runs = schedule.runs(w, 0);
    ASSERT_EQ(runs.last - runs.first, 1) << "wave " << w;
    EXPECT_EQ(runs.first->to, 0);
    EXPECT_EQ(runs.first->from, 0);
    EXPECT_EQ(runs.first->length, schedule.width(w));
  }
}

void expect_equal(const WaveSchedule& a, const WaveSchedule& b) {
  ASSERT_EQ(a.num_dims(), b.num_dims());
  ASSERT_EQ(a.num_waves(), b.num_waves());
  for (Index w = 0; w < a.num_waves(); ++w) {
    ASSERT_EQ(a.width(w), b.width(w));
    for (int d = 0; d < a.num_dims(); ++d) {
      const auto runs = a.runs(w, d);
      const auto others = b.runs(w, d);
      ASSERT_TRUE(std::equal(runs.begin(), runs.end(), others.begin(), others.end(), [](const auto& x, const auto& y) {
        return x.to == y.to && x.from == y.from && x.length == y.length;
      }));
    }
  }
  for (unsigned direction = 0; direction < (1U << a.num_dims()); ++direction) {
    ASSERT_TRUE(std::equal(a.rows(direction), a.rows(direction) + a.num_points(), b.rows(direction)));
  }
}

TEST(ScheduleCache, GivesEqualBatchesTheSameScheduleAndOthersTheirOwn) {
  ScheduleCache cache;
  const std::vector<std::vector<Shape>> batches{{{3, 4}}, {{4, 3}}, {{3, 4}, {4, 3}}, {{2, 6}}, {{12, 1}}};
  for (int round = 0; round < 2; ++round) {
    for (const auto& shapes : batches) {
      const BatchShape batch = make_batch(shapes);
      expect_equal(*cache.get(batch, 2), WaveSchedule(batch, 2));
    }
  }
  EXPECT_EQ(cache.get(make_batch({{3, 4}}), 2), cache.get(make_batch({{3, 4}}), 2));
  // The same numbers, cut into shapes of other dimensions.
  expect_equal(*cache.get(make_batch({{3}, {4}}), 1), WaveSchedule(make_batch({{3}, {4}}), 1));
  expect_equal(*cache.get(make_batch({{}, {}}), 0), WaveSchedule(make_batch({{}, {}}), 0));
  expect_equal(*cache.get(make_batch({{}, {}, {}}), 0), WaveSchedule(make_batch({{}, {}, {}}), 0));
}

TEST(ScheduleCache, ForgetsWhenItIsFullAndWhatIsInUseStays) {
  ScheduleCache cache;
  const BatchShape large = make_batch({{900000}});
  const auto first = cache.get(large, 1);
  EXPECT_EQ(cache.get(large, 1), first);
  cache.get(make_batch({{900001}}), 1);
  cache.get(make_batch({{900002}}), 1);  // too much together
  EXPECT_EQ(first->num_points(), 900000);
  EXPECT_EQ(first->rows(1)[899999], 899999);
  const auto again = cache.get(large, 1);
  EXPECT_NE(again, first);
  EXPECT_EQ(again->num_waves(), 900000);
}

}  // namespace
}  // namespace rnnlib
