# SPDX-License-Identifier: Apache-2.0
"""Sequences of a source, normalised while they are read."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnlib_py.data.normalisation import Normalisation, normalise_sequence
from rnnlib_py.data.sequence import Sequence
from rnnlib_py.data.source import Source


class NormalisedSource:
    """Behind the same face as the source it reads from."""

    def __init__(self, source: Source, normalisation: Normalisation) -> None:
        self._source = source
        self._applied = normalisation
        self.path = source.path
        self.recipe = source.recipe
        self.shapes: NDArray[np.int64] = source.shapes
        self.normalisation = {**source.normalisation, **normalisation}

    @property
    def num_bytes(self) -> int:
        return self._source.num_bytes

    @property
    def unknown_labels(self) -> dict[str, int]:
        return self._source.unknown_labels

    def load(self) -> None:
        self._source.load()

    def close(self) -> None:
        self._source.close()

    def tag(self, i: int) -> str:
        return self._source.tag(i)

    def name(self, i: int) -> str:
        return self._source.name(i)

    def read(self, first: int, last: int, check: bool = True) -> list[Sequence]:
        """Sequences first to last - 1."""
        return [normalise_sequence(sequence, self._applied) for sequence in self._source.read(first, last, check)]
