# SPDX-License-Identifier: Apache-2.0
"""What a recipe makes of a signal: a network's input, frame by frame.

Slopes are those of the HTK Book: of a line through five frames, of which the first and the last of the recording are
repeated at its ends.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnlib_py.prepare.audio_recipe import AudioRecipe
from rnnlib_py.prepare.sound_rate import to_rate
from rnnlib_py.prepare.spectrum import Signal, band_powers, emphasise, frames

FLOOR = 1e-10  # the power below which nothing is told apart: about the noise of rounding to 16 bits
_REACH = 2  # frames to both sides that a slope looks at
_LEAST_DEVIATION = 1e-3  # of a column that counts as constant


def features_of(samples: NDArray[np.float32], rate: int, recipe: AudioRecipe) -> NDArray[np.float32]:
    """A network's input, normalised where each file is by itself.

    Parameters
    ----------
    samples
        float32 (n,), n at least 1.
    rate
        Of the samples, per second.
    recipe
        What to do with them.

    Returns
    -------
    ndarray
        float32 (frames, recipe.size).
    """
    signal = to_rate(samples, rate, recipe.rate).astype(np.float64)
    made = with_slopes(_static(signal, recipe), recipe.deltas)
    if recipe.normalise == "file":
        means, deviations = made.mean(axis=0), made.std(axis=0)
        made = (made - means) / np.where(deviations < _LEAST_DEVIATION, 1.0, deviations)
    return made.astype(np.float32)


def normalised(features: NDArray[np.float32], recipe: AudioRecipe) -> NDArray[np.float32]:
    """features_of() with the means and deviations of the training set, where the recipe has them."""
    if not recipe.means:
        return features
    made: NDArray[np.float32] = ((features - np.array(recipe.means)) / np.array(recipe.deviations)).astype(np.float32)
    return made


def _static(signal: Signal, recipe: AudioRecipe) -> Signal:
    """[frames, features], without slopes. The signal becomes another one."""
    window, shift = recipe.window_samples, recipe.shift_samples
    energies = (
        [np.mean(block**2, axis=1) for block in frames(signal, window, shift)] if recipe.features == "mfcc" else []
    )
    emphasise(signal, recipe.emphasis)
    powers = [
        band_powers(block, recipe.rate, recipe.bands, recipe.fmin, recipe.top)
        for block in frames(signal, window, shift)
    ]
    logs: Signal = np.log(np.maximum(np.concatenate(powers), FLOOR))
    if recipe.features == "logmel":
        return logs
    coefficients = logs @ cosines(recipe.bands, recipe.coefficients)
    energy = np.log(np.maximum(np.concatenate(energies), FLOOR))
    return np.concatenate([coefficients, energy[:, np.newaxis]], axis=1)


def cosines(bands: int, coefficients: int) -> Signal:
    """The discrete cosine transform (II, orthonormal) from bands to coefficients 1, 2, ... : [bands, coefficients]."""
    places = (np.arange(bands)[:, np.newaxis] + 0.5) / bands
    made: Signal = np.sqrt(2 / bands) * np.cos(np.pi * places * np.arange(1, coefficients + 1))
    return made


def with_slopes(features: Signal, times: int) -> Signal:
    """The features, their slopes, and the slopes of these: [frames, features * (1 + times)]."""
    parts = [features]
    for _ in range(times):
        parts.append(_slopes(parts[-1]))
    return np.concatenate(parts, axis=1)


def _slopes(features: Signal) -> Signal:
    padded = np.pad(features, ((_REACH, _REACH), (0, 0)), mode="edge")
    count, made = len(features), np.zeros_like(features)
    for distance in range(1, _REACH + 1):
        after = padded[_REACH + distance : _REACH + distance + count]
        before = padded[_REACH - distance : _REACH - distance + count]
        made += distance * (after - before)
    made /= 2 * sum(distance**2 for distance in range(1, _REACH + 1))
    return made
