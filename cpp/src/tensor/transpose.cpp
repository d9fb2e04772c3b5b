// SPDX-License-Identifier: Apache-2.0
#include "tensor/transpose.h"

#include <algorithm>

#include "tensor/eigen.h"

namespace rnnlib {

namespace {

namespace simd = Eigen::internal;

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

template <int Size, class Real>
inline void copy_packets(const Real* from, Index n, Real* to) {
  using P = typename simd::find_best_packet<Real, Size>::type;
  constexpr Index kLanes = simd::unpacket_traits<P>::size;
  for (Index i = 0; i + kLanes <= n; i += kLanes) simd::pstoreu(to + i, simd::ploadu<P>(from + i));
  simd::pstoreu(to + n - kLanes, simd::ploadu<P>(from + n - kLanes));
}

// Short runs: a call of memmove would cost more than it moves.
template <class Real>
inline void copy(const Real* from, Index n, Real* to) {
  constexpr int kFull = simd::packet_traits<Real>::size;
  if (n >= kFull) {
    copy_packets<kFull>(from, n, to);
  } else if (n >= 4) {
    copy_packets<4>(from, n, to);
  } else {
    for (Index i = 0; i < n; ++i) to[i] = from[i];
  }
}

// to [units, stride] has the columns `run.*to` on from columns `run.*from` on of from [units, from_stride], and zeros
// elsewhere.
template <class Real>
void move_runs(const WaveSchedule::Runs& runs, Index WaveSchedule::Run::* from_place,
               Index WaveSchedule::Run::* to_place, const Real* from, Index from_stride, Index units, Real* to,
               Index stride) {
  Index done = 0;
  const auto clear_until = [&](Index place) {
    for (Index u = 0; u < units; ++u) {
      for (Index j = done; j < place; ++j) to[u * stride + j] = Real(0);
    }
  };
  for (const WaveSchedule::Run& run : runs) {
    clear_until(run.*to_place);
    for (Index u = 0; u < units; ++u) {
      copy(from + u * from_stride + run.*from_place, run.length, to + u * stride + run.*to_place);
    }
    done = run.*to_place + run.length;
  }
  clear_until(stride);
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
