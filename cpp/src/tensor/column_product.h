// SPDX-License-Identifier: Apache-2.0
// Products with the points of a wave as columns: a unit's values at all points lie together, and vectors go along the
// points. For layers of few units. Instantiated for float and double.
//
// Columns [units, stride]: the stride is a multiple of the vector unit's lanes; columns behind the last point are
// padding. Arrays are aligned like a Buffer.
#pragma once

#include <vector>

#include "tensor/lanes.h"

namespace rnnlib {

// Room for n columns.
template <class Real>
constexpr Index column_stride(Index n) {
  return (n + kVectorLanes<Real> - 1) / kVectorLanes<Real> * kVectorLanes<Real>;
}

// out(r, :) = bias[r] + sum over k of weights[k * weight_stride + r] * x(k, :)      x [depth, stride], out [rows,
// stride]
template <class Real>
void column_product(const Real* weights, Index weight_stride, const Real* bias, const Real* x, Index depth, Index rows,
                    Index stride, Real* out);

// out(r, :) = sum over k of weights[r * weight_stride + k] * x(k, :)
template <class Real>
void column_product_transposed(const Real* weights, Index weight_stride, const Real* x, Index depth, Index rows,
                               Index stride, Real* out);

// The x [x_rows, stride] and y [y_rows, stride] of one wave.
template <class Real>
struct ColumnPair {
  const Real* x;
  const Real* y;
  Index stride;
};

// Sums over points by lanes, to be added up once at the end: lanes(k, r, :) += x(k, :) * y(r, :) over all points of all
// waves, lanes [x_rows, y_rows, lanes of a vector]. Padding must be 0 in y.
template <class Real>
void add_lane_products(const std::vector<ColumnPair<Real>>& waves, Index x_rows, Index y_rows, Real* lanes);

// lanes(r, :) += a(r, :) * b(r, :) over all points, a and b [rows, stride]
template <class Real>
void add_lane_dots(const Real* a, const Real* b, Index rows, Index stride, Real* lanes);

// sums[k * sums_stride + r] += sum of lanes(k, r, :)
template <class Real>
void add_lanes(const Real* lanes, Index x_rows, Index y_rows, Real* sums, Index sums_stride);

}  // namespace rnnlib
