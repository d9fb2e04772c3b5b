// SPDX-License-Identifier: Apache-2.0
// A tile of the result, some rows by some vectors of columns, stays in registers while all products are added to it.
#include "tensor/row_product.h"

#include <algorithm>
#include <array>
#include <utility>

#include "tensor/tiles.h"
#include "tensor/transpose.h"

namespace rnnlib {

namespace {

constexpr int kVectors = 2;  // packets side by side in a panel

template <class Real>
constexpr Index kPanel = kVectors * kLanes<Real>;
static_assert(kRowPadding % kLanes<float> == 0 && kRowPadding % kLanes<double> == 0);

template <class Real>
constexpr Index panels_of(Index cols) {
  return (cols + kPanel<Real> - 1) / kPanel<Real>;
}

template <class Real>
struct RowTask {
  const Real* const* x;
  Index segments;
  Index segment_depth;
  Index n;
  InitialRows<Real> init;
  Real* out;
  Index out_stride;
};

// Rows [j, j + Rows), `Packets` packets of columns from the beginning of panel p on.
template <int Rows, int Packets, class Real>
EIGEN_STRONG_INLINE void product_tile(const RowTask<Real>& t, Index j, const Real* weights, Index panel_size, Index p) {
  using P = Packet<Real>;
  const Real* init = t.init.data == nullptr ? nullptr : t.init.data + j * t.init.stride + p * kPanel<Real>;
  P sums[Rows][Packets];
  for (int r = 0; r < Rows; ++r) {
    for (int v = 0; v < Packets; ++v) {
      sums[r][v] =
          init == nullptr ? simd::pset1<P>(Real(0)) : simd::ploadu<P>(init + r * t.init.stride + v * kLanes<Real>);
    }
  }
  const Real* w = weights + p * panel_size;
  for (Index s = 0; s < t.segments; ++s) {
    const Real* x[Rows];
    for (int r = 0; r < Rows; ++r) x[r] = t.x[s * t.n + j + r];
    for (Index k = 0; k < t.segment_depth; ++k, w += kPanel<Real>) {
      P column[Packets];
      for (int v = 0; v < Packets; ++v) {
        column[v] = simd::pload<P>(w + (v / kVectors) * panel_size + (v % kVectors) * kLanes<Real>);
      }
      for (int r = 0; r < Rows; ++r) {
        const P factor = simd::pset1<P>(x[r][k]);
        for (int v = 0; v < Packets; ++v) sums[r][v] = simd::pmadd(factor, column[v], sums[r][v]);
      }
    }
  }
  Real* out = t.out + j * t.out_stride + p * kPanel<Real>;
  for (int r = 0; r < Rows; ++r) {
    for (int v = 0; v < Packets; ++v) simd::pstoreu(out + r * t.out_stride + v * kLanes<Real>, sums[r][v]);
  }
}

// With few rows several panels go together, so that enough sums are under way to hide the latency of an addition.
template <int Rows>
constexpr int kTogether = Rows == 1   ? 4 * kVectors
                          : Rows == 2 ? 2 * kVectors
                                      : kVectors;

// The tile of at most `Packets` packets that the columns have left.
template <int Rows, int Packets, class Real>
EIGEN_STRONG_INLINE void last_tile(const RowTask<Real>& t, Index j, const Real* weights, Index panel_size, Index p,
                                   Index packets) {
  if constexpr (Packets > 0) {
    if (packets == Packets) {
      product_tile<Rows, Packets>(t, j, weights, panel_size, p);
    } else {
      last_tile<Rows, Packets - 1>(t, j, weights, panel_size, p, packets);
    }
  }
}

// Panels [first, end) of rows [j, j + Rows).
template <int Rows, class Real>
void product_rows(const RowTask<Real>& t, Index j, const Real* weights, Index depth, Index cols, Index first,
                  Index end) {
  constexpr int kPackets = kTogether<Rows>;
  const Index panel_size = depth * kPanel<Real>;
  const Index packets = (std::min(cols, end * kPanel<Real>) + kLanes<Real> - 1) / kLanes<Real>;
  Index p = first;
  for (; p * kVectors + kPackets <= packets; p += kPackets / kVectors) {
    product_tile<Rows, kPackets>(t, j, weights, panel_size, p);
  }
  last_tile<Rows, kPackets - 1>(t, j, weights, panel_size, p, packets - p * kVectors);
}

// The same for all panels, from the last to the first.
template <int Rows, class Real>
void product_rows_back(const RowTask<Real>& t, const Real* weights, Index depth, Index cols) {
  constexpr int kPackets = kTogether<Rows>;
  const Index panel_size = depth * kPanel<Real>;
  const Index packets = (cols + kLanes<Real> - 1) / kLanes<Real>;
  Index p = packets / kPackets * (kPackets / kVectors);
  last_tile<Rows, kPackets - 1>(t, 0, weights, panel_size, p, packets - p * kVectors);
  while (p > 0) product_tile<Rows, kPackets>(t, 0, weights, panel_size, p -= kPackets / kVectors);
}

template <class Real, int... Rows>
constexpr auto product_table(std::integer_sequence<int, Rows...>) {
  using Function = void (*)(const RowTask<Real>&, Index, const Real*, Index, Index, Index, Index);
  return std::array<Function, sizeof...(Rows)>{&product_rows<Rows + 1, Real>...};
}

// sums(k, c..) for `Depth` values of k and `Vectors` packets of columns.
template <int Depth, int Vectors, class Real>
EIGEN_STRONG_INLINE void outer_tile(const Real* const* x, Index k, const Real* const* y, Index c, Index n, Real* sums,
                                    Index cols) {
  using P = Packet<Real>;
  P tile[Depth][Vectors];
  for (int r = 0; r < Depth; ++r) {
    for (int v = 0; v < Vectors; ++v) tile[r][v] = simd::pload<P>(sums + (k + r) * cols + c + v * kLanes<Real>);
  }
  for (Index j = 0; j < n; ++j) {
    const Real* xj = x[j] + k;
    const Real* yj = y[j] + c;
    P row[Vectors];
    for (int v = 0; v < Vectors; ++v) row[v] = simd::ploadu<P>(yj + v * kLanes<Real>);
    for (int r = 0; r < Depth; ++r) {
      const P factor = simd::pset1<P>(xj[r]);
      for (int v = 0; v < Vectors; ++v) tile[r][v] = simd::pmadd(factor, row[v], tile[r][v]);
    }
  }
  for (int r = 0; r < Depth; ++r) {
    for (int v = 0; v < Vectors; ++v) simd::pstore(sums + (k + r) * cols + c + v * kLanes<Real>, tile[r][v]);
  }
}

template <int Depth, class Real>
void outer_rows(const Real* const* x, Index k, const Real* const* y, Index first, Index last, Index cols, Index n,
                Real* sums) {
  Index c = first;
  for (; c + kPanel<Real> <= last; c += kPanel<Real>) outer_tile<Depth, kVectors>(x, k, y, c, n, sums, cols);
  for (; c < last; c += kLanes<Real>) outer_tile<Depth, 1>(x, k, y, c, n, sums, cols);
}

template <class Real, int... Depth>
constexpr auto outer_table(std::integer_sequence<int, Depth...>) {
  using Function = void (*)(const Real* const*, Index, const Real* const*, Index, Index, Index, Index, Real*);
  return std::array<Function, sizeof...(Depth)>{&outer_rows<Depth + 1, Real>...};
}

}  // namespace

template <class Real>
void RowWeights<Real>::resize(Index depth, Index cols) {
  depth_ = depth;
  cols_ = cols;
  panels_.resize(elements(depth, cols));
}

template <class Real>
void RowWeights<Real>::assign(ConstMatrix<Real> w) {
  resize(w.rows, w.cols);
  Real* to = panels_.data();
  for (Index first = 0; first < w.cols; first += kPanel<Real>) {
    const Index width = std::min(kPanel<Real>, w.cols - first);
    for (Index k = 0; k < w.rows; ++k, to += kPanel<Real>) {
      const Real* from = w.data + k * w.stride + first;
      for (Index c = 0; c < width; ++c) to[c] = from[c];
      for (Index c = width; c < kPanel<Real>; ++c) to[c] = Real(0);
    }
  }
}

template <class Real>
void RowWeights<Real>::assign_transposed(ConstMatrix<Real> w) {
  resize(w.cols, w.rows);
  assign_transposed(w, 0);
}

template <class Real>
void RowWeights<Real>::assign_transposed(ConstMatrix<Real> part, Index first_row) {
  Real* to = panels_.data() + first_row * kPanel<Real>;
  for (Index first = 0; first < part.rows; first += kPanel<Real>, to += depth_ * kPanel<Real>) {
    const Index width = std::min(kPanel<Real>, part.rows - first);
    const Real* columns[kPanel<Real>];
    for (Index c = 0; c < width; ++c) columns[c] = part.data + (first + c) * part.stride;
    rows_to_columns<Real>(columns, width, part.cols, to, kPanel<Real>);
  }
}

template <class Real>
Index RowWeights<Real>::elements(Index depth, Index cols) {
  return panels_of<Real>(cols) * depth * kPanel<Real>;
}

template <class Real>
void row_product(const RowWeights<Real>& weights, const Real* const* x, Index segments, Index n, InitialRows<Real> init,
                 Real* out, Index out_stride, bool last_first) {
  static constexpr auto kTable = product_table<Real>(std::make_integer_sequence<int, kMaxRows>());
  const RowTask<Real> task{x, segments, weights.depth() / std::max<Index>(segments, 1), n, init, out, out_stride};
  if (last_first && n == 1) return product_rows_back<1>(task, weights.data(), weights.depth(), weights.cols());
  if (last_first && n == 2) return product_rows_back<2>(task, weights.data(), weights.depth(), weights.cols());
  const Index panels = panels_of<Real>(weights.cols());
  if (n <= kMaxRows) {
    kTable[static_cast<std::size_t>(n - 1)](task, 0, weights.data(), weights.depth(), weights.cols(), 0, panels);
    return;
  }
  for (Index p = 0; p < panels; ++p) {  // a panel stays in the first cache while it meets all rows
    for_tiles(n, kMaxRows, [&](Index j, Index rows) {
      kTable[static_cast<std::size_t>(rows - 1)](task, j, weights.data(), weights.depth(), weights.cols(), p, p + 1);
    });
  }
}

template <class Real>
void add_outer_products(const Real* const* x, Index depth, const Real* const* y, Index cols, Index n, Real* sums) {
  static constexpr auto kTable = outer_table<Real>(std::make_integer_sequence<int, kMaxRows>());
  for (Index c = 0; c < cols; c += kPanel<Real>) {
    const Index last = std::min(cols, c + kPanel<Real>);
    for_tiles(depth, kMaxRows, [&](Index k, Index rows) {
      kTable[static_cast<std::size_t>(rows - 1)](x, k, y, c, last, cols, n, sums);
    });
  }
}

template <class Real>
void add_row_sums(const Real* const* y, Index cols, Index n, Real* sums) {
  using P = Packet<Real>;
  constexpr Index kAtOnce = kRowPadding / kLanes<Real>;
  for (Index c = 0; c < cols; c += kRowPadding) {
    P total[kAtOnce];
    for (Index v = 0; v < kAtOnce; ++v) total[v] = simd::pload<P>(sums + c + v * kLanes<Real>);
    for (Index j = 0; j < n; ++j) {
      for (Index v = 0; v < kAtOnce; ++v) total[v] = simd::padd(total[v], simd::ploadu<P>(y[j] + c + v * kLanes<Real>));
    }
    for (Index v = 0; v < kAtOnce; ++v) simd::pstore(sums + c + v * kLanes<Real>, total[v]);
  }
}

#define RNNLIB_INSTANTIATE(Real)                                                                                       \
  template class RowWeights<Real>;                                                                                     \
  template void row_product<Real>(const RowWeights<Real>&, const Real* const*, Index, Index, InitialRows<Real>, Real*, \
                                  Index, bool);                                                                        \
  template void add_outer_products<Real>(const Real* const*, Index, const Real* const*, Index, Index, Real*);          \
  template void add_row_sums<Real>(const Real* const*, Index, Index, Real*);
RNNLIB_INSTANTIATE(float)
RNNLIB_INSTANTIATE(double)
#undef RNNLIB_INSTANTIATE

}  // namespace rnnlib
