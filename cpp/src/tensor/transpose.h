// SPDX-License-Identifier: Apache-2.0
// Between rows (the units of a point together) and columns (a unit's points of a wave together), and between the
// columns of neighbouring waves.
#pragma once

#include <algorithm>

#include "tensor/wave_schedule.h"

namespace rnnlib {

namespace detail {

constexpr Index kTile = 4;

// to[c * to_stride + r] = from(r)[c] for a tile that compilers turn into shuffles.
template <class Real, class Row>
inline void transpose_tile(const Row& from, Real* to, Index to_stride) {
  Real tile[kTile][kTile];
  for (Index r = 0; r < kTile; ++r) {
    for (Index c = 0; c < kTile; ++c) tile[r][c] = from(r)[c];
  }
  for (Index c = 0; c < kTile; ++c) {
    for (Index r = 0; r < kTile; ++r) to[c * to_stride + r] = tile[r][c];
  }
}

}  // namespace detail

// columns[u * n + j] = row(j)[u]      columns [units, n]
template <class Real, class Row>
void rows_to_columns(const Row& row, Index n, Index units, Real* columns) {
  Index j = 0;
  for (; j + detail::kTile <= n; j += detail::kTile) {
    Index u = 0;
    for (; u + detail::kTile <= units; u += detail::kTile) {
      detail::transpose_tile<Real>([&](Index r) { return row(j + r) + u; }, columns + u * n + j, n);
    }
    for (; u < units; ++u) {
      for (Index r = 0; r < detail::kTile; ++r) columns[u * n + j + r] = row(j + r)[u];
    }
  }
  for (; j < n; ++j) {
    const Real* from = row(j);
    for (Index u = 0; u < units; ++u) columns[u * n + j] = from[u];
  }
}

// row(j)[u] = columns[u * n + j]
template <class Real, class Row>
void columns_to_rows(const Real* columns, Index n, Index units, const Row& row) {
  Index j = 0;
  for (; j + detail::kTile <= n; j += detail::kTile) {
    Index u = 0;
    for (; u + detail::kTile <= units; u += detail::kTile) {
      Real tile[detail::kTile][detail::kTile];
      detail::transpose_tile<Real>([&](Index c) { return columns + (u + c) * n + j; }, &tile[0][0], detail::kTile);
      for (Index r = 0; r < detail::kTile; ++r) std::copy_n(tile[r], detail::kTile, row(j + r) + u);
    }
    for (; u < units; ++u) {
      for (Index r = 0; r < detail::kTile; ++r) row(j + r)[u] = columns[u * n + j + r];
    }
  }
  for (; j < n; ++j) {
    Real* to = row(j);
    for (Index u = 0; u < units; ++u) to[u] = columns[u * n + j];
  }
}

// For each dimension d, the columns of the points one step back in the wave before; 0 at the border.
// before [units, n_before], to [D, units, n]
template <class Real>
void columns_before(const WaveSchedule& schedule, Index w, const Real* before, Index units, Real* to) {
  const Index n = schedule.width(w);
  const Index n_before = w > 0 ? schedule.width(w - 1) : 0;
  for (int d = 0; d < schedule.num_dims(); ++d, to += units * n) {
    std::fill_n(to, units * n, Real(0));
    for (const WaveSchedule::Run& run : schedule.runs(w, d)) {
      for (Index u = 0; u < units; ++u) std::copy_n(before + u * n_before + run.before, run.length, to + u * n + run.own);
    }
  }
}

// For each dimension d, the columns of the points one step on in the next wave, which has its own for each dimension.
// after [D, units, n_after], to [D, units, n]
template <class Real>
void columns_after(const WaveSchedule& schedule, Index w, const Real* after, Index units, Real* to) {
  const Index n = schedule.width(w);
  const bool last = w + 1 == schedule.num_waves();
  const Index n_after = last ? 0 : schedule.width(w + 1);
  for (int d = 0; d < schedule.num_dims(); ++d, to += units * n, after += units * n_after) {
    std::fill_n(to, units * n, Real(0));
    if (last) continue;
    for (const WaveSchedule::Run& run : schedule.runs(w + 1, d)) {
      for (Index u = 0; u < units; ++u) std::copy_n(after + u * n_after + run.own, run.length, to + u * n + run.before);
    }
  }
}

}  // namespace rnnlib
