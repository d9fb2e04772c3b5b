// SPDX-License-Identifier: Apache-2.0
#include "tensor/product.h"

#include <algorithm>

#include "base/parallel/loops.h"
#include "tensor/eigen.h"

namespace rnnlib {

namespace {

constexpr Index kWeightRowBlock = 64;  // rows of a weight matrix that one task computes

template <class Real>
using EigenMatrix = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

template <class Real>
auto map(Matrix<Real> m) {
  return Eigen::Map<EigenMatrix<Real>, Eigen::Unaligned, Eigen::OuterStride<>>(m.data, m.rows, m.cols,
                                                                               Eigen::OuterStride<>(m.stride));
}

template <class Real>
auto map(ConstMatrix<Real> m) {
  return Eigen::Map<const EigenMatrix<Real>, Eigen::Unaligned, Eigen::OuterStride<>>(m.data, m.rows, m.cols,
                                                                                     Eigen::OuterStride<>(m.stride));
}

// Products this small (rows + columns + depth) Eigen would compute coefficient by coefficient, and with FMA round them
// by the address of c. In a narrow layer's waves that address depends on what the sweep keeps: the same network must
// not give other bits in training than in prediction.
constexpr Index kTinyProduct = 20;

template <class Real>
void add_tiny_product(ConstMatrix<Real> a, ConstMatrix<Real> b, Matrix<Real> c) {
  for (Index i = 0; i < c.rows; ++i) {
    Real* __restrict sums = c.data + i * c.stride;
    for (Index k = 0; k < a.cols; ++k) {
      const Real factor = a.data[i * a.stride + k];
      const Real* __restrict row = b.data + k * b.stride;
      for (Index j = 0; j < c.cols; ++j) sums[j] += factor * row[j];
    }
  }
}

}  // namespace

template <class Real>
void add_product(ConstMatrix<Real> a, ConstMatrix<Real> b, Matrix<Real> c) {
  if (c.rows + c.cols + a.cols < kTinyProduct) {
    add_tiny_product<Real>(a, b, c);
    return;
  }
  map<Real>(c).noalias() += map<Real>(a) * map<Real>(b);
}

template <class Real>
void add_product_nt(ConstMatrix<Real> a, ConstMatrix<Real> b, Matrix<Real> c) {
  map<Real>(c).noalias() += map<Real>(a) * map<Real>(b).transpose();
}

template <class Real>
void add_product_tn(ConstMatrix<Real> a, ConstMatrix<Real> b, Matrix<Real> c) {
  map<Real>(c).noalias() += map<Real>(a).transpose() * map<Real>(b);
}

template <class Real>
void add_column_sums(ConstMatrix<Real> a, Real* sums) {
  for (Index r = 0; r < a.rows; ++r) {
    const Real* row = a.data + r * a.stride;
    for (Index c = 0; c < a.cols; ++c) sums[c] += row[c];
  }
}

template <class Real>
void add_product_parallel(ConstMatrix<Real> a, ConstMatrix<Real> b, Matrix<Real> c) {
  parallel_blocks(c.rows, kRowBlock, [&](Index first, Index n, int) {
    add_product<Real>(a.rows_from(first, n), b, c.rows_from(first, n));
  });
}

template <class Real>
void add_product_nt_parallel(ConstMatrix<Real> a, ConstMatrix<Real> b, Matrix<Real> c) {
  parallel_blocks(c.rows, kRowBlock, [&](Index first, Index n, int) {
    add_product_nt<Real>(a.rows_from(first, n), b, c.rows_from(first, n));
  });
}

template <class Real>
void add_product_tn_parallel(ConstMatrix<Real> a, ConstMatrix<Real> b, Matrix<Real> c) {
  parallel_blocks(c.rows, kWeightRowBlock, [&](Index first, Index n, int) {
    add_product_tn<Real>(a.cols_from(first, n), b, c.rows_from(first, n));
  });
}

#define RNNLIB_INSTANTIATE(Real)                                                                   \
  template void add_product<Real>(ConstMatrix<Real>, ConstMatrix<Real>, Matrix<Real>);             \
  template void add_product_nt<Real>(ConstMatrix<Real>, ConstMatrix<Real>, Matrix<Real>);          \
  template void add_product_tn<Real>(ConstMatrix<Real>, ConstMatrix<Real>, Matrix<Real>);          \
  template void add_column_sums<Real>(ConstMatrix<Real>, Real*);                                   \
  template void add_product_parallel<Real>(ConstMatrix<Real>, ConstMatrix<Real>, Matrix<Real>);    \
  template void add_product_nt_parallel<Real>(ConstMatrix<Real>, ConstMatrix<Real>, Matrix<Real>); \
  template void add_product_tn_parallel<Real>(ConstMatrix<Real>, ConstMatrix<Real>, Matrix<Real>);
RNNLIB_INSTANTIATE(float)
RNNLIB_INSTANTIATE(double)
#undef RNNLIB_INSTANTIATE

}  // namespace rnnlib
