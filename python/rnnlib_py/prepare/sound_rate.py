# SPDX-License-Identifier: Apache-2.0
"""Signals at another rate: tones that the new rate cannot hold are filtered out, else they would turn into others.

Each new sample is a weighted sum of the old ones around its time. The weights are a sinc under a Kaiser window (J. O.
Smith, "Digital Audio Resampling Home Page"); those of each new sample are scaled to the sum 1.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

_CROSSINGS = 32  # of the sinc with 0, on either side
_CUTOFF = 0.92  # of the highest frequency that both rates hold
_BETA = 8.0  # of the Kaiser window: what is filtered out is weaker by 80 dB
_BLOCK = 2**20  # products at once


def to_rate(samples: NDArray[np.float32], old: int, new: int) -> NDArray[np.float32]:
    """The signal with `new` samples per second.

    Parameters
    ----------
    samples
        float32 (n,), `old` per second. Before and after them the signal is 0.
    old, new
        Samples per second.

    Returns
    -------
    ndarray
        float32 (ceil(n * new / old),). Sample k is at the time k / new.
    """
    if old == new:
        return samples
    divisor = math.gcd(old, new)
    up, down = new // divisor, old // divisor
    cutoff = _CUTOFF * min(1.0, new / old)
    half = math.ceil(_CROSSINGS / cutoff)
    count = -(-len(samples) * up // down)
    padded = np.concatenate([np.zeros(half, np.float32), samples, np.zeros(half + 1, np.float32)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)
    made = np.empty(count, np.float32)
    step = max(1, _BLOCK // (2 * half + 1))
    for start in range(0, count, step):
        # As seen from the old samples, new sample k is at k * down / up: an old sample and some `up`-ths after it.
        places = np.arange(start, min(start + step, count), dtype=np.int64) * down
        phases, of_sample = np.unique(places % up, return_inverse=True)
        weights = _weights(phases / up, half, cutoff)
        made[start : start + len(places)] = np.einsum("kt,kt->k", windows[places // up], weights[of_sample])
    return made


def _weights(phases: NDArray[np.float64], half: int, cutoff: float) -> NDArray[np.float32]:
    """[phases, taps]: of the old samples from `half` before to `half` after one, for times so much after that one."""
    times = np.arange(-half, half + 1) - phases[:, np.newaxis]
    inside = np.clip(1 - (times / half) ** 2, 0, None)
    weights = np.sinc(cutoff * times) * np.i0(_BETA * np.sqrt(inside)) * (np.abs(times) <= half)
    made: NDArray[np.float32] = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    return made
