# SPDX-License-Identifier: Apache-2.0
"""Whether confidences are true: of those who say 0.9, are nine of ten right?"""

from __future__ import annotations

from collections.abc import Sequence as _Seq
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = 15


@dataclass(frozen=True)
class Bin:
    """Some confidences that are close to each other.

    Attributes
    ----------
    confidence : float
        Their mean.
    right : float
        The part of them that was right.
    count : int
    """

    confidence: float
    right: float
    count: int


@dataclass(frozen=True, eq=False)
class Reliability:
    """Confidences beside the truth.

    Attributes
    ----------
    confidences : ndarray
        float64 (n,), in [0, 1].
    right : ndarray
        bool (n,).
    """

    confidences: NDArray[np.float64] = field(repr=False)
    right: NDArray[np.bool_] = field(repr=False)

    def __len__(self) -> int:
        return len(self.confidences)

    @property
    def accuracy(self) -> float:
        """The part that was right; 0 where there is nothing."""
        return float(self.right.mean()) if len(self) else 0.0

    @property
    def mean(self) -> float:
        """The mean confidence; 0 where there is nothing."""
        return float(self.confidences.mean()) if len(self) else 0.0

    def bins(self, count: int = BINS) -> list[Bin]:
        """Bins of equally many confidences, from the least sure to the surest; fewer bins where there is less."""
        order = np.argsort(self.confidences, kind="stable")
        parts = [part for part in np.array_split(order, min(count, max(len(order), 1))) if len(part)]
        return [Bin(float(self.confidences[part].mean()), float(self.right[part].mean()), len(part)) for part in parts]

    def calibration_error(self, count: int = BINS) -> float:
        """The expected calibration error (Naeini et al. 2015): the mean distance between the confidence and the part
        that is right, over bins of equally many."""
        bins = self.bins(count)
        return sum(abs(one.confidence - one.right) * one.count for one in bins) / max(len(self), 1)

    def record(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "count": len(self),
            "accuracy": self.accuracy,
            "confidence": self.mean,
            "calibrationError": self.calibration_error(),
            "bins": [[one.confidence, one.right, one.count] for one in self.bins()],
        }


def joined(confidences: _Seq[_Seq[float] | NDArray[np.float64]], right: _Seq[_Seq[bool]]) -> Reliability:
    """Of several sequences: the confidences of each, and whether they were right."""
    values = [np.asarray(part, dtype=np.float64) for part in confidences]
    truths = [np.asarray(part, dtype=bool) for part in right]
    return Reliability(np.concatenate([np.zeros(0), *values]), np.concatenate([np.zeros(0, bool), *truths]))
