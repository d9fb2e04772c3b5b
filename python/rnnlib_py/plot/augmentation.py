# SPDX-License-Identifier: Apache-2.0
"""What training with augmentation sees of one sequence: a picture of samples, the original first."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnlib_py import _core
from rnnlib_py._core import ConfigError
from rnnlib_py.config import Config
from rnnlib_py.data.values import as_numbers
from rnnlib_py.plot.figure import new_figure
from rnnlib_py.plot.style import GREY, LINES
from rnnlib_py.text.pictures import bright_image, input_rows

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WIDTH = 11.0  # inches
_MOST_COLUMNS = 7
_FEW_INPUTS = 8  # of 1-D data, which then are curves
_CURVE_HEIGHT = 0.9  # inches

Array = NDArray[np.float32]


def plot_augmentation(config: Config, inputs: ArrayLike, samples: int = 20, seed: int = 1) -> Figure:
    """A sequence, and what training with a config's augmentation makes of it.

    Parameters
    ----------
    config
        Its keys `augment…`.
    inputs
        The sequence's, as the network sees them: (width, height, channels) of an image, or (points, inputs).
    samples
        So many, 1 to 200.
    seed
        Of the first sample; the others have the next ones.

    Returns
    -------
    matplotlib Figure
        The original first, with a frame. Images are shown as they are; of 1-D data every input is a row, dark where it
        is large, or a curve where there are at most 8.

    Raises
    ------
    ConfigError
        No augmentation that is on, or one that is not for these data; samples.
    """
    if not 1 <= samples <= 200:
        raise ConfigError(f"{samples} samples: expected 1 to 200")
    values = np.ascontiguousarray(as_numbers(inputs, "inputs"), dtype=np.float32)
    if values.ndim not in (2, 3):
        raise ConfigError(f"a picture of augmentation needs data of 1 or 2 dimensions, these have {values.ndim - 1}")
    if not _core.has_augmentation(config.core):
        raise ConfigError("no augmentation is switched on: give a key, such as --augment=images")
    shown = [values, *(_core.augment(config.core, values, seed + i) for i in range(samples))]
    columns, rows, height = _grid(shown)
    figure = new_figure(_WIDTH, rows * height + 0.3)
    grid = np.atleast_1d(figure.subplots(rows, columns)).reshape(-1)
    longest = max(len(one) for one in shown)
    for axes, one in zip(grid, shown, strict=False):
        _show(axes, one, longest)
        axes.set_xticks([])
        axes.set_yticks([])
        for side in axes.spines.values():
            side.set(color=LINES[1] if one is values else GREY, linewidth=1.8 if one is values else 0.4)
    for axes in grid[len(shown) :]:
        axes.set_visible(False)
    return figure


def _grid(shown: list[Array]) -> tuple[int, int, float]:
    """Columns, rows and inches of a row: panels of images keep their proportions."""
    longest = max(len(one) for one in shown)
    ratio = longest / shown[0].shape[1] if shown[0].ndim == 3 else 5.0
    columns = min(len(shown), max(1, min(_MOST_COLUMNS, round(10 / ratio))))
    height = _WIDTH / columns / ratio if shown[0].ndim == 3 else _CURVE_HEIGHT
    return columns, math.ceil(len(shown) / columns), height + 0.08


def _show(axes: Any, values: Array, longest: int) -> None:
    """All panels are as wide as the longest sample."""
    if values.ndim == 3:
        pixels = bright_image(values)
        axes.imshow(pixels, cmap="gray", vmin=0, vmax=255, interpolation="nearest", aspect="equal")
        axes.set_ylim(values.shape[1] - 0.5, -0.5)
    elif values.shape[1] <= _FEW_INPUTS:
        for i, curve in enumerate(values.T):
            axes.plot(curve, color=LINES[i % len(LINES)], linewidth=0.7)
    else:
        axes.imshow(input_rows(values), cmap="gray", vmin=0, vmax=255, interpolation="nearest", aspect="auto")
    axes.set_xlim(-0.5, longest - 0.5)
