// SPDX-License-Identifier: Apache-2.0
#include "tensor/transpose.h"

#include <algorithm>
#include <cstdint>
#include <type_traits>

#include "tensor/tiles.h"

namespace rnnlib {

namespace {

// The processor's packet of 4, where it has one, else of less.
template <class Real>
using Quarter = typename simd::find_best_packet<Real, 4>::type;
template <class Real>
constexpr Index kTile = simd::unpacket_traits<Quarter<Real>>::size;

template <class Real>
using Tile = simd::PacketBlock<Quarter<Real>, static_cast<int>(kTile<Real>)>;

template <class Real>
void transpose(Tile<Real>& tile) {
  if constexpr (kTile<Real> > 1) simd::ptranspose(tile);
}

template <class Real>
constexpr bool kHasMasks = simd::unpacket_traits<Packet<Real>>::masked_load_available;
template <class Real>
using Mask = std::conditional_t<kLanes<Real> == 16, std::uint16_t, std::uint8_t>;

// Copies n elements and writes zeros behind them up to a whole number of packets; returns how many it wrote.
template <class Real>
inline Index copy_padded(const Real* from, Index n, Real* to) {
  using P = Packet<Real>;
  Index i = 0;
  for (; i + kLanes<Real> <= n; i += kLanes<Real>) simd::pstoreu(to + i, simd::ploadu<P>(from + i));
  if (i == n) return n;
  if constexpr (kHasMasks<Real>) {
    simd::pstoreu(to + i, simd::ploadu<P>(from + i, static_cast<Mask<Real>>((1U << (n - i)) - 1U)));
  } else {
    simd::pstoreu(to + i, simd::pset1<P>(Real(0)));
    for (Index j = i; j < n; ++j) to[j] = from[j];
  }
  return i + kLanes<Real>;
}

// Zeros from `begin` to `end`, and behind it up to a whole number of packets.
template <class Real>
inline void clear_padded(Real* to, Index begin, Index end) {
  for (; begin < end; begin += kLanes<Real>) simd::pstoreu(to + begin, simd::pset1<Packet<Real>>(Real(0)));
}

// to [units, stride] has the columns `run.*to` on from columns `run.*from` on of from [units, from_stride], and zeros
// elsewhere. Rows are written from left to right, and what is written too far is overwritten.
template <class Real>
void move_runs(const WaveSchedule::Runs& runs, Index WaveSchedule::Run::* from_place,
               Index WaveSchedule::Run::* to_place, const Real* from, Index from_stride, Index units, Real* to,
               Index stride) {
  for (Index u = 0; u < units; ++u, from += from_stride, to += stride) {
    Index done = 0;
    for (const WaveSchedule::Run& run : runs) {
      const Index place = run.*to_place;
      clear_padded(to, done, place);
      done = place + copy_padded(from + run.*from_place, run.length, to + place);
    }
    clear_padded(to, done, stride);
  }
}

}  // namespace

template <class Real>
void rows_to_columns(const Real* const* rows, Index n, Index units, Real* columns, Index stride) {
  constexpr Index kSize = kTile<Real>;
  Index j = 0;
  for (; j + kSize <= n; j += kSize) {
    Index u = 0;
    for (; u + kSize <= units; u += kSize) {
      Tile<Real> tile;
      for (Index r = 0; r < kSize; ++r) tile.packet[r] = simd::ploadu<Quarter<Real>>(rows[j + r] + u);
      transpose<Real>(tile);
      for (Index c = 0; c < kSize; ++c) simd::pstoreu(columns + (u + c) * stride + j, tile.packet[c]);
    }
    for (; u < units; ++u) {
      for (Index r = 0; r < kSize; ++r) columns[u * stride + j + r] = rows[j + r][u];
    }
  }
  for (; j < n; ++j) {
    for (Index u = 0; u < units; ++u) columns[u * stride + j] = rows[j][u];
  }
  for (; j < stride; ++j) {
    for (Index u = 0; u < units; ++u) columns[u * stride + j] = Real(0);
  }
}

template <class Real>
void columns_to_rows(const Real* columns, Index stride, Index n, Index units, Real* const* rows) {
  constexpr Index kSize = kTile<Real>;
  Index j = 0;
  for (; j + kSize <= n; j += kSize) {
    Real* to[kSize];
    for (Index r = 0; r < kSize; ++r) to[r] = rows[j + r];
    Index u = 0;
    for (; u + kSize <= units; u += kSize) {
      Tile<Real> tile;
      for (Index c = 0; c < kSize; ++c) tile.packet[c] = simd::ploadu<Quarter<Real>>(columns + (u + c) * stride + j);
      transpose<Real>(tile);
      for (Index r = 0; r < kSize; ++r) simd::pstoreu(to[r] + u, tile.packet[r]);
    }
    for (; u < units; ++u) {
      for (Index r = 0; r < kSize; ++r) to[r][u] = columns[u * stride + j + r];
    }
  }
  for (; j < n; ++j) {
    for (Index u = 0; u < units; ++u) rows[j][u] = columns[u * stride + j];
  }
}

template <class Real>
void columns_before(const WaveSchedule& schedule, Index w, const Real* before, Index before_stride, Index units,
                    Real* to, Index stride) {
  for (int d = 0; d < schedule.num_dims(); ++d, to += units * stride) {
    move_runs(schedule.runs(w, d), &WaveSchedule::Run::before, &WaveSchedule::Run::own, before, before_stride, units,
              to, stride);
  }
}

template <class Real>
void columns_after(const WaveSchedule& schedule, Index w, const Real* after, Index after_stride, Index units, Real* to,
                   Index stride) {
  if (w + 1 == schedule.num_waves()) {
    std::fill_n(to, schedule.num_dims() * units * stride, Real(0));
    return;
  }
  for (int d = 0; d < schedule.num_dims(); ++d, to += units * stride, after += units * after_stride) {
    move_runs(schedule.runs(w + 1, d), &WaveSchedule::Run::own, &WaveSchedule::Run::before, after, after_stride, units,
              to, stride);
  }
}

#define RNNLIB_INSTANTIATE(Real)                                                                           \
  template void rows_to_columns<Real>(const Real* const*, Index, Index, Real*, Index);                     \
  template void columns_to_rows<Real>(const Real*, Index, Index, Index, Real* const*);                     \
  template void columns_before<Real>(const WaveSchedule&, Index, const Real*, Index, Index, Real*, Index); \
  template void columns_after<Real>(const WaveSchedule&, Index, const Real*, Index, Index, Real*, Index);
RNNLIB_INSTANTIATE(float)
RNNLIB_INSTANTIATE(double)
#undef RNNLIB_INSTANTIATE

}  // namespace rnnlib
