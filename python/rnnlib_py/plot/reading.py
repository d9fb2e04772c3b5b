# SPDX-License-Identifier: Apache-2.0
"""What a network read, over the sequence that it read: where each label is, and how sure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnnlib_py._core import ConfigError, DataError
from rnnlib_py.data.tasks import find_task
from rnnlib_py.data.values import as_numbers
from rnnlib_py.model.prediction import Prediction
from rnnlib_py.plot.figure import new_figure
from rnnlib_py.plot.strips import Strips, cut_strips
from rnnlib_py.plot.style import GREY, confidence_map
from rnnlib_py.system.output import printable
from rnnlib_py.text.pictures import bright_image, input_rows

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WIDTH = 10.0  # inches
_LEFT = 0.15
_ABOVE, _BELOW, _TICKS, _TITLE, _BAR = 0.27, 0.3, 0.2, 0.45, 0.5  # bands, in inches
_LETTER = 0.085  # inches that a letter of 9 points is wide
_NUMBER = 0.14  # inches that a number of two digits takes
_SURE = 0.95  # less sure labels have their confidence written below them, in percent


def plot_reading(prediction: Prediction, inputs: ArrayLike) -> Figure:
    """The labels of a transcription over the input.

    Parameters
    ----------
    prediction
        Of Network.predict.
    inputs
        The sequence's: (width, height, channels) of an image or (points, inputs). Of 1-D data every input is a row,
        dark where it is large.

    Returns
    -------
    matplotlib Figure
        Every label has a box from its first to its last point, coloured by its confidence, and its name above it. Below
        is the confidence in percent where that is less than 95. Long sequences are cut into strips.

    Raises
    ------
    ConfigError
        Another task than transcription, or another number of dimensions.
    DataError
        Inputs that are not those of the prediction.
    """
    if not find_task(prediction.task).transcribes:
        raise ConfigError(f"a picture of what was read needs task transcription, the network's is {prediction.task}")
    values = as_numbers(inputs, "inputs")
    if values.ndim not in (2, 3):
        raise ConfigError(f"a picture of what was read needs 1 or 2 dimensions, the inputs have {values.ndim - 1}")
    spans = [(int(first), int(last)) for first, last in prediction.input_positions]
    if spans and spans[-1][1] >= len(values):
        raise DataError(f"the inputs have {len(values)} points, but a label was read at point {spans[-1][1]}")
    pixels = bright_image(values) if values.ndim == 3 else input_rows(values)
    strips = cut_strips(len(values), values.shape[1] if values.ndim == 3 else None, spans, _WIDTH - 2 * _LEFT)
    return _draw(prediction, pixels, spans, strips)


def _draw(prediction: Prediction, pixels: NDArray[np.uint8], spans: list[tuple[int, int]], strips: Strips) -> Figure:
    above = _band_above(prediction.labels, spans, strips)
    row = above + strips.height + _BELOW + _TICKS
    total = _TITLE + row * (len(strips.edges) - 1) + _BAR
    figure = new_figure(_WIDTH, total)
    figure.set_layout_engine("none")
    title = printable(prediction.tag)
    figure.text(_LEFT / _WIDTH, 1 - 0.22 / total, title, fontsize=10, weight="bold", va="center", parse_math=False)
    top = total - _TITLE - above
    sure = prediction.confidences.tolist()
    for first, end in zip(strips.edges, strips.edges[1:], strict=False):
        width = (end - first) * strips.inches
        place = (_LEFT / _WIDTH, (top - strips.height) / total, width / _WIDTH, strips.height / total)
        axes = figure.add_axes(place)
        _show(axes, pixels, first, end)
        here = [i for i, span in enumerate(spans) if first <= span[0] < end]
        for i in here:
            _draw_box(axes, sure[i], spans[i])
        centres = [(spans[i][0] + spans[i][1]) / 2 for i in here]
        _draw_names(axes, [prediction.labels[i] for i in here], [sure[i] for i in here], centres, strips, above)
        _draw_numbers(axes, [sure[i] for i in here], centres, strips)
        top -= row
    _add_bar(figure, total)
    return figure


def _band_above(labels: list[str], spans: list[tuple[int, int]], strips: Strips) -> float:
    """Room for the names. Where long ones would run into each other all of them stand upright."""
    centres = [(first + last) / 2 * strips.inches for first, last in spans]
    longest = max(map(len, labels), default=1)
    gaps = zip(labels, labels[1:], centres, centres[1:], strict=False)
    collides = any(_LETTER * (len(a) + len(b)) / 2 > right - left for a, b, left, right in gaps)
    return 0.1 + _LETTER * longest if longest > 1 and collides else _ABOVE


def _show(axes: Any, pixels: NDArray[np.uint8], first: int, end: int) -> None:
    height = len(pixels)
    shown = {"cmap": "gray", "vmin": 0, "vmax": 255, "aspect": "auto", "interpolation": "nearest"}
    axes.imshow(pixels[:, first:end], extent=(first - 0.5, end - 0.5, height - 0.5, -0.5), **shown)
    axes.set_yticks([])
    axes.tick_params(axis="x", labelsize=6, colors=GREY, length=2, pad=20)
    axes.xaxis.get_major_locator().set_params(integer=True)
    for side in axes.spines.values():
        side.set(color=GREY, linewidth=0.5)


def _draw_box(axes: Any, confidence: float, span: tuple[int, int]) -> None:
    colour = confidence_map()(confidence)
    axes.axvspan(span[0] - 0.5, span[1] + 0.5, facecolor=(*colour[:3], 0.25), edgecolor=colour, linewidth=0.9)


def _draw_names(
    axes: Any, labels: list[str], sure: list[float], centres: list[float], strips: Strips, above: float
) -> None:
    """Above the boxes; where these are very near to each other, a little to the right."""
    end = -math.inf  # of the name before
    for label, confidence, centre in zip(labels, sure, centres, strict=True):
        text = {"fontsize": 9, "color": confidence_map()(confidence), "rotation": 90 if above > _ABOVE else 0}
        name = _annotate(axes, printable(label), (centre, 1), 3, va="bottom", **text)
        half = name.get_window_extent().width / axes.figure.dpi / strips.inches / 2
        name.xy = (max(centre, end + half), 1)
        end = name.xy[0] + half


def _draw_numbers(axes: Any, sure: list[float], centres: list[float], strips: Strips) -> None:
    """Below the boxes, in two rows where they are near to each other."""
    ends = [-math.inf, -math.inf]
    for confidence, centre in zip(sure, centres, strict=True):
        if confidence >= _SURE:
            continue
        row = 0 if centre > ends[0] else 1
        ends[row] = centre + _NUMBER / strips.inches
        text = {"fontsize": 7, "color": confidence_map()(confidence)}
        _annotate(axes, f"{100 * confidence:.0f}", (centre, 0), -2 - 8 * row, va="top", **text)


def _annotate(axes: Any, text: str, place: tuple[float, float], points: float, **options: Any) -> Any:
    """Text so many points above a place: x in points of the input, y from 0 at the axes' bottom to 1 at their top."""
    return axes.annotate(
        text,
        place,
        (0, points),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        ha="center",
        annotation_clip=False,
        parse_math=False,
        **options,
    )


def _add_bar(figure: Any, total: float) -> None:
    from matplotlib.cm import ScalarMappable

    axes = figure.add_axes(((_WIDTH - _LEFT - 2.2) / _WIDTH, 0.24 / total, 2.2 / _WIDTH, 0.08 / total))
    bar = figure.colorbar(ScalarMappable(cmap=confidence_map()), cax=axes, orientation="horizontal")
    bar.set_ticks([0, 0.5, 1], labels=["0", "confidence", "1"])
    bar.ax.tick_params(labelsize=7, length=0)
    bar.outline.set_linewidth(0.4)
