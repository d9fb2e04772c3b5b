# SPDX-License-Identifier: Apache-2.0
"""Cuts a list of sequences into batches of bounded size."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray


def cut(num_points: NDArray[np.int64], max_points: int, multiple_of: int = 1) -> Iterator[tuple[int, int]]:
    """Ranges (first, last) that cover the sequences in order.

    Each holds as many sequences as fit into `max_points`, rounded down to a multiple of `multiple_of`, but at least one
    such multiple; only the last may be short. num_points: int64 [n], points of each sequence.
    """
    count = len(num_points)
    ends = np.append(np.arange(multiple_of, count, multiple_of), count)
    totals = np.append(0, np.cumsum(num_points))[ends]
    group, first, done = 0, 0, 0
    while first < count:
        group = max(group + 1, int(np.searchsorted(totals, done + max_points, side="right")))
        last, done = int(ends[group - 1]), int(totals[group - 1])
        yield first, last
        first = last
