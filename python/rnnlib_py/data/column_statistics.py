# SPDX-License-Identifier: Apache-2.0
"""Mean, standard deviation, least and largest per column of rows that come in blocks: one pass, bounded memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FAR_MEAN = 1.0  # a column is "far from mean 0, std 1" when |mean| is larger,
SMALL_STD, LARGE_STD = 0.1, 10.0  # or std outside these
BLOCK = 2**20  # numbers read and held at a time (or one sequence, when that has more)

Column = NDArray[np.float64]


@dataclass
class ColumnStatistics:
    """Per column, over its finite values: [columns], NaN where there are none. std divides by n."""

    mean: Column
    std: Column
    min: Column
    max: Column
    count: NDArray[np.int64]  # finite values
    non_finite: NDArray[np.int64]  # NaN and infinite values

    @property
    def non_finite_columns(self) -> list[int]:
        """Columns with NaN or infinite values."""
        return np.flatnonzero(self.non_finite).tolist()

    @property
    def constant_columns(self) -> list[int]:
        """Columns whose finite values are all the same (zero variance)."""
        return np.flatnonzero((self.count > 0) & (self.min == self.max)).tolist()

    @property
    def unscaled_columns(self) -> list[int]:
        """Columns far from mean 0, std 1: |mean| > 1, or std outside 0.1 to 10; constant ones are left out."""
        far = (np.abs(self.mean) > FAR_MEAN) | (self.std < SMALL_STD) | (self.std > LARGE_STD)
        return np.flatnonzero(far & (self.min < self.max)).tolist()


class ColumnSums:
    """Means and variances of blocks, merged (Chan, Golub, LeVeque 1979)."""

    def __init__(self, size: int) -> None:
        self._count = np.zeros(size, dtype=np.int64)
        self._non_finite = np.zeros(size, dtype=np.int64)
        self._mean = np.zeros(size)
        self._squares = np.zeros(size)  # sum of squared distances from the mean
        self._min = np.full(size, np.inf)
        self._max = np.full(size, -np.inf)

    def add(self, rows: NDArray[Any]) -> None:
        """Numbers [n, columns], or [n] for a single column; at most BLOCK of them are worked on at a time."""
        rows = rows.reshape(-1, len(self._count))
        step = max(1, BLOCK // max(1, rows.shape[1]))
        for start in range(0, len(rows), step):
            self._add_block(rows[start : start + step].astype(np.float64))

    def _add_block(self, rows: NDArray[np.float64]) -> None:
        finite = np.isfinite(rows)
        count = finite.sum(axis=0)
        self._non_finite += len(rows) - count
        self._min = np.minimum(self._min, np.where(finite, rows, np.inf).min(axis=0))
        self._max = np.maximum(self._max, np.where(finite, rows, -np.inf).max(axis=0))
        mean = np.where(finite, rows, 0).sum(axis=0) / np.maximum(count, 1)
        squares = np.square(np.where(finite, rows - mean, 0)).sum(axis=0)
        total = self._count + count
        distance = mean - self._mean
        share = count / np.maximum(total, 1)
        self._squares += squares + np.square(distance) * self._count * share
        self._mean += distance * share
        self._count = total

    def result(self) -> ColumnStatistics:
        std = np.sqrt(self._squares / np.maximum(self._count, 1))
        std = np.where(self._min == self._max, 0.0, std)  # exactly: nothing of the mean's rounding is left
        none = self._count == 0
        mean, std, low, high = (np.where(none, np.nan, a) for a in (self._mean, std, self._min, self._max))
        return ColumnStatistics(mean, std, low, high, self._count, self._non_finite)
