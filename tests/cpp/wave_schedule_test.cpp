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

std::vector<unsigned> all_directions(int dims) {
  std::vector<unsigned> directions;
  for (unsigned direction = 0; direction < (1U << dims); ++direction) directions.push_back(direction);
  return directions;
}

// Tiles follow one another, and hold whole waves or a part of one.
void check_pieces(const WaveSchedule& schedule) {
  Index position = 0;
  Index largest = 0;
  for (const WaveSchedule::Tile& tile : schedule.tiles()) {
    ASSERT_EQ(tile.begin, position);
    ASSERT_GT(tile.end, tile.begin);
    ASSERT_LE(schedule.wave_start(tile.first_wave), tile.begin);
    ASSERT_GE(schedule.wave_start(tile.end_wave), tile.end);
    if (tile.end_wave > tile.first_wave + 1) {
      ASSERT_EQ(schedule.wave_start(tile.first_wave), tile.begin);
      ASSERT_EQ(schedule.wave_start(tile.end_wave), tile.end);
    }
    largest = std::max(largest, tile.end - tile.begin);
    position = tile.end;
  }
  EXPECT_EQ(position, schedule.num_points());
  EXPECT_EQ(schedule.max_tile(), largest);
  EXPECT_LE(largest, 64);
}

void check_schedule(const BatchShape& batch, int dims) {
  const WaveSchedule schedule(batch, dims, all_directions(dims));
  ASSERT_EQ(schedule.num_dims(), dims);
  ASSERT_EQ(schedule.num_points(), batch.points);
  Index widest = 0;
  for (Index w = 0; w < schedule.num_waves(); ++w) widest = std::max(widest, schedule.width(w));
  EXPECT_EQ(schedule.max_width(), widest);
  check_pieces(schedule);

  for (unsigned direction = 0; direction < (1U << dims); ++direction) {
    const std::int32_t* rows = schedule.rows(direction);
    const std::set<Index> distinct(rows, rows + batch.points);
    ASSERT_EQ(static_cast<Index>(distinct.size()), batch.points) << "a point twice";
    ASSERT_EQ(*distinct.begin(), 0);
    ASSERT_EQ(*distinct.rbegin(), batch.points - 1);
    for (Index w = 0; w < schedule.num_waves(); ++w) {
      ASSERT_GT(schedule.width(w), 0);
      for (Index p = schedule.wave_start(w); p < schedule.wave_start(w + 1); ++p) {
        ASSERT_EQ(steps_from_corner(batch, rows[p], direction), w);
        for (int d = 0; d < dims; ++d) {
          const std::size_t dim = static_cast<std::size_t>(d);
          const auto row_at = [&](std::int32_t position) -> Index { return position < 0 ? -1 : rows[position]; };
          ASSERT_EQ(row_at(schedule.before(d)[p]), row_before(batch, rows[p], dim, direction));
          ASSERT_EQ(row_at(schedule.after(d)[p]), row_before(batch, rows[p], dim, ~direction));
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

TEST(WaveSchedule, WithoutOrderIsOneWaveInTheOrderOfTheBatch) {
  for (Index points : {1, 31, 64, 65, 1000}) {
    const WaveSchedule schedule(points);
    EXPECT_EQ(schedule.num_dims(), 0);
    EXPECT_EQ(schedule.num_waves(), 1);
    EXPECT_EQ(schedule.max_width(), points);
    check_pieces(schedule);
    for (unsigned direction : {0U, 1U, 5U}) {
      for (Index p = 0; p < points; ++p) ASSERT_EQ(schedule.rows(direction)[p], p);
    }
  }
}

TEST(WaveSchedule, MakesOnlyTheRowsOfTheDirectionsAskedFor) {
  const BatchShape batch = make_batch({{3, 4}, {2, 2}});
  const WaveSchedule some(batch, 2, {3, 1});
  const WaveSchedule all(batch, 2, all_directions(2));
  for (unsigned direction : {1U, 3U}) {
    EXPECT_TRUE(std::equal(all.rows(direction), all.rows(direction) + batch.points, some.rows(direction)));
  }
  EXPECT_EQ(some.rows(0), nullptr);
}

void expect_equal(const WaveSchedule& a, const WaveSchedule& b) {
  ASSERT_EQ(a.num_dims(), b.num_dims());
  ASSERT_EQ(a.num_waves(), b.num_waves());
  const auto same = [&](const std::int32_t* x, const std::int32_t* y) { return std::equal(x, x + a.num_points(), y); };
  for (Index w = 0; w < a.num_waves(); ++w) ASSERT_EQ(a.width(w), b.width(w));
  for (int d = 0; d < a.num_dims(); ++d) ASSERT_TRUE(same(a.before(d), b.before(d)) && same(a.after(d), b.after(d)));
  for (unsigned direction = 0; direction < (1U << a.num_dims()); ++direction) {
    ASSERT_TRUE(same(a.rows(direction), b.rows(direction)));
  }
}

TEST(ScheduleCache, GivesEqualBatchesTheSameScheduleAndOthersTheirOwn) {
  ScheduleCache cache;
  const auto schedule = [](const BatchShape& b, int dims) { return WaveSchedule(b, dims, all_directions(2)); };
  const std::vector<std::vector<Shape>> batches{{{3, 4}}, {{4, 3}}, {{3, 4}, {4, 3}}, {{2, 6}}, {{12, 1}}};
  for (int round = 0; round < 2; ++round) {
    for (const auto& shapes : batches) {
      const BatchShape batch = make_batch(shapes);
      expect_equal(*cache.get(batch, 2, all_directions(2)), schedule(batch, 2));
    }
  }
  EXPECT_EQ(cache.get(make_batch({{3, 4}}), 2, all_directions(2)),
            cache.get(make_batch({{3, 4}}), 2, all_directions(2)));
  // The same numbers, cut into shapes of other dimensions.
  expect_equal(*cache.get(make_batch({{3}, {4}}), 1, all_directions(1)),
               WaveSchedule(make_batch({{3}, {4}}), 1, all_directions(1)));
  expect_equal(*cache.get(make_batch({{}, {}}), 0, all_directions(0)), WaveSchedule(make_batch({{}, {}}), 0, {0}));
  expect_equal(*cache.get(make_batch({{}, {}, {}}), 0, all_directions(0)),
               WaveSchedule(make_batch({{}, {}, {}}), 0, {0}));
  EXPECT_EQ(cache.get_unordered(5)->num_points(), 5);
  EXPECT_EQ(cache.get_unordered(5), cache.get_unordered(5));
  EXPECT_EQ(cache.get_unordered(6)->num_points(), 6);
}

TEST(ScheduleCache, ForgetsWhenItIsFullAndWhatIsInUseStays) {
  ScheduleCache cache;
  const BatchShape large = make_batch({{200000}});
  const auto first = cache.get(large, 1, {1});
  EXPECT_EQ(cache.get(large, 1, {1}), first);
  cache.get(make_batch({{200001}}), 1, all_directions(1));
  cache.get(make_batch({{200002}}), 1, all_directions(1));  // too much together
  EXPECT_EQ(first->num_points(), 200000);
  EXPECT_EQ(first->rows(1)[199999], 199999);
  const auto again = cache.get(large, 1, {1});
  EXPECT_NE(again, first);
  EXPECT_EQ(again->num_waves(), 200000);
}

}  // namespace
}  // namespace rnnlib
