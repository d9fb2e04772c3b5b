// SPDX-License-Identifier: Apache-2.0
// Products of matrices inside larger ones against three loops, and the same bits for any number of threads.
#include "tensor/product.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/parallel/team.h"
#include "rnnlib/random.h"

namespace rnnlib {
namespace {

// A matrix with `extra` columns beside it that must stay as they are.
template <class Real>
struct Storage {
  Index rows;
  Index cols;
  Index stride;
  std::vector<Real> values;

  Storage(Index r, Index c, Index extra, unsigned seed)
      : rows(r), cols(c), stride(c + extra), values(static_cast<std::size_t>(r * stride)) {
    Random random(seed);
    for (Real& value : values) value = static_cast<Real>(random.uniform(-1, 1));
  }
  Matrix<Real> view() { return {values.data(), rows, cols, stride}; }
  ConstMatrix<Real> view() const { return {values.data(), rows, cols, stride}; }
  Real& at(Index r, Index c) { return values.at(static_cast<std::size_t>(r * stride + c)); }
  Real at(Index r, Index c) const { return values.at(static_cast<std::size_t>(r * stride + c)); }
};

// c += op(a) * op(b), transposed where wanted
template <class Real>
void naive_product(const Storage<Real>& a, bool a_transposed, const Storage<Real>& b, bool b_transposed,
                   Storage<Real>& c) {
  const Index inner = a_transposed ? a.rows : a.cols;
  for (Index i = 0; i < c.rows; ++i) {
    for (Index j = 0; j < c.cols; ++j) {
      for (Index k = 0; k < inner; ++k) {
        c.at(i, j) += (a_transposed ? a.at(k, i) : a.at(i, k)) * (b_transposed ? b.at(j, k) : b.at(k, j));
      }
    }
  }
}

template <class Real>
class Product : public ::testing::Test {
 protected:
  static constexpr double kTolerance = sizeof(Real) == 4 ? 2e-5 : 1e-13;
  static void expect_near(const Storage<Real>& a, const Storage<Real>& b) {
    for (std::size_t i = 0; i < a.values.size(); ++i) {
      ASSERT_NEAR(static_cast<double>(a.values[i]), static_cast<double>(b.values[i]), kTolerance);
    }
  }
};
using Reals = ::testing::Types<float, double>;
TYPED_TEST_SUITE(Product, Reals, );  // the empty argument: clang asks for one

struct Sizes {
  Index m, k, n;
};
const Sizes kSizes[] = {{1, 1, 1},  {3, 2, 4},    {7, 5, 1}, {1, 9, 6},    {1, 1, 8}, {17, 33, 9},
                        {64, 3, 5}, {70, 40, 21}, {5, 0, 3}, {600, 4, 11}, {0, 3, 2}, {3, 600, 2}};

TYPED_TEST(Product, EqualsThreeLoops) {
  using Real = TypeParam;
  for (const Sizes& s : kSizes) {
    for (Index extra : {0, 3}) {
      SCOPED_TRACE(testing::Message() << s.m << " " << s.k << " " << s.n << " extra " << extra);
      Storage<Real> c(s.m, s.n, extra, 3);
      Storage<Real> expected = c;
      {
        const Storage<Real> a(s.m, s.k, extra, 1);
        const Storage<Real> b(s.k, s.n, extra, 2);
        add_product<Real>(a.view(), b.view(), c.view());
        naive_product(a, false, b, false, expected);
        this->expect_near(c, expected);
      }
      {
        const Storage<Real> a(s.m, s.k, extra, 1);
        const Storage<Real> b(s.n, s.k, extra, 2);
        add_product_nt<Real>(a.view(), b.view(), c.view());
        naive_product(a, false, b, true, expected);
        this->expect_near(c, expected);
      }
      const Storage<Real> a(s.k, s.m, extra, 1);
      const Storage<Real> b(s.k, s.n, extra, 2);
      add_product_tn<Real>(a.view(), b.view(), c.view());
      naive_product(a, true, b, false, expected);
      this->expect_near(c, expected);
    }
  }
}

TYPED_TEST(Product, ColumnSumsAreAdded) {
  using Real = TypeParam;
  for (const Sizes& s : kSizes) {
    for (Index extra : {0, 3}) {
      const Storage<Real> a(s.m, s.n, extra, 1);
      std::vector<Real> columns(static_cast<std::size_t>(s.n), Real(2));
      add_column_sums<Real>(a.view(), columns.data());
      for (Index j = 0; j < s.n; ++j) {
        double sum = 2;
        for (Index i = 0; i < s.m; ++i) sum += static_cast<double>(a.at(i, j));
        EXPECT_NEAR(static_cast<double>(columns[static_cast<std::size_t>(j)]), sum, 3 * this->kTolerance);
      }
    }
  }
}

// Waves lie at addresses that depend on what a sweep keeps.
TYPED_TEST(Product, BitsDoNotDependOnAddresses) {
  using Real = TypeParam;
  for (const Sizes& s : {Sizes{3, 6, 2}, {3, 3, 5}, {3, 6, 4}, {15, 6, 1}, {10, 4, 9}, {40, 16, 9}, {4, 2, 100}}) {
    const Storage<Real> a(s.m, s.k, 0, 1);
    const Storage<Real> b(s.k, s.n, 0, 2);
    const std::size_t size = static_cast<std::size_t>(s.m * s.n);
    std::vector<Real> expected(size, Real(1));
    add_product<Real>(a.view(), b.view(), {expected.data(), s.m, s.n});
    for (std::size_t shift = 0; shift < 16; ++shift) {
      std::vector<Real> moved_b(shift);
      moved_b.insert(moved_b.end(), b.values.begin(), b.values.end());
      std::vector<Real> moved(shift + size, Real(1));
      add_product<Real>(a.view(), {moved_b.data() + shift, s.k, s.n}, {moved.data() + shift, s.m, s.n});
      EXPECT_TRUE(std::equal(expected.begin(), expected.end(), moved.begin() + static_cast<std::ptrdiff_t>(shift)))
          << s.m << " " << s.k << " " << s.n << " shifted by " << shift;
    }
  }
}

TYPED_TEST(Product, ParallelProductsHaveTheSameBitsForAnyNumberOfThreads) {
  using Real = TypeParam;
  const Storage<Real> a(1300, 37, 2, 1);
  const Storage<Real> b(37, 150, 0, 2);
  const Storage<Real> bt(150, 37, 1, 3);
  const Storage<Real> tall(1300, 150, 0, 4);
  std::vector<Storage<Real>> results[3];
  for (int threads : {1, 2, 3, 8}) {
    Storage<Real> c(1300, 150, 1, 5);
    with_team(threads, [&] { add_product_parallel<Real>(a.view(), b.view(), c.view()); });
    results[0].push_back(c);
    with_team(threads, [&] { add_product_nt_parallel<Real>(a.view(), bt.view(), c.view()); });
    results[1].push_back(c);
    Storage<Real> d(150, 37, 1, 6);
    with_team(threads, [&] { add_product_tn_parallel<Real>(tall.view(), a.view(), d.view()); });
    results[2].push_back(d);
  }
  for (const auto& same : results) {
    for (const Storage<Real>& result : same) EXPECT_EQ(result.values, same[0].values);
  }
  Storage<Real> expected(1300, 150, 1, 5);
  naive_product(a, false, b, false, expected);
  this->expect_near(results[0][0], expected);
  naive_product(a, false, bt, true, expected);
  this->expect_near(results[1][0], expected);
  Storage<Real> weights(150, 37, 1, 6);
  naive_product(tall, true, a, false, weights);
  for (std::size_t i = 0; i < weights.values.size(); ++i) {
    ASSERT_NEAR(static_cast<double>(results[2][0].values[i]), static_cast<double>(weights.values[i]),
                20 * this->kTolerance);
  }
}

}  // namespace
}  // namespace rnnlib
