// SPDX-License-Identifier: Apache-2.0
// Between rows (the units of a point together) and columns (a unit's points of a wave together), and between the
// columns of neighbouring waves. Instantiated for float and double.
#pragma once

#include "tensor/wave_schedule.h"

namespace rnnlib {

// columns[u * n + j] = rows[j][u]      columns [units, n]
template <class Real>
void rows_to_columns(const Real* const* rows, Index n, Index units, Real* columns);

// rows[j][u] = columns[u * n + j]
template <class Real>
void columns_to_rows(const Real* columns, Index n, Index units, Real* const* rows);

// For each dimension d, the columns of the points one step back in the wave before; 0 at the border.
// before [units, n_before], to [D, units, n]
template <class Real>
void columns_before(const WaveSchedule& schedule, Index w, const Real* before, Index units, Real* to);

// For each dimension d, the columns of the points one step on in the next wave, which has its own for each dimension.
// after [D, units, n_after], to [D, units, n]
template <class Real>
void columns_after(const WaveSchedule& schedule, Index w, const Real* after, Index units, Real* to);

}  // namespace rnnlib
