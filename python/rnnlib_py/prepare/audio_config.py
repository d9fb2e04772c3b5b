# SPDX-License-Identifier: Apache-2.0
"""The config that `prepare audio` writes beside the data files: chosen by rules that docs/speech.md describes."""

from __future__ import annotations

import math
from collections.abc import Sequence as _Seq
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnlib_py.data.sequence import Sequence
from rnnlib_py.prepare.audio_recipe import AudioRecipe
from rnnlib_py.prepare.starter_config import starter_config

_CONVOLUTIONS = 2
_UNITS = 64  # of each convolution
_LEFT_OUT = 0.01  # share of the recordings that may have less steps than they should
_STEPS = 4  # that a recording of one class should have
_STEPS_PER_LABEL = 2
_HOURS, _CELLS = (0.5, 5.0), (64, 128, 192)
_DROPOUT = (0.5, 0.3, 0.1)
_UPDATES = 6000  # that learning takes
_EPOCHS = (15, 300)  # least and most


@dataclass(frozen=True, eq=False)
class AudioStatistics:
    """What the rules look at, of the training set.

    Attributes
    ----------
    frames : ndarray
        int64 (recordings,).
    labels : ndarray
        int64 (recordings,). Labels of each text; 1 for a class.
    num_labels : int
        Different labels.
    seconds : float
        From frame to frame.
    """

    frames: NDArray[np.int64]
    labels: NDArray[np.int64]
    num_labels: int
    seconds: float

    @property
    def hours(self) -> float:
        """Of all recordings."""
        return float(self.frames.sum()) * self.seconds / 3600


def audio_statistics(sequences: _Seq[Sequence], recipe: AudioRecipe, num_labels: int) -> AudioStatistics:
    """Of the sequences of the training set, their texts as lists of labels."""
    labels = [len(sequence.target) if isinstance(sequence.target, list) else 1 for sequence in sequences]
    frames = [len(sequence.inputs) for sequence in sequences]
    return AudioStatistics(np.array(frames, np.int64), np.array(labels, np.int64), num_labels, recipe.seconds)


def audio_config(found: AudioStatistics, task: str, files: dict[str, str]) -> str:
    """The text of the config.

    Parameters
    ----------
    found
        Of the training set.
    task
        Of the data files.
    files
        "train" and "val" -> the names of their files, for those there are.
    """
    pools = _pools(found, task)
    step = 1000 * found.seconds * math.prod(pools)
    size = sum(found.hours >= limit for limit in _HOURS)
    levels = 1 if size == 0 or task == "sequence_classification" else 2
    recordings = len(found.frames)
    kinds = ["conv"] * _CONVOLUTIONS + ["lstm"] * levels
    sizes = [_UNITS] * _CONVOLUTIONS + [_CELLS[size]] * levels
    layers = [
        f"# Convolutions over 5 frames see how sounds change; pooling leaves a step every {step:g} ms. A bidirectional",
        "# LSTM then reads the steps in both directions.",
        f"hiddenType {','.join(kinds)}",
        f"hiddenSize {','.join(map(str, sizes))}",
        "kernelSize 5",
        "convType relu",
        *([f"poolSize {';'.join(map(str, pools))}"] if max(pools) > 1 else []),
        f"dropout {_DROPOUT[size]}",
    ]
    about = f"{recordings:,} recordings of {60 * found.hours:.1f} minutes, {found.num_labels:,} labels"
    return starter_config(about, task, files, layers, recordings, _UPDATES, _EPOCHS)


def _pools(found: AudioStatistics, task: str) -> list[int]:
    """How many steps each convolution makes one: 2 as long as nearly all recordings have steps enough then."""
    pools = [1] * _CONVOLUTIONS
    if task == "classification":  # each frame has a label
        return pools
    wanted = (
        np.full(len(found.frames), _STEPS) if task == "sequence_classification" else _STEPS_PER_LABEL * found.labels
    )
    left = found.frames
    for i in range(_CONVOLUTIONS):
        left = -(-left // 2)
        if np.mean(left < wanted) > _LEFT_OUT:
            break
        pools[i] = 2
    return pools
