# SPDX-License-Identifier: Apache-2.0
"""How fast a run goes, and how long it will take."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

_RECENT = 5  # epochs whose mean is expected of the next ones


@dataclass(frozen=True)
class Position:
    """Where training is within an epoch. Speeds are means over the epoch; None: not known yet, or no limit."""

    epoch: int
    done: int  # sequences
    total: int
    sequences_per_second: float | None
    points_per_second: float | None
    epoch_left: float | None  # seconds of training alone
    run_left: float | None  # seconds to the last of totalEpochs, tests of the other sets included


class Throughput:
    """Measures speeds and the time left from what is done. `total_epochs`: None without a limit."""

    def __init__(self, total_epochs: int | None, clock: Callable[[], float] = time.monotonic) -> None:
        self.total_epochs = total_epochs
        self._clock = clock
        self._training: deque[float] = deque(maxlen=_RECENT)  # seconds of whole epochs
        self._testing: deque[float] = deque(maxlen=_RECENT)
        self.begin_epoch(0, 0)

    def begin_epoch(self, epoch: int, total: int, done: int = 0) -> None:
        """`done`: sequences that were trained before, when a save was made inside this epoch."""
        self._epoch, self._total, self._skipped = epoch, total, done
        self._begun = self._clock()
        self._points = 0.0  # of the batches before this one
        self._first, self._batch_sequences, self._batch_points = done, 0, 0

    def begin_batch(self, num_sequences: int, num_points: int) -> None:
        """The sequences from here on are those of this batch."""
        self._points += self._batch_points
        self._first += self._batch_sequences
        self._batch_sequences, self._batch_points = num_sequences, num_points

    def at(self, done: int) -> Position:
        """The position after `done` sequences of this epoch (those before a save included)."""
        seconds = self._clock() - self._begun
        trained = done - self._skipped
        if trained <= 0 or seconds <= 0:
            return Position(self._epoch, done, self._total, None, None, None, None)
        share = (done - self._first) / self._batch_sequences if self._batch_sequences else 0.0
        points = self._points + share * self._batch_points
        rate = trained / seconds
        left = (self._total - done) / rate
        return Position(self._epoch, done, self._total, rate, points / seconds, left, self._run_left(left, rate))

    def _run_left(self, epoch_left: float, rate: float) -> float | None:
        if self.total_epochs is None:
            return None
        training = _mean(self._training) if self._training else self._total / rate
        testing = _mean(self._testing)
        epochs = max(0, self.total_epochs - self._epoch)
        return epoch_left + testing + epochs * (training + testing)

    def end_epoch(self, training_seconds: float) -> None:
        """The epoch is trained, which took this long, and tested."""
        if self._skipped >= self._total:  # nothing was left to train: no measure of a whole epoch
            return
        self._training.append(training_seconds * self._total / (self._total - self._skipped))
        self._testing.append(max(0.0, self._clock() - self._begun - training_seconds))

    def seconds_left(self) -> float | None:
        """From the end of this epoch to the last of totalEpochs."""
        if self.total_epochs is None or not self._training:
            return None
        return max(0, self.total_epochs - self._epoch) * (_mean(self._training) + _mean(self._testing))


def _mean(values: deque[float]) -> float:
    return sum(values) / len(values) if values else 0.0
