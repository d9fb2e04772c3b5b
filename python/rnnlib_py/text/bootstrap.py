# SPDX-License-Identifier: Apache-2.0
"""How far an error rate could be off: sequences are drawn again with replacement, many times (Efron's bootstrap)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import ConfigError

_BLOCK = 2**20  # drawn numbers at a time
_TAIL = 0.025  # on either side of a 95 % interval


@dataclass(frozen=True)
class Bootstrap:
    """How often sequences are drawn again, and from which random numbers.

    Attributes
    ----------
    samples : int
        Sets that are drawn, each of as many sequences as there are.
    seed : int
        The same seed gives the same intervals.

    Raises
    ------
    ConfigError
        Fewer than 100 or more than a million samples, or a negative seed.
    """

    samples: int = 1000
    seed: int = 1

    def __post_init__(self) -> None:
        if not 100 <= self.samples <= 1_000_000:
            raise ConfigError(f"samples is {self.samples}, expected 100 to 1000000")
        if self.seed < 0:
            raise ConfigError(f"seed is {self.seed}, expected 0 or more")

    def sums(self, values: NDArray[np.int64]) -> NDArray[np.float64]:
        """Sums over the sequences of each drawn set.

        Parameters
        ----------
        values
            Counts [sequences, columns]; all columns see the same draws.

        Returns
        -------
        ndarray
            float64 [samples, columns].
        """
        numbers = values.astype(np.float64)
        return np.concatenate([times @ numbers for times in self.draws(len(values))])

    def draws(self, count: int) -> Iterator[NDArray[np.float64]]:
        """How often each of `count` sequences is in each drawn set, as blocks [some of the samples, count]."""
        random = np.random.default_rng(self.seed)
        rows = max(1, _BLOCK // count)
        for start in range(0, self.samples, rows):
            size = min(rows, self.samples - start)
            drawn = random.integers(0, count, (size, count))
            drawn += np.arange(size)[:, np.newaxis] * count
            times = np.bincount(drawn.reshape(-1), minlength=size * count).reshape(size, count)
            yield times.astype(np.float64)


def ratio(errors: NDArray[np.float64], lengths: NDArray[np.float64]) -> NDArray[np.float64]:
    """Errors by length, elementwise; infinite for errors where there is no length, 0 where there are neither."""
    empty = np.where(errors > 0, np.inf, 0.0)
    return np.divide(errors, lengths, out=empty, where=lengths > 0)


def interval(values: NDArray[np.float64]) -> tuple[float, float]:
    """The middle 95 % of the samples' values [samples]; they may be infinite."""
    low, high = np.quantile(values, [_TAIL, 1 - _TAIL], method="inverted_cdf")
    return float(low), float(high)
