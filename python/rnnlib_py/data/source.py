# SPDX-License-Identifier: Apache-2.0
"""Where a data set's sequences come from."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rnnlib_py.data.normalisation import Normalisation
from rnnlib_py.data.sequence import Sequence


class Source(Protocol):
    """NetcdfSource, MemorySource or NormalisedSource."""

    path: str
    shapes: NDArray[np.int64]
    normalisation: Normalisation  # that the values have gone through; empty when not known of any
    recipe: str  # by which they were made of files; "": not known of any

    @property
    def num_bytes(self) -> int: ...
    @property
    def unknown_labels(self) -> dict[str, int]: ...
    def load(self) -> None: ...
    def close(self) -> None: ...
    def tag(self, i: int) -> str: ...
    def name(self, i: int) -> str: ...
    def read(self, first: int, last: int, check: bool = True) -> list[Sequence]: ...
