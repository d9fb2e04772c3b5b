# SPDX-License-Identifier: Apache-2.0
"""Series of three kinds, easy to tell apart, for tests of estimators; and parameters with which they learn quickly."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

KINDS = ["flat", "rise", "wave"]

# Enough for the series below, in a tenth of a second.
QUICK: dict[str, Any] = {
    "hidden_size": 8,
    "epochs": 20,
    "learning_rate": 0.02,
    "input_noise": 0,
    "random_state": 1,
    "n_jobs": 1,
}


def series(count: int = 45, channels: int = 2, seed: int = 0) -> tuple[list[NDArray[np.float64]], NDArray[np.str_]]:
    """Arrays (time, channels) of 10 to 20 points, and what kind each is: all kinds by turns."""
    rng = np.random.default_rng(seed)
    made = []
    for i in range(count):
        time = np.linspace(0, 1, int(rng.integers(10, 21)))
        path = {"flat": 0 * time, "rise": 3 * time, "wave": 2 * np.sin(8 * time)}[KINDS[i % 3]]
        made.append(np.stack([path + k for k in range(channels)], axis=1) + rng.normal(0, 0.2, (len(time), channels)))
    return made, np.array([KINDS[i % 3] for i in range(count)])


def equal_series(count: int = 45, channels: int = 2, seed: int = 0) -> tuple[NDArray[np.float64], NDArray[np.str_]]:
    """The same as one array (count, 10, channels)."""
    made, kinds = series(count, channels, seed)
    return np.stack([one[:10] for one in made]), kinds
