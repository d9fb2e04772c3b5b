# SPDX-License-Identifier: Apache-2.0
"""Turns label strings into label indices (compiled)."""

from collections.abc import Sequence
from typing import final

import numpy as np
from numpy.typing import NDArray

@final
class LabelIndex:
    def __init__(self, labels: Sequence[bytes]) -> None: ...
    @property
    def unknown(self) -> dict[bytes, int]: ...
    def find(self, rows: NDArray[np.uint8]) -> tuple[NDArray[np.int32], NDArray[np.int64]]: ...
