// SPDX-License-Identifier: Apache-2.0
// Products of single rows with weight matrices, for sweeps: rows lie anywhere (each has a pointer), there may be one or
// many of them, and the weights are packed once for many products. A row's result is the same to the bit however many
// rows are computed together. Instantiated for float and double.
#pragma once

#include "tensor/buffer.h"
#include "tensor/product.h"

namespace rnnlib {

// Rows that the kernels write are padded to a multiple of so many elements (a cache line of float, two of double).
inline constexpr Index kRowPadding = 16;

constexpr Index padded(Index n) { return (n + kRowPadding - 1) / kRowPadding * kRowPadding; }

// A weight matrix [depth, cols] in the order in which row products read it.
template <class Real>
class RowWeights {
 public:
  void assign(ConstMatrix<Real> weights);             // [depth, cols]
  void assign_transposed(ConstMatrix<Real> weights);  // [cols, depth]

  // In parts: after resize(), rows [first, first + depth of the part) from its transpose [cols, depth of the part].
  void resize(Index depth, Index cols);
  void assign_transposed(ConstMatrix<Real> part, Index first);

  Index depth() const { return depth_; }
  Index cols() const { return cols_; }
  const Real* data() const { return panels_.data(); }
  static Index elements(Index depth, Index cols);

 private:
  Index depth_ = 0;
  Index cols_ = 0;
  Buffer<Real> panels_;  // panels of neighbouring columns: [panel][depth][columns of a panel], zeros behind the last
};

// What products are added to: row j begins at data[j * stride].
template <class Real>
struct InitialRows {
  const Real* data = nullptr;  // null = zeros
  Index stride = 0;            // 0 = the same for all rows
};

// out(j, :) = init(j, :) + x(j, :) * weights for j in [0, n). Row x(j, :) comes in `segments` segments of equal length:
// segment s begins at x[s * n + j]. init and out may be the same. Rows of init and out have room for padded(cols)
// elements; what lies between cols and that is written too. With few rows, weights that are read again and again should
// be read from the last to the first every second time: so the caches still have what is read first. The result is the
// same.
template <class Real>
void row_product(const RowWeights<Real>& weights, const Real* const* x, Index segments, Index n, InitialRows<Real> init,
                 Real* out, Index out_stride, bool last_first = false);

// sums(k, :) += sum over j in [0, n) of x[j][k] * y[j][:], k in [0, depth). `cols` is a multiple of kRowPadding, and
// sums, like any Buffer, aligned.
template <class Real>
void add_outer_products(const Real* const* x, Index depth, const Real* const* y, Index cols, Index n, Real* sums);

// sums[:] += sum over j of y[j][:], likewise
template <class Real>
void add_row_sums(const Real* const* y, Index cols, Index n, Real* sums);

}  // namespace rnnlib
