# SPDX-License-Identifier: Apache-2.0
"""Samples that are spread evenly over a set."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def spread_evenly(size: int, most: int) -> NDArray[np.int64]:
    """Up to `most` different indices from 0 to `size` - 1, in order, the first and the last among them.

    Without np.unique: NumPy 2.3 and newer hash in C++ there without the GIL, and a daemon thread that is in it when the
    interpreter ends aborts the process.
    """
    return np.array(sorted(set(np.linspace(0, size - 1, most).astype(np.int64).tolist())), dtype=np.int64)
