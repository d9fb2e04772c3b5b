# SPDX-License-Identifier: Apache-2.0
"""Criterion and reliability of classifications at any temperature, from outputs that were computed once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnlib_py.text.read_outputs import ReadSequence
from rnnlib_py.text.reliability import Reliability

_LEAST = float(np.finfo(np.float32).tiny)  # a network in float32 makes 0 of what is below


class ClassOutputs:
    """The log probabilities of all points of a data set that have a class.

    Attributes
    ----------
    count : int
        Of such points.
    skipped : int
        0: every class fits.
    """

    def __init__(self, sequences: list[ReadSequence]) -> None:
        targets = np.concatenate([sequence.target.reshape(-1) for sequence in sequences])
        outputs = np.concatenate([_all_classes(sequence.prediction.outputs) for sequence in sequences])
        has_class = targets >= 0
        self._targets = targets[has_class]
        self._logs = np.log(np.maximum(outputs[has_class], _LEAST))
        self.count = len(self._targets)
        self.skipped = 0

    def criterion(self, temperature: float) -> float:
        """Cross entropy: the mean of -log p(class)."""
        logs = self._tempered(temperature)
        return -float(logs[np.arange(self.count), self._targets].mean())

    def units(self, temperature: float) -> dict[str, Reliability]:
        """Of the classes."""
        confidences = np.exp(self._tempered(temperature).max(axis=1))
        return {"classes": Reliability(confidences, self._logs.argmax(axis=1) == self._targets)}

    def _tempered(self, temperature: float) -> NDArray[np.float64]:
        logs = self._logs / temperature
        logs -= logs.max(axis=1, keepdims=True)
        return np.asarray(logs - np.log(np.exp(logs).sum(axis=1, keepdims=True)))


def _all_classes(outputs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities (points, classes); a single unit is the probability of the second of two classes."""
    rows = outputs.reshape(-1, outputs.shape[-1])
    return np.concatenate([1 - rows, rows], axis=1) if rows.shape[1] == 1 else rows
