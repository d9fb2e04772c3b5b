# SPDX-License-Identifier: Apache-2.0
"""The config that `prepare lines` writes beside the data files: chosen by rules that docs/text-lines.md describes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnlib_py.prepare.starter_config import starter_config

_COLUMN = 8  # points at most that a column has where the LSTM reads it
_LEFT_OUT = 0.01  # share of the lines whose text may be too long for their width
_UPDATES = 6000  # that learning takes
_AUGMENTED_UPDATES = 9000  # that it takes where the lines are changed
_EPOCHS = (15, 300)  # least and most
_LITTLE_TEXT = 30_000  # characters: enough for one LSTM
_MUCH_TEXT = 300_000  # characters: less is learned by heart
_DROPOUT = 0.1
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
    """Convolutions with what each of them pools, then one or two LSTMs."""

    sizes: list[int]
    pools: list[tuple[int, int]]
    column: int  # points
    lstm: list[int]


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
    augmented = found.characters < _MUCH_TEXT
    types = ["conv"] * len(network.sizes) + ["lstm"] * len(network.lstm)
    dims = ["2"] * len(network.sizes) + ["1"] * len(network.lstm)
    step = math.prod(x for x, _ in network.pools)
    layers = [
        f"# Convolutions over 3 x 3 points see strokes; pooling leaves a step every {step} pixels. Bidirectional",
        "# LSTMs then read the columns from left to right and from right to left.",
        f"hiddenType {','.join(types)}",
        f"hiddenSize {','.join(map(str, [*network.sizes, *network.lstm]))}",
        "kernelSize 3,3",
        "convType relu",
        f"poolSize {';'.join(f'{x},{y}' for x, y in network.pools)}",
        f"levelDims {','.join(dims)}",
        "joinRows concat",
        f"joinHeight {network.column}",
        f"dropout {_DROPOUT}",
        *(_AUGMENTATION if augmented else []),
    ]
    about = f"{lines:,} lines of {found.characters:,} characters, {found.num_labels:,} different ones"
    updates = _AUGMENTED_UPDATES if augmented else _UPDATES
    return starter_config(about, "transcription", files, layers, lines, updates, _EPOCHS)


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
    cells = 64 if found.characters < _LITTLE_TEXT else 96 if found.characters < _MUCH_TEXT else 128
    if found.num_labels > 500:
        cells *= 2
    levels = 1 if found.characters < _LITTLE_TEXT else 2
    return _Network(sizes, list(zip(along, pools, strict=True)), column, [cells] * levels)


def _misfits(found: LineStatistics, along: list[int]) -> float:
    """The share of the lines whose text needs more steps than are left."""
    lengths = found.widths
    for block in along:
        lengths = -(-lengths // block)
    return float(np.mean(lengths < found.steps))
