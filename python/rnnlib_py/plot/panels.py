# SPDX-License-Identifier: Apache-2.0
"""One variable of a network in a row of a picture: bars, curves, images or slices, by its number of dimensions."""

from __future__ import annotations

from collections.abc import Sequence as _Seq
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py.inspect.unit_labels import BLANK
from rnnlib_py.plot.style import GREY, PAPER, line_style, value_map

Array = NDArray[np.float64]
WIDTH = 10.0  # inches
_MAX_CURVES = 10  # more units without names are drawn as an image
_MAX_NAMED = 8  # curves with a name of their own; the others are grey
_LEAST = 0.03  # of the highest curve: labels that stay below are grey, too
_MAX_IMAGES = 6


def row_height(values: Array) -> float:
    """Inches that the row of a variable (*point shape, units) needs."""
    dims = values.ndim - 1
    if dims <= 1:
        return 1.9
    x, y = values.shape[dims - 2], values.shape[dims - 1]
    return float(np.clip(WIDTH / _columns(values) * y / x, 0.6, 3.0)) + 0.75


def _columns(values: Array) -> int:
    """Images side by side: wide ones in fewer columns."""
    x, y = values.shape[-3], values.shape[-2]
    most = _MAX_IMAGES if x <= 1.5 * y else 4 if x <= 3 * y else 2 if x <= 10 * y else 1
    available = values.shape[0] if values.ndim == 4 else values.shape[-1]
    return min(most, int(available))


def draw_row(figure: Any, name: str, values: Array, labels: _Seq[str], units: _Seq[int] | None) -> None:
    """Into a (sub)figure. `values`: (*point shape, units); `labels`: names of all units, or none; `units`: those to
    show (default: all, or for images those that vary most)."""
    figure.suptitle(name, fontsize=10, x=0.01, ha="left", weight="bold")
    dims = values.ndim - 1
    if dims == 0:
        _draw_bars(figure.subplots(), values, labels, units)
    elif dims == 1:
        _draw_curves(figure, values, labels, units)
    else:
        _draw_images(figure, name, values, labels, units)


def _unit_name(labels: _Seq[str], unit: int) -> str:
    return labels[unit] if labels else f"unit {unit}"


def whole_numbers(axes: Any) -> None:
    """Ticks of an image's axes at pixels only."""
    for axis in (axes.xaxis, axes.yaxis):
        axis.get_major_locator().set_params(integer=True, min_n_ticks=1)


def _draw_bars(axes: Any, values: Array, labels: _Seq[str], units: _Seq[int] | None) -> None:
    shown = list(range(len(values)) if units is None else units)
    axes.bar(range(len(shown)), values[shown], color=line_style(0)["color"])
    if labels or len(shown) <= 20:
        axes.set_xticks(range(len(shown)), [labels[unit] if labels else str(unit) for unit in shown])
    axes.set_xlim(-0.6, max(len(shown), 8) - 0.4)  # a single bar would fill the row
    axes.set_xlabel("label" if labels else "unit")
    axes.set_ylabel("value")
    axes.axhline(0, color=GREY, linewidth=0.6)


def _draw_curves(figure: Any, values: Array, labels: _Seq[str], units: _Seq[int] | None) -> None:
    axes = figure.subplots()
    axes.set_xlabel("point (dimension 0)")
    shown = list(range(values.shape[1]) if units is None else units)
    if len(shown) > _MAX_CURVES and not labels:
        image = axes.imshow(values[:, shown].T, aspect="auto", interpolation="nearest", **value_map(values))
        axes.set_ylabel("unit")
        whole_numbers(axes)
        figure.colorbar(image, ax=axes, label="value", pad=0.01)
        return
    axes.set_ylabel("value")
    peaks = np.nan_to_num(np.abs(values[:, shown]), posinf=0).max(axis=0)
    seen = np.flatnonzero(peaks >= _LEAST * peaks.max()) if labels else np.arange(len(shown))
    named = sorted(seen[np.argsort(-peaks[seen], kind="stable")][:_MAX_NAMED].tolist())
    mark = "." if len(values) < 3 else None
    for i, unit in enumerate(shown):
        if i not in named:
            axes.plot(values[:, unit], color=GREY, linewidth=0.6, alpha=0.6, marker=mark)
    colour = 0
    for i in named:
        text = _unit_name(labels, shown[i])
        if text == BLANK:
            axes.plot(values[:, shown[i]], color=GREY, linestyle="--", linewidth=1.0, label=text, marker=mark)
            continue
        axes.plot(values[:, shown[i]], linewidth=1.4, label=text, marker=mark, **line_style(colour))
        colour += 1
    more = len(shown) - len(named)
    title = f"and {more} more, grey" if more else None
    axes.legend(fontsize=7, title=title, title_fontsize=7, loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)
    axes.margins(x=0)
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.grid(alpha=0.3)


def _most_varied(values: Array, count: int) -> list[int]:
    spread = np.nan_to_num(values.reshape(-1, values.shape[-1]), posinf=0, neginf=0).std(axis=0)
    return sorted(np.argsort(-spread, kind="stable")[:count].tolist())


def _draw_images(figure: Any, name: str, values: Array, labels: _Seq[str], units: _Seq[int] | None) -> None:
    columns = _columns(values)
    pictures: list[tuple[str, Array]] = []
    if values.ndim == 3:
        for unit in list(units)[:_MAX_IMAGES] if units is not None else _most_varied(values, columns):
            pictures.append((_unit_name(labels, unit), values[:, :, unit]))
    else:
        unit = units[0] if units else _most_varied(values, 1)[0]
        flat = values.reshape(-1, *values.shape[-3:])  # more than 3 dimensions: slices along all but the last two
        places = np.unique(np.linspace(0, len(flat) - 1, columns).round().astype(int)).tolist()
        for place in places:
            at = ",".join(str(int(x)) for x in np.unravel_index(place, values.shape[:-3]))
            pictures.append((f"{_unit_name(labels, unit)}, slice {at}", flat[place, :, :, unit]))
    scale = value_map(np.stack([picture for _, picture in pictures]))
    if name.startswith("input"):
        scale.update(cmap=PAPER, vmin=None, vmax=None)
    grid = figure.subplots(1, len(pictures), squeeze=False)[0]
    for i, (axes, (title, picture)) in enumerate(zip(grid, pictures, strict=True)):
        image = axes.imshow(picture.T, interpolation="nearest", **scale)
        axes.set_title(title, fontsize=8)
        axes.tick_params(labelsize=7)
        whole_numbers(axes)
        axes.set_xlabel(f"dimension {values.ndim - 3} (x)" if values.ndim == 3 else "x", fontsize=7)
        axes.set_ylabel("y" if i == 0 else "", fontsize=7)
    figure.colorbar(image, ax=list(grid), pad=0.01, shrink=0.9).ax.tick_params(labelsize=7)
