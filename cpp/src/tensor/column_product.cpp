// SPDX-License-Identifier: Apache-2.0
#include "tensor/column_product.h"

#include <array>
#include <utility>

#include "tensor/tiles.h"

namespace rnnlib {

namespace {

// Rows of x and of y in the largest tile of their products.
constexpr int kTileX = EIGEN_ARCH_DEFAULT_NUMBER_OF_REGISTERS >= 32 ? 6 : 4;
constexpr int kTileY = EIGEN_ARCH_DEFAULT_NUMBER_OF_REGISTERS >= 32 ? 4 : 2;

template <class Real>
struct Task {
  const Real* weights;  // of the tile's first row
  Index weight_stride;
  const Real* bias;
  const Real* x;
  Index depth;
  Index stride;
  Real* out;
};

template <int Rows, int Vectors, bool Transposed, class Real>
EIGEN_STRONG_INLINE void product_tile(const Task<Real>& t, Index c) {
  using P = Packet<Real>;
  P sums[Rows][Vectors];
  for (int r = 0; r < Rows; ++r) {
    for (int v = 0; v < Vectors; ++v) sums[r][v] = simd::pset1<P>(t.bias == nullptr ? Real(0) : t.bias[r]);
  }
  const Real* x = t.x + c;
  for (Index k = 0; k < t.depth; ++k, x += t.stride) {
    P column[Vectors];
    for (int v = 0; v < Vectors; ++v) column[v] = simd::pload<P>(x + v * kLanes<Real>);
    for (int r = 0; r < Rows; ++r) {
      const P weight = simd::pset1<P>(t.weights[Transposed ? r * t.weight_stride + k : k * t.weight_stride + r]);
      for (int v = 0; v < Vectors; ++v) sums[r][v] = simd::pmadd(weight, column[v], sums[r][v]);
    }
  }
  for (int r = 0; r < Rows; ++r) {
    for (int v = 0; v < Vectors; ++v) simd::pstore(t.out + r * t.stride + c + v * kLanes<Real>, sums[r][v]);
  }
}

template <int Rows, bool Transposed, class Real>
void product_rows(const Task<Real>& t) {
  Index c = 0;
  for (; c + 2 * kLanes<Real> <= t.stride; c += 2 * kLanes<Real>) product_tile<Rows, 2, Transposed>(t, c);
  if (c < t.stride) product_tile<Rows, 1, Transposed>(t, c);
}

template <bool Transposed, class Real, int... Rows>
void product(const Task<Real>& whole, Index rows, std::integer_sequence<int, Rows...>) {
  using Function = void (*)(const Task<Real>&);
  static constexpr std::array<Function, sizeof...(Rows)> kTable{&product_rows<Rows + 1, Transposed, Real>...};
  for_tiles(rows, kMaxRows, [&](Index first, Index size) {
    Task<Real> t = whole;
    t.weights += Transposed ? first * t.weight_stride : first;
    if (t.bias != nullptr) t.bias += first;
    t.out += first * t.stride;
    kTable[static_cast<std::size_t>(size - 1)](t);
  });
}

template <int XRows, int YRows, class Real>
void lane_tile(const std::vector<ColumnPair<Real>>& waves, Index k, Index r, Index y_rows, Real* lanes) {
  using P = Packet<Real>;
  P sums[XRows][YRows];
  const auto place = [&](int i, int j) { return lanes + ((k + i) * y_rows + r + j) * kLanes<Real>; };
  for (int i = 0; i < XRows; ++i) {
    for (int j = 0; j < YRows; ++j) sums[i][j] = simd::pload<P>(place(i, j));
  }
  for (const ColumnPair<Real>& wave : waves) {
    const Real* x = wave.x + k * wave.stride;
    const Real* y = wave.y + r * wave.stride;
    for (Index c = 0; c < wave.stride; c += kLanes<Real>) {
      P ys[YRows];
      for (int j = 0; j < YRows; ++j) ys[j] = simd::pload<P>(y + j * wave.stride + c);
      for (int i = 0; i < XRows; ++i) {
        const P xs = simd::pload<P>(x + i * wave.stride + c);
        for (int j = 0; j < YRows; ++j) sums[i][j] = simd::pmadd(xs, ys[j], sums[i][j]);
      }
    }
  }
  for (int i = 0; i < XRows; ++i) {
    for (int j = 0; j < YRows; ++j) simd::pstore(place(i, j), sums[i][j]);
  }
}

template <class Real, int... Sizes>
void lane_products(const std::vector<ColumnPair<Real>>& waves, Index x_rows, Index y_rows, Real* lanes,
                   std::integer_sequence<int, Sizes...>) {
  using Function = void (*)(const std::vector<ColumnPair<Real>>&, Index, Index, Index, Real*);
  static constexpr std::array<Function, sizeof...(Sizes)> kTable{
      &lane_tile<Sizes / kTileY + 1, Sizes % kTileY + 1, Real>...};
  for_tiles(x_rows, kTileX, [&](Index k, Index height) {
    for_tiles(y_rows, kTileY, [&](Index r, Index width) {
      kTable[static_cast<std::size_t>((height - 1) * kTileY + width - 1)](waves, k, r, y_rows, lanes);
    });
  });
}

}  // namespace

template <class Real>
void column_product(const Real* weights, Index weight_stride, const Real* bias, const Real* x, Index depth, Index rows,
                    Index stride, Real* out) {
  product<false>(Task<Real>{weights, weight_stride, bias, x, depth, stride, out}, rows,
                 std::make_integer_sequence<int, kMaxRows>());
}

template <class Real>
void column_product_transposed(const Real* weights, Index weight_stride, const Real* x, Index depth, Index rows,
                               Index stride, Real* out) {
  product<true>(Task<Real>{weights, weight_stride, nullptr, x, depth, stride, out}, rows,
                std::make_integer_sequence<int, kMaxRows>());
}

template <class Real>
void add_lane_products(const std::vector<ColumnPair<Real>>& waves, Index x_rows, Index y_rows, Real* lanes) {
  lane_products(waves, x_rows, y_rows, lanes, std::make_integer_sequence<int, kTileX * kTileY>());
}

template <class Real>
void add_lane_dots(const Real* a, const Real* b, Index rows, Index stride, Real* lanes) {
  using P = Packet<Real>;
  for (Index r = 0; r < rows; ++r, a += stride, b += stride, lanes += kLanes<Real>) {
    P sum = simd::pload<P>(lanes);
    for (Index c = 0; c < stride; c += kLanes<Real>) {
      sum = simd::pmadd(simd::pload<P>(a + c), simd::pload<P>(b + c), sum);
    }
    simd::pstore(lanes, sum);
  }
}

template <class Real>
void add_lanes(const Real* lanes, Index x_rows, Index y_rows, Real* sums, Index sums_stride) {
  for (Index k = 0; k < x_rows; ++k) {
    for (Index r = 0; r < y_rows; ++r, lanes += kLanes<Real>) {
      sums[k * sums_stride + r] += simd::predux(simd::pload<Packet<Real>>(lanes));
    }
  }
}

#define RNNLIB_INSTANTIATE(Real)                                                                                \
  template void column_product<Real>(const Real*, Index, const Real*, const Real*, Index, Index, Index, Real*); \
  template void column_product_transposed<Real>(const Real*, Index, const Real*, Index, Index, Index, Real*);   \
  template void add_lane_products<Real>(const std::vector<ColumnPair<Real>>&, Index, Index, Real*);             \
  template void add_lane_dots<Real>(const Real*, const Real*, Index, Index, Real*);                             \
  template void add_lanes<Real>(const Real*, Index, Index, Real*, Index);
RNNLIB_INSTANTIATE(float)
RNNLIB_INSTANTIATE(double)
#undef RNNLIB_INSTANTIATE

}  // namespace rnnlib
