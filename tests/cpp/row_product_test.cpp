// SPDX-License-Identifier: Apache-2.0
// Row products against three loops, for sizes around those of vectors, panels and tiles.
#include "tensor/row_product.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "rnnlib/random.h"

namespace rnnlib {
namespace {

template <class Real>
class RowProduct : public ::testing::Test {
 protected:
  static constexpr double kTolerance = sizeof(Real) == 4 ? 2e-5 : 1e-13;
};
using Reals = ::testing::Types<float, double>;
TYPED_TEST_SUITE(RowProduct, Reals, );

template <class Real>
std::vector<Real> random_values(Index n, unsigned seed) {
  Random random(seed);
  std::vector<Real> values(static_cast<std::size_t>(n));
  for (Real& value : values) value = static_cast<Real>(random.uniform(-1, 1));
  return values;
}

const Index kRows[] = {1, 2, 3, 4, 5, 8, 9, 17, 40};
const Index kCols[] = {1, 7, 8, 15, 16, 17, 32, 33, 50, 130};
const Index kDepths[] = {0, 1, 6, 25};

// Rows in reverse order, in two pieces that lie apart, with outputs in rows that are wider than needed.
TYPED_TEST(RowProduct, EqualsThreeLoops) {
  using Real = TypeParam;
  for (Index n : kRows) {
    for (Index cols : kCols) {
      for (Index depth : kDepths) {
        constexpr Index kSegments = 2;
        const Index stride = padded(cols) + kRowPadding;
        const std::vector<Real> matrix = random_values<Real>(kSegments * depth * (cols + 3), 1);
        const std::vector<Real> x = random_values<Real>(kSegments * n * depth + 1, 2);
        const std::vector<Real> init = random_values<Real>(n * stride, 3);
        std::vector<const Real*> rows;
        for (Index s = 0; s < kSegments; ++s) {
          for (Index j = n; j-- > 0;) rows.push_back(x.data() + (s * n + j) * depth);
        }
        RowWeights<Real> weights;
        weights.assign({matrix.data(), kSegments * depth, cols, cols + 3});
        EXPECT_EQ(weights.depth(), kSegments * depth);
        EXPECT_EQ(weights.cols(), cols);
        std::vector<Real> out(init.size(), Real(-9));
        std::vector<Real> from_zero(init.size());
        std::vector<Real> in_place = init;
        std::vector<Real> same_for_all(init.size());
        row_product<Real>(weights, rows.data(), kSegments, n, {init.data(), stride}, out.data(), stride);
        row_product<Real>(weights, rows.data(), kSegments, n, {}, from_zero.data(), stride);
        row_product<Real>(weights, rows.data(), kSegments, n, {in_place.data(), stride}, in_place.data(), stride);
        row_product<Real>(weights, rows.data(), kSegments, n, {init.data(), 0}, same_for_all.data(), stride);
        for (Index j = 0; j < n; ++j) {
          for (Index c = 0; c < stride; ++c) {
            const std::size_t i = static_cast<std::size_t>(j * stride + c);
            if (c >= padded(cols)) {
              ASSERT_EQ(out[i], Real(-9));
              continue;
            }
            if (c >= cols) continue;
            double sum = 0;
            for (Index k = 0; k < kSegments * depth; ++k) {
              const Index row = (k / std::max<Index>(depth, 1)) * n + j;
              const Real factor = rows[static_cast<std::size_t>(row)][k % std::max<Index>(depth, 1)];
              sum += static_cast<double>(factor) *
                     static_cast<double>(matrix[static_cast<std::size_t>(k * (cols + 3) + c)]);
            }
            ASSERT_NEAR(out[i], static_cast<double>(init[i]) + sum, this->kTolerance)
                << n << " " << cols << " " << depth;
            ASSERT_EQ(in_place[i], out[i]);
            ASSERT_NEAR(from_zero[i], sum, this->kTolerance);
            ASSERT_NEAR(same_for_all[i], static_cast<double>(init[static_cast<std::size_t>(c)]) + sum,
                        this->kTolerance);
          }
        }
      }
    }
  }
}

TYPED_TEST(RowProduct, ARowIsTheSameToTheBitHoweverManyThereAre) {
  using Real = TypeParam;
  constexpr Index kDepth = 37;
  constexpr Index kColumns = 77;
  const std::vector<Real> matrix = random_values<Real>(kDepth * kColumns, 1);
  const std::vector<Real> x = random_values<Real>(40 * kDepth, 2);
  RowWeights<Real> weights;
  weights.assign({matrix.data(), kDepth, kColumns});
  const Index stride = padded(kColumns);
  for (Index n : kRows) {
    std::vector<const Real*> rows;
    for (Index j = 0; j < n; ++j) rows.push_back(x.data() + j * kDepth);
    std::vector<Real> together(static_cast<std::size_t>(n * stride));
    row_product<Real>(weights, rows.data(), 1, n, {}, together.data(), stride);
    std::vector<Real> alone(static_cast<std::size_t>(stride));
    for (Index j = 0; j < n; ++j) {
      row_product<Real>(weights, &rows[static_cast<std::size_t>(j)], 1, 1, {}, alone.data(), stride);
      ASSERT_TRUE(std::equal(alone.begin(), alone.begin() + kColumns, together.begin() + j * stride));
    }
  }
}

TYPED_TEST(RowProduct, TransposedWeights) {
  using Real = TypeParam;
  const std::vector<Real> matrix = random_values<Real>(5 * 9, 1);  // [cols 5, depth 7 of 9]
  std::vector<Real> turned(7 * 5);
  for (std::size_t k = 0; k < 7; ++k) {
    for (std::size_t c = 0; c < 5; ++c) turned[k * 5 + c] = matrix[c * 9 + k];
  }
  RowWeights<Real> a;
  RowWeights<Real> b;
  a.assign_transposed({matrix.data(), 5, 7, 9});
  b.assign({turned.data(), 7, 5});
  EXPECT_EQ(a.depth(), 7);
  EXPECT_EQ(a.cols(), 5);
  EXPECT_TRUE(std::equal(a.data(), a.data() + RowWeights<Real>::elements(7, 5), b.data()));
}

TYPED_TEST(RowProduct, OuterProductsAndRowSumsEqualLoops) {
  using Real = TypeParam;
  for (Index n : {0, 1, 3, 20}) {
    for (Index depth : {1, 2, 8, 9, 23}) {
      for (Index cols : {16, 48, 128}) {
        const std::vector<Real> x = random_values<Real>(n * depth + 1, 1);
        const std::vector<Real> y = random_values<Real>(n * cols + 1, 2);
        std::vector<const Real*> xs;
        std::vector<const Real*> ys;
        for (Index j = 0; j < n; ++j) {
          xs.push_back(x.data() + j * depth);
          ys.push_back(y.data() + j * cols);
        }
        const std::vector<Real> before = random_values<Real>(depth * cols, 3);
        Buffer<Real> sums;
        std::copy(before.begin(), before.end(), sums.resize(depth * cols));
        Buffer<Real> row_sums;
        row_sums.resize(cols);
        row_sums.fill(Real(1));
        add_outer_products<Real>(xs.data(), depth, ys.data(), cols, n, sums.data());
        add_row_sums<Real>(ys.data(), cols, n, row_sums.data());
        for (Index c = 0; c < cols; ++c) {
          double total = 1;
          for (Index j = 0; j < n; ++j) total += static_cast<double>(ys[static_cast<std::size_t>(j)][c]);
          ASSERT_NEAR(row_sums[c], total, this->kTolerance);
          for (Index k = 0; k < depth; ++k) {
            double sum = static_cast<double>(before[static_cast<std::size_t>(k * cols + c)]);
            for (std::size_t j = 0; j < xs.size(); ++j)
              sum += static_cast<double>(xs[j][k]) * static_cast<double>(ys[j][c]);
            ASSERT_NEAR(sums[k * cols + c], sum, this->kTolerance);
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace rnnlib
