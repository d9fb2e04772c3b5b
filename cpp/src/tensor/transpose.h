// SPDX-License-Identifier: Apache-2.0
// Between rows (the units of a point together) and columns (a unit's points of a wave together), and between the
// columns of neighbouring waves. Instantiated for float and double.
#pragma once

#include "tensor/lanes.h"
#include "tensor/wave_schedule.h"

namespace rnnlib {

// columns(u, j) = rows[j][u] for j in [0, n), 0 behind; columns [units, stride]
template <class Real>
void rows_to_columns(const Real* const* rows, Index n, Index units, Real* columns, Index stride);

// rows[j][u] = columns(u, j)
template <class Real>
void columns_to_rows(const Real* columns, Index stride, Index n, Index units, Real* const* rows);

// Elements behind `to` that the next two functions may write too.
template <class Real>
inline constexpr Index kSlack = kVectorLanes<Real>;

// For each dimension d, the columns of wave w's points one step back in the wave before; 0 at the border and in the
// padding. before [units, before_stride], to [D, units, stride]
template <class Real>
void columns_before(const WaveSchedule& schedule, Index w, const Real* before, Index before_stride, Index units,
                    Real* to, Index stride);

// For each dimension d, the columns of wave w's points one step on in the next wave, which has its own for each
// dimension. after [D, units, after_stride], to [D, units, stride]
template <class Real>
void columns_after(const WaveSchedule& schedule, Index w, const Real* after, Index after_stride, Index units, Real* to,
                   Index stride);

}  // namespace rnnlib
