# SPDX-License-Identifier: Apache-2.0
"""Sequences that were made from arrays, behind the same face as a file's."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnlib_py.data.normalisation import Normalisation
from rnnlib_py.data.sequence import Sequence


class MemorySource:
    """A list of converted sequences. `shapes`: int64 [n, num_dims]."""

    path = ""
    num_bytes = 0

    def __init__(self, sequences: list[Sequence]) -> None:
        self._sequences = sequences
        num_dims = len(sequences[0].shape)
        shapes = np.array([sequence.shape for sequence in sequences], dtype=np.int64)
        self.shapes: NDArray[np.int64] = shapes.reshape(len(sequences), num_dims)
        self.unknown_labels: dict[str, int] = {}
        self.normalisation: Normalisation = {}
        self.recipe = ""

    def load(self) -> None:
        """All is in memory already."""

    def close(self) -> None:
        """There is no file."""

    def tag(self, i: int) -> str:
        return self._sequences[i].tag

    def name(self, i: int) -> str:
        return f"sequence {i} ('{self.tag(i)}')" if self.tag(i) else f"sequence {i}"

    def read(self, first: int, last: int, check: bool = True) -> list[Sequence]:  # noqa: ARG002
        """Sequences first to last - 1; they were checked when they were converted."""
        return self._sequences[first:last]
