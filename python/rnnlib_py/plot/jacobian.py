# SPDX-License-Identifier: Apache-2.0
"""A Jacobian over its input: which points of it an output depends on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import ConfigError
from rnnlib_py.data import Sequence
from rnnlib_py.data.values import as_numbers
from rnnlib_py.inspect.jacobian import Jacobian
from rnnlib_py.plot.figure import new_figure
from rnnlib_py.plot.panels import WIDTH, draw_row, whole_numbers
from rnnlib_py.plot.style import OUTPUT_PLACE, PAPER, value_map

if TYPE_CHECKING:
    from matplotlib.figure import Figure


_PLATE = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1}  # behind text on a picture


def plot_jacobian(found: Jacobian, sequence: Sequence) -> Figure:
    """A Jacobian over its input.

    Parameters
    ----------
    found
        1D: inputs and derivatives as curves. 2D: the derivatives' strength in colour over the input's first unit, and
        the outputs below.
    sequence
        The one it is of.

    Raises
    ------
    ConfigError
        Other numbers of dimensions.
    """
    sequence = replace(sequence, inputs=as_numbers(sequence.inputs, "inputs"))
    dims = len(sequence.shape)
    if dims not in (1, 2):
        raise ConfigError(f"a picture of a Jacobian needs sequences of 1 or 2 dimensions, this one has {dims}")
    heights = [2.3, 2.3] if dims == 1 else [_image_height(sequence.shape)] * 2
    has_outputs = len(found.output_shape) == 1
    rows = [*heights, *([2.0] if has_outputs else [])]
    figure = new_figure(WIDTH, sum(rows) + 0.5)
    figure.suptitle(_title(found, sequence), fontsize=11)
    parts: Any = figure.subfigures(len(rows), 1, height_ratios=rows)
    if dims == 1:
        inputs = np.asarray(sequence.inputs, dtype=np.float64)
        draw_row(parts[0], "input", inputs, _input_names(inputs), None)
        draw_row(
            parts[1],
            "derivative of half the output's square to each input",
            found.inputs,
            _input_names(found.inputs),
            None,
        )
    else:
        _draw_overlay(parts[0], found, sequence)
        _draw_signed(parts[1], found)
    if has_outputs:
        outputs = found.dump["output_outputActivations"]
        draw_row(parts[2], "output", outputs, found.dump.labels.get("output_outputActivations", []), None)
        _mark(parts[2].axes[0], found.point[0], "here")
    if dims == 1 and has_outputs:
        at = (found.point[0] + 0.5) * _inputs_per_output(sequence.shape[0], found.output_shape[0]) - 0.5
        for part in parts[:2]:
            _mark(part.axes[0], at, "output's place")
    return figure


def _title(found: Jacobian, sequence: Sequence) -> str:
    place = f" at {', '.join(str(x) for x in found.point)}" if found.point else ""
    what = "outputs" if found.unit is None else f"output '{found.unit_name}'"
    return f"What the {what}{place} depend{'' if found.unit is None else 's'} on, sequence {sequence.tag}"


def _input_names(inputs: NDArray[np.float64]) -> list[str]:
    return [f"input {i}" for i in range(inputs.shape[-1])] if inputs.shape[-1] <= 10 else []


def _image_height(shape: tuple[int, ...]) -> float:
    return float(np.clip(WIDTH * 0.85 * shape[1] / shape[0], 0.7, 4.0)) + 0.8


def _mark(axes: Any, x: float, text: str) -> None:
    axes.axvline(x, color="black", linewidth=1.0, linestyle=":")
    axes.annotate(text, (x, 1.0), xycoords=("data", "axes fraction"), fontsize=7, ha="center", va="bottom")


def _draw_overlay(figure: Any, found: Jacobian, sequence: Sequence) -> None:
    places = {0: "", 1: "; between the blue lines: the output's place", 2: "; framed in blue: the output's place"}
    place = places[len(found.output_shape)]
    title = f"input in grey, over it in orange how strongly the output depends on each point{place}"
    figure.suptitle(title, fontsize=10, x=0.01, ha="left")
    axes = figure.subplots()
    axes.imshow(sequence.inputs[:, :, 0].T, cmap=PAPER, interpolation="nearest", alpha=0.6)
    strength = found.strength
    most = strength.max() or 1.0
    # Clear where nothing is, so that the input is seen through.
    alpha = np.minimum(1.0, 1.3 * strength / most)
    image = axes.imshow(strength.T, cmap="Oranges", alpha=alpha.T, vmin=0, vmax=most, interpolation="nearest")
    (point, _, _), *_ = found.largest()
    axes.annotate(
        "largest", point, (28, 34), textcoords="offset points", fontsize=8, bbox=_PLATE, arrowprops={"arrowstyle": "->"}
    )
    _label_image(axes)
    _mark_output(axes, found, sequence.shape)
    _strength_bar(figure, image, axes, "|derivative|")


def _mark_output(axes: Any, found: Jacobian, shape: tuple[int, ...]) -> None:
    """Lines around the inputs under the output point: left and right, for outputs in 2D a rectangle."""
    edges = []
    for size, outputs, x in zip(shape, found.output_shape, found.point, strict=False):
        wide = _inputs_per_output(size, outputs)
        edges.append((x * wide - 0.5, (x + 1) * wide - 0.5))
    if len(edges) == 1:
        for edge in edges[0]:
            axes.axvline(edge, color=OUTPUT_PLACE, linewidth=1.5)
    elif len(edges) == 2:
        (left, right), (top, bottom) = edges
        corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
        axes.plot(*zip(*corners, strict=True), color=OUTPUT_PLACE, linewidth=2)


def _inputs_per_output(inputs: int, outputs: int) -> float:
    """Width of the blocks that make an output point; the last block may hang over the input's end."""
    wide = -(-inputs // outputs)
    return wide if -(-inputs // wide) == outputs else inputs / outputs


def _draw_signed(figure: Any, found: Jacobian) -> None:
    unit = int(np.abs(found.inputs).reshape(-1, found.inputs.shape[-1]).max(axis=0).argmax())
    of = f" to input {unit}" if found.inputs.shape[-1] > 1 else ""
    figure.suptitle(f"derivative{of}: orange, more of it raises the output", fontsize=10, x=0.01, ha="left")
    axes = figure.subplots()
    values = found.inputs[:, :, unit]
    image = axes.imshow(values.T, interpolation="nearest", **value_map(values))
    _label_image(axes)
    _strength_bar(figure, image, axes, "derivative")


def _label_image(axes: Any) -> None:
    whole_numbers(axes)
    axes.set_xlabel("dimension 0 (x)", fontsize=8)
    axes.set_ylabel("dimension 1 (y)", fontsize=8)


def _strength_bar(figure: Any, image: Any, axes: Any, label: str) -> None:
    bar = figure.colorbar(image, ax=axes, pad=0.01, shrink=0.9)
    bar.set_label(label, fontsize=8)
    bar.ax.tick_params(labelsize=7)
