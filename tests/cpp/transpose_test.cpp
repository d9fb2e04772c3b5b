// SPDX-License-Identifier: Apache-2.0
// Moves between rows, columns and neighbouring waves against their definitions.
#include "tensor/transpose.h"

#include <gtest/gtest.h>

#include <vector>

#include "make_batch.h"
#include "rnnlib/random.h"

namespace rnnlib {
namespace {

template <class Real>
std::vector<Real> random_values(Index n) {
  Random random(3);
  std::vector<Real> values(static_cast<std::size_t>(n));
  for (Real& value : values) value = static_cast<Real>(random.uniform(-1, 1));
  return values;
}

template <class Real>
class Transpose : public ::testing::Test {};
using Reals = ::testing::Types<float, double>;
TYPED_TEST_SUITE(Transpose, Reals, );

TYPED_TEST(Transpose, RowsBecomeColumnsAndRowsAgain) {
  using Real = TypeParam;
  for (Index n : {1, 3, 4, 9, 17}) {
    for (Index units : {1, 2, 4, 7, 24}) {
      const Index stride = units + 2;
      const std::vector<Real> matrix = random_values<Real>(n * stride);
      std::vector<const Real*> rows;
      for (Index j = n; j-- > 0;) rows.push_back(matrix.data() + j * stride);
      std::vector<Real> columns(static_cast<std::size_t>(units * n + 1), Real(-9));
      rows_to_columns<Real>(rows.data(), n, units, columns.data(), n);
      for (Index u = 0; u < units; ++u) {
        for (Index j = 0; j < n; ++j) {
          ASSERT_EQ(columns[static_cast<std::size_t>(u * n + j)], rows[static_cast<std::size_t>(j)][u]);
        }
      }
      EXPECT_EQ(columns.back(), Real(-9));

      std::vector<Real> back(matrix.size(), Real(-9));
      std::vector<Real*> to;
      for (Index j = n; j-- > 0;) to.push_back(back.data() + j * stride);
      columns_to_rows<Real>(columns.data(), n, n, units, to.data());
      for (std::size_t i = 0; i < back.size(); ++i) {
        ASSERT_EQ(back[i], static_cast<Index>(i) % stride < units ? matrix[i] : Real(-9));
      }
    }
  }
}

TYPED_TEST(Transpose, NeighboursInTheWavesBeforeAndAfter) {
  using Real = TypeParam;
  constexpr Index kUnits = 3;
  for (const auto& shapes : std::vector<std::vector<Shape>>{
           {{5}, {3}}, {{4, 3}}, {{30, 40}, {1, 2}, {2, 50}}, {{2, 3, 2}, {20, 9, 8}, {1, 1, 1}}}) {
    const int dims = static_cast<int>(shapes[0].size());
    const WaveSchedule schedule(make_batch(shapes), dims, {0});
    constexpr Index kPadding = 3;
    const Index stride = schedule.max_width() + kPadding;
    const std::vector<Real> wave = random_values<Real>(dims * kUnits * stride);
    std::vector<Real> moved(wave.size() + static_cast<std::size_t>(kSlack<Real>));
    for (Index w = 0; w < schedule.num_waves(); ++w) {
      const Index n = schedule.width(w);
      const auto expect = [&](const std::int32_t* neighbours, Index other_wave, int d, bool parts) {
        for (Index j = 0; j < stride; ++j) {
          const Index position = j < n ? neighbours[schedule.wave_start(w) + j] : -1;
          for (Index u = 0; u < kUnits; ++u) {
            Real expected = 0;
            if (position >= 0) {
              const Index part = parts ? d * kUnits * stride : 0;
              expected = wave[static_cast<std::size_t>(part + u * stride + position - schedule.wave_start(other_wave))];
            }
            ASSERT_EQ(moved[static_cast<std::size_t>((d * kUnits + u) * stride + j)], expected);
          }
        }
      };
      columns_before<Real>(schedule, w, wave.data(), stride, kUnits, moved.data(), stride);
      for (int d = 0; d < dims; ++d) expect(schedule.before(d), w - 1, d, false);
      columns_after<Real>(schedule, w, wave.data(), stride, kUnits, moved.data(), stride);
      for (int d = 0; d < dims; ++d) expect(schedule.after(d), w + 1, d, true);
    }
  }
}

}  // namespace
}  // namespace rnnlib
