# SPDX-License-Identifier: Apache-2.0
"""What training did in an epoch, and how fast."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class EpochWork:
    """`seconds`: of training alone, without the tests of the other sets."""

    seconds: float
    num_sequences: int
    num_points: int
    num_weights: int

    @property
    def _divisor(self) -> float:
        return max(self.seconds, 1e-9)

    @property
    def seconds_per_sequence(self) -> float:
        return self.seconds / self.num_sequences if self.num_sequences else 0.0

    @property
    def sequences_per_second(self) -> float:
        return self.num_sequences / self._divisor

    @property
    def points_per_second(self) -> float:
        return self.num_points / self._divisor

    @property
    def million_weight_ops_per_second(self) -> float:
        """Every point uses every weight forward, backward and in its gradient."""
        return 3 * self.num_weights * self.num_points / 1e6 / self._divisor
