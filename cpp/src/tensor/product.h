// SPDX-License-Identifier: Apache-2.0
// Matrix products through Eigen, on plain row-major arrays with a row stride. Instantiated for float and double.
#pragma once

#include <algorithm>

#include "rnnlib/types.h"

namespace rnnlib {

// A row-major matrix inside a larger one: element (r, c) is data[r * stride + c].
template <class T>
struct MatrixView {
  T* data;
  Index rows;
  Index cols;
  Index stride;

  MatrixView(T* d, Index r, Index c) : data(d), rows(r), cols(c), stride(c) {}
  MatrixView(T* d, Index r, Index c, Index s) : data(d), rows(r), cols(c), stride(s) {}
  template <class U>  // mutable to const
  MatrixView(const MatrixView<U>& other) : data(other.data), rows(other.rows), cols(other.cols), stride(other.stride) {}

  MatrixView rows_from(Index first, Index count) const { return {data + first * stride, count, cols, stride}; }
  MatrixView cols_from(Index first, Index count) const { return {data + first, rows, count, stride}; }
};

template <class Real>
using Matrix = MatrixView<Real>;
template <class Real>
using ConstMatrix = MatrixView<const Real>;

// Every row of m is `row`, [m.cols].
template <class Real>
void fill_rows(const Real* row, Matrix<Real> m) {
  for (Index r = 0; r < m.rows; ++r) std::copy_n(row, m.cols, m.data + r * m.stride);
}

// c += a * b          a [m, k], b [k, n], c [m, n]
template <class Real>
void add_product(ConstMatrix<Real> a, ConstMatrix<Real> b, Matrix<Real> c);

// c += a * b^T        a [m, k], b [n, k], c [m, n]
template <class Real>
void add_product_nt(ConstMatrix<Real> a, ConstMatrix<Real> b, Matrix<Real> c);

// c += a^T * b        a [k, m], b [k, n], c [m, n]
template <class Real>
void add_product_tn(ConstMatrix<Real> a, ConstMatrix<Real> b, Matrix<Real> c);

// sums[c] += sum over rows of a(r, c)
template <class Real>
void add_column_sums(ConstMatrix<Real> a, Real* sums);

// Rows of c that a large product is cut into. The size does not depend on the number of threads: the same bits for any.
inline constexpr Index kRowBlock = 512;

// Large products, cut into blocks of rows of c, on the threads of the caller's team.
template <class Real>
void add_product_parallel(ConstMatrix<Real> a, ConstMatrix<Real> b, Matrix<Real> c);
template <class Real>
void add_product_nt_parallel(ConstMatrix<Real> a, ConstMatrix<Real> b, Matrix<Real> c);
template <class Real>
void add_product_tn_parallel(ConstMatrix<Real> a, ConstMatrix<Real> b, Matrix<Real> c);

}  // namespace rnnlib
