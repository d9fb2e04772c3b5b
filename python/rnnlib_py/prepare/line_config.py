# SPDX-License-Identifier: Apache-2.0
"""The config that `prepare lines` writes beside the data files: chosen by rules that docs/text-lines.md describes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_COLUMN = 12  # points at most that a column has where the LSTM reads it
_LEFT_OUT = 0.01  # share of the lines whose text may be too long for their width
_UPDATES = 6000  # that learning takes
_EPOCHS = (15, 300)  # least and most
_FEW_LINES = 1000
_MUCH_TEXT = 300_000  # characters: less is learned by heart
_AUGMENTATION = [
    "",
    "# In every epoch the network sees other variants of the lines: slanted, stretched, warped, blurred, ...",
    "# `rnnlib-py plot-augmentation` shows them.",
    "augment images",
]


@dataclass(frozen=True, eq=False)
class LineStatistics:
    """What the rules look at, of the training set.

    Attributes
    ----------
    height : int
        Of all images.
    widths : ndarray
        int64 (lines,).
    steps : ndarray
        int64 (lines,). Steps that a text needs: its labels, and one more between two equal ones.
    num_labels : int
        Different labels.
    characters : int
        Of all texts.
    """

    height: int
    widths: NDArray[np.int64]
    steps: NDArray[np.int64]
    num_labels: int
    characters: int


@dataclass(frozen=True)
class _Network:
    """Convolutions with what each of them pools, then an LSTM."""

    sizes: list[int]
    pools: list[tuple[int, int]]
    column: int  # points
    lstm: int
    dropout: float


def line_config(found: LineStatistics, files: dict[str, str]) -> str:
    """The text of the config.

    Parameters
    ----------
    found
        Of the training set.
    files
        "train" and "val" -> the names of their files, for those there are.
    """
    network = _choose_network(found)
    lines = len(found.widths)
    batch = 8 if lines < _FEW_LINES else 16
    updates = math.ceil(lines / batch)
    epochs = min(max(math.ceil(_UPDATES / updates), _EPOCHS[0]), _EPOCHS[1])
    pools = ";".join(f"{x},{y}" for x, y in network.pools)
    conv = ",".join(["conv"] * len(network.sizes))
    step = math.prod(x for x, _ in network.pools)
    text = [
        f"# Made by `rnnlib-py prepare lines` for {lines:,} lines of {found.characters:,} characters, "
        f"{found.num_labels:,} different ones.",
        "task transcription",
        *(f"{key}File {name}" for key, name in files.items()),
        "",
        f"# Convolutions over 3 x 3 points see strokes; pooling leaves a step every {step} pixels. A bidirectional",
        "# LSTM then reads the columns from left to right and from right to left.",
        f"hiddenType {conv},lstm",
        f"hiddenSize {','.join(map(str, [*network.sizes, network.lstm]))}",
        "kernelSize 3,3",
        "convType relu",
        f"poolSize {pools}",
        f"levelDims {','.join(['2'] * len(network.sizes))},1",
        "joinRows concat",
        f"joinHeight {network.column}",
        f"dropout {network.dropout}",
        *(_AUGMENTATION if found.characters < _MUCH_TEXT else []),
        "",
        "optimiser adam",
        "learnRate 3e-3",
        f"seqsPerWeightUpdate {batch}",
        "maxGradientNorm 100",
        "learnRateSchedule cosine",
        f"warmupUpdates {min(100, updates)}",
        f"totalEpochs {epochs}",
        f"maxTestsNoBest {epochs}",
        "randSeed 1",
        "autosave true",
    ]
    return "".join(f"{line}\n" for line in text)


def _choose_network(found: LineStatistics) -> _Network:
    """The rules of docs/text-lines.md, "The starter config"."""
    sizes: list[int] = []
    pools: list[int] = []
    column = found.height
    while column > _COLUMN or len(sizes) < 2:
        sizes.append(min(16 * 2 ** len(sizes), 64))
        pools.append(2)
        column = math.ceil(column / 2)
    # Pooled along the line as well, as long as the texts still fit: shorter lines are read faster, and better.
    along = [1] * len(pools)
    for i in range(min(2, len(pools))):
        longer = [*along[:i], 2, *along[i + 1 :]]
        if _misfits(found, longer) <= _LEFT_OUT:
            along = longer
    lstm = 64 if found.characters < 30_000 else 96 if found.characters < _MUCH_TEXT else 128
    if found.num_labels > 500:
        lstm *= 2
    dropout = 0.3 if found.characters < _MUCH_TEXT else 0.1
    return _Network(sizes, list(zip(along, pools, strict=True)), column, lstm, dropout)


def _misfits(found: LineStatistics, along: list[int]) -> float:
    """The share of the lines whose text needs more steps than are left."""
    lengths = found.widths
    for block in along:
        lengths = -(-lengths // block)
    return float(np.mean(lengths < found.steps))
