// SPDX-License-Identifier: Apache-2.0
// Between batch rows (point-major: the units of a point together) and waves (unit-major: a unit's points together).
#pragma once

#include <algorithm>

#include "tensor/wave_schedule.h"

namespace rnnlib {

// wave[u * n + j] = batch[rows[j] * stride + u]      wave [units, n]
template <class Real>
void gather_wave(const Real* batch, Index stride, const Index* rows, Index n, Index units, Real* wave) {
  if (n == 1) {
    std::copy_n(batch + rows[0] * stride, units, wave);
    return;
  }
  for (Index j = 0; j < n; ++j) {
    const Real* from = batch + rows[j] * stride;
    Real* to = wave + j;
    for (Index u = 0; u < units; ++u) to[u * n] = from[u];
  }
}

// batch[rows[j] * stride + u] = wave[u * n + j]
template <class Real>
void scatter_wave(const Real* wave, const Index* rows, Index n, Index units, Real* batch, Index stride) {
  if (n == 1) {
    std::copy_n(wave, units, batch + rows[0] * stride);
    return;
  }
  for (Index j = 0; j < n; ++j) {
    Real* to = batch + rows[j] * stride;
    const Real* from = wave + j;
    for (Index u = 0; u < units; ++u) to[u] = from[u * n];
  }
}

// For each dimension d, the values of the predecessors in the wave before; 0 at the border.
// before [units, n_before], to [num_dims * units, n]
template <class Real>
void gather_predecessors(const WaveSchedule& schedule, Index w, const Real* before, Index units, Real* to) {
  const Index n = schedule.width(w);
  const int dims = schedule.num_dims();
  if (w == 0) {
    std::fill_n(to, dims * units * n, Real(0));
    return;
  }
  const Index n_before = schedule.width(w - 1);
  for (int d = 0; d < dims; ++d, to += units * n) {
    const WaveSchedule::Runs runs = schedule.runs(w, d);
    const bool full = runs.last - runs.first == 1 && runs.first->length == n;
    if (!full) std::fill_n(to, units * n, Real(0));
    for (const WaveSchedule::Run& run : runs) {
      for (Index u = 0; u < units; ++u) {
        std::copy_n(before + u * n_before + run.from, run.length, to + u * n + run.to);
      }
    }
  }
}

// The reverse: adds each point's values for its predecessors. from [num_dims * units, n], before [units, n_before]
template <class Real>
void scatter_predecessors(const WaveSchedule& schedule, Index w, const Real* from, Index units, Real* before) {
  const Index n = schedule.width(w);
  const Index n_before = schedule.width(w - 1);
  for (int d = 0; d < schedule.num_dims(); ++d, from += units * n) {
    for (const WaveSchedule::Run& run : schedule.runs(w, d)) {
      for (Index u = 0; u < units; ++u) {
        const Real* add = from + u * n + run.to;
        Real* sum = before + u * n_before + run.from;
        for (Index j = 0; j < run.length; ++j) sum[j] += add[j];
      }
    }
  }
}

}  // namespace rnnlib
