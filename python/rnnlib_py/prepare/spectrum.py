# SPDX-License-Identifier: Apache-2.0
"""The power of a signal in mel bands, frame by frame (S. Davis, P. Mermelstein, "Comparison of parametric
representations for monosyllabic word recognition", 1980; the mel scale as in the HTK Book).

Frame i stands for the samples from i * shift to (i + 1) * shift. Its window reaches as far to both sides of their
middle; at its ends the signal is mirrored.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import ConfigError

Signal = NDArray[np.float64]

_FRAMES = 2048  # that are in memory at once
_SAMPLES = 2**16  # that are worked on at once
_LEAST_POINTS = 2  # of the spectrum under each band
_LARGEST = 2**16


def frame_count(samples: int, shift: int) -> int:
    """Frames of a signal: as many as begin within it."""
    return -(-samples // shift)


def frames(signal: Signal, window: int, shift: int) -> Iterator[Signal]:
    """Blocks [at most 2048, window] of all frames, in their order."""
    count, size = frame_count(len(signal), shift), len(signal)
    # Half the samples, rounded down, by which the window is longer than the shift stand before the frame's own.
    first = (shift - window) // 2
    for start in range(0, count, _FRAMES):
        begins = first + shift * np.arange(start, min(start + _FRAMES, count))
        places = (begins[:, np.newaxis] + np.arange(window)) % (2 * size)
        yield signal[np.where(places < size, places, 2 * size - 1 - places)]


def emphasise(signal: Signal, amount: float) -> None:
    """Takes so much of the one before off each sample, in place; the first is taken to have itself before it."""
    for end in range(len(signal), 1, -_SAMPLES):  # from the end on, so that the one before is still as it was
        start = max(1, end - _SAMPLES)
        signal[start:end] -= amount * signal[start - 1 : end - 1]
    signal[0] -= amount * signal[0]


def band_powers(block: Signal, rate: int, bands: int, fmin: float, fmax: float) -> Signal:
    """The mean power [frames, bands] of frames [frames, window] under each band.

    Frames are multiplied by Hamming's window. The power spectrum is scaled so that it is 1 everywhere, on average, for
    independent samples of variance 1.
    """
    window = block.shape[1]
    weights, size = _filters(rate, window, bands, fmin, fmax)
    shape = np.hamming(window)
    spectrum = np.fft.rfft(block * shape, size, axis=1)
    power = (spectrum.real**2 + spectrum.imag**2) / np.sum(shape**2)
    made: Signal = power @ weights
    return made


def mel(hertz: Signal) -> Signal:
    """The mel scale: equal steps sound equally far apart."""
    made: Signal = 2595 * np.log10(1 + hertz / 700)
    return made


def hertz_of(mels: Signal) -> Signal:
    """The inverse of mel()."""
    made: Signal = 700 * (10 ** (mels / 2595) - 1)
    return made


def band_edges(bands: int, fmin: float, fmax: float) -> Signal:
    """Hz [bands + 2]: band i rises from edge i, is highest at edge i + 1 and falls to edge i + 2."""
    ends = mel(np.array([fmin, fmax]))
    return hertz_of(np.linspace(ends[0], ends[1], bands + 2))


@lru_cache(maxsize=8)
def _filters(rate: int, window: int, bands: int, fmin: float, fmax: float) -> tuple[Signal, int]:
    """Weights [points, bands], each band's of the sum 1, and the size of the Fourier transform: a power of 2 that holds
    the window and has two points under each band. ConfigError where bands are too narrow for that."""
    edges = band_edges(bands, fmin, fmax)
    size = 1 << (window - 1).bit_length()
    while size <= _LARGEST:
        points = np.arange(size // 2 + 1)[:, np.newaxis] * (rate / size)
        rising = (points - edges[:-2]) / (edges[1:-1] - edges[:-2])
        falling = (edges[2:] - points) / (edges[2:] - edges[1:-1])
        weights = np.maximum(0, np.minimum(rising, falling))
        if (np.count_nonzero(weights, axis=0) >= _LEAST_POINTS).all():
            return weights / weights.sum(axis=0), size
        size *= 2
    raise ConfigError(
        f"{bands} bands from {fmin:g} to {fmax:g} Hz are too narrow: expected less bands or a wider range"
    )
