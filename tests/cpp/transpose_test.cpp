// SPDX-License-Identifier: Apache-2.0
// Moves between batch rows and waves against their definitions.
#include "tensor/transpose.h"

#include <gtest/gtest.h>

#include <vector>

#include "rnnlib/random.h"

namespace rnnlib {
namespace {

std::vector<double> random_values(Index n, unsigned seed) {
  Random random(seed);
  std::vector<double> values(static_cast<std::size_t>(n));
  for (double& value : values) value = random.uniform(-1, 1);
  return values;
}

double at(const std::vector<double>& values, Index i) { return values.at(static_cast<std::size_t>(i)); }

TEST(Transpose, GatherWaveTakesRowsAndScatterWavePutsThemBack) {
  for (Index n : {1, 2, 5}) {
    constexpr Index kUnits = 3;
    constexpr Index kStride = 7;
    const std::vector<Index> rows{4, 0, 3, 1, 2};
    const std::vector<double> batch = random_values(5 * kStride, 1);
    std::vector<double> wave(static_cast<std::size_t>(kUnits * n), -9);
    gather_wave(batch.data() + 2, kStride, rows.data(), n, kUnits, wave.data());
    for (Index u = 0; u < kUnits; ++u) {
      for (Index j = 0; j < n; ++j) {
        EXPECT_EQ(at(wave, u * n + j), at(batch, rows[static_cast<std::size_t>(j)] * kStride + 2 + u));
      }
    }

    std::vector<double> back(batch.size(), -9);
    scatter_wave(wave.data(), rows.data(), n, kUnits, back.data() + 2, kStride);
    for (Index row = 0; row < 5; ++row) {
      const bool in_wave = std::find(rows.begin(), rows.begin() + n, row) != rows.begin() + n;
      for (Index c = 0; c < kStride; ++c) {
        const bool own = in_wave && c >= 2 && c < 2 + kUnits;
        EXPECT_EQ(at(back, row * kStride + c), own ? at(batch, row * kStride + c) : -9.0);
      }
    }
  }
}

// Row in the wave before of each point's predecessor, from the rows alone; -1 at the border. Direction: all forwards.
Index predecessor(const WaveSchedule& schedule, const Shape& shape, Index w, Index j, int d) {
  const unsigned forwards = (1U << schedule.num_dims()) - 1;
  const Index* rows = schedule.rows(forwards);
  const Index row = rows[schedule.wave_start(w) + j];
  Index stride = 1;
  for (std::size_t e = shape.size() - 1; e > static_cast<std::size_t>(d); --e) stride *= shape[e];
  if (row / stride % shape[static_cast<std::size_t>(d)] == 0) return -1;
  for (Index k = 0; k < schedule.width(w - 1); ++k) {
    if (rows[schedule.wave_start(w - 1) + k] == row - stride) return k;
  }
  return -2;
}

TEST(Transpose, PredecessorsAreGatheredAndTheirErrorsAdded) {
  constexpr Index kUnits = 2;
  for (const Shape& shape : std::vector<Shape>{{5}, {3, 4}, {1, 3}, {2, 3, 2}}) {
    BatchShape batch;
    batch.add(shape);
    const int dims = static_cast<int>(shape.size());
    const WaveSchedule schedule(batch, dims);
    for (Index w = 1; w < schedule.num_waves(); ++w) {
      const Index n = schedule.width(w);
      const Index n_before = schedule.width(w - 1);
      const std::vector<double> before = random_values(kUnits * n_before, 2);
      std::vector<double> gathered(static_cast<std::size_t>(dims * kUnits * n), -9);
      gather_predecessors(schedule, w, before.data(), kUnits, gathered.data());
      const std::vector<double> errors = random_values(dims * kUnits * n, 3);
      std::vector<double> added = before;
      scatter_predecessors(schedule, w, errors.data(), kUnits, added.data());

      std::vector<double> expected = before;
      for (int d = 0; d < dims; ++d) {
        for (Index u = 0; u < kUnits; ++u) {
          for (Index j = 0; j < n; ++j) {
            const Index from = predecessor(schedule, shape, w, j, d);
            ASSERT_GE(from, -1);
            const Index i = (d * kUnits + u) * n + j;
            EXPECT_EQ(at(gathered, i), from < 0 ? 0.0 : at(before, u * n_before + from));
            if (from >= 0) expected[static_cast<std::size_t>(u * n_before + from)] += at(errors, i);
          }
        }
      }
      for (std::size_t i = 0; i < added.size(); ++i) EXPECT_NEAR(added[i], expected[i], 1e-15);
    }
  }
}

TEST(Transpose, TheFirstWaveHasNoPredecessors) {
  BatchShape batch;
  batch.add({2, 2});
  batch.add({3, 1});
  const WaveSchedule schedule(batch, 2);
  std::vector<double> gathered(2 * 3 * 2, -9);
  gather_predecessors<double>(schedule, 0, nullptr, 3, gathered.data());
  EXPECT_EQ(gathered, std::vector<double>(12, 0.0));
}

}  // namespace
}  // namespace rnnlib
