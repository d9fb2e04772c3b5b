// SPDX-License-Identifier: Apache-2.0
// Products of columns against loops, for sizes around those of vectors and tiles.
#include "tensor/column_product.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "rnnlib/random.h"
#include "tensor/buffer.h"

namespace rnnlib {
namespace {

template <class Real>
class ColumnProduct : public ::testing::Test {
 protected:
  static constexpr double kTolerance = sizeof(Real) == 4 ? 2e-5 : 1e-13;
};
using Reals = ::testing::Types<float, double>;
TYPED_TEST_SUITE(ColumnProduct, Reals, );

template <class Real>
Buffer<Real> random_values(Index n, unsigned seed) {
  Random random(seed);
  Buffer<Real> values;
  values.resize(std::max<Index>(n, 1));
  for (Index i = 0; i < n; ++i) values[i] = static_cast<Real>(random.uniform(-1, 1));
  return values;
}

const Index kPoints[] = {1, 15, 16, 17, 40, 100};

TYPED_TEST(ColumnProduct, EqualsThreeLoops) {
  using Real = TypeParam;
  for (Index n : kPoints) {
    for (Index rows : {1, 4, 5, 8, 9, 24}) {
      for (Index depth : {0, 1, 7, 16}) {
        const Index stride = column_stride<Real>(n);
        const Index weight_stride = std::max(rows, depth) + 2;
        const Buffer<Real> weights = random_values<Real>((std::max(rows, depth) + 1) * weight_stride, 1);
        const Buffer<Real> bias = random_values<Real>(rows, 2);
        const Buffer<Real> x = random_values<Real>(depth * stride, 3);
        Buffer<Real> out = random_values<Real>(rows * stride, 4);
        Buffer<Real> transposed = random_values<Real>(rows * stride, 5);
        column_product<Real>(weights.data(), weight_stride, bias.data(), x.data(), depth, rows, stride, out.data());
        column_product_transposed<Real>(weights.data(), weight_stride, x.data(), depth, rows, stride,
                                        transposed.data());
        for (Index r = 0; r < rows; ++r) {
          for (Index c = 0; c < stride; ++c) {
            double sum = static_cast<double>(bias[r]);
            double transposed_sum = 0;
            for (Index k = 0; k < depth; ++k) {
              const double value = static_cast<double>(x[k * stride + c]);
              sum += static_cast<double>(weights[k * weight_stride + r]) * value;
              transposed_sum += static_cast<double>(weights[r * weight_stride + k]) * value;
            }
            ASSERT_NEAR(out[r * stride + c], sum, this->kTolerance);
            ASSERT_NEAR(transposed[r * stride + c], transposed_sum, this->kTolerance);
          }
        }
      }
    }
  }
}

TYPED_TEST(ColumnProduct, LanesAddUpToSumsOverPoints) {
  using Real = TypeParam;
  for (Index x_rows : {1, 4, 5, 11}) {
    for (Index y_rows : {1, 3, 4, 10}) {
      std::vector<Buffer<Real>> xs;
      std::vector<Buffer<Real>> ys;
      std::vector<ColumnPair<Real>> waves;
      for (Index n : kPoints) {
        const Index stride = column_stride<Real>(n);
        xs.push_back(random_values<Real>(x_rows * stride, 1));
        ys.push_back(random_values<Real>(y_rows * stride, 2));
        waves.push_back({xs.back().data(), ys.back().data(), stride});
      }
      Buffer<Real> lanes;
      lanes.resize(x_rows * y_rows * kVectorLanes<Real>);
      lanes.fill(Real(0));
      add_lane_products<Real>(waves, x_rows, y_rows, lanes.data());
      Buffer<Real> dots;
      dots.resize(x_rows * kVectorLanes<Real>);
      dots.fill(Real(0));
      add_lane_dots<Real>(waves[5].x, waves[5].x, x_rows, waves[5].stride, dots.data());

      constexpr Index kBeside = 2;
      std::vector<Real> sums(static_cast<std::size_t>(x_rows * (y_rows + kBeside)), Real(1));
      std::vector<Real> dot_sums(static_cast<std::size_t>(x_rows), Real(0));
      add_lanes<Real>(lanes.data(), x_rows, y_rows, sums.data(), y_rows + kBeside);
      add_lanes<Real>(dots.data(), x_rows, 1, dot_sums.data(), 1);
      for (Index k = 0; k < x_rows; ++k) {
        double dot = 0;
        for (Index c = 0; c < waves[5].stride; ++c) {
          const double value = static_cast<double>(waves[5].x[k * waves[5].stride + c]);
          dot += value * value;
        }
        ASSERT_NEAR(dot_sums[static_cast<std::size_t>(k)], dot, 10 * this->kTolerance);
        for (Index r = 0; r < y_rows + kBeside; ++r) {
          double sum = 1;
          for (const ColumnPair<Real>& wave : waves) {
            for (Index c = 0; r < y_rows && c < wave.stride; ++c) {
              sum +=
                  static_cast<double>(wave.x[k * wave.stride + c]) * static_cast<double>(wave.y[r * wave.stride + c]);
            }
          }
          ASSERT_NEAR(sums[static_cast<std::size_t>(k * (y_rows + kBeside) + r)], sum, 10 * this->kTolerance);
        }
      }
    }
  }
}

}  // namespace
}  // namespace rnnlib
