# SPDX-License-Identifier: Apache-2.0
"""The picture of a sweep: its trials' errors in their order, and over the values of each key."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from rnnlib_py import _core
from rnnlib_py._core import ConfigError
from rnnlib_py.integrations.sweeping.space import Dimension, NumberRange
from rnnlib_py.integrations.sweeping.trials import Sweep, SweepTrial
from rnnlib_py.plot.figure import new_figure
from rnnlib_py.plot.style import GREY, LINES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_COLUMNS = 4  # panels side by side
_WIDE = 5.0  # errors whose largest is so many times the least are drawn by their logarithms


def plot_sweep(sweep: Sweep, space: list[Dimension]) -> Figure:
    """A panel with the trials in their order and the best error so far, and one per key. A ring is a trial that was
    pruned.

    Raises
    ------
    ConfigError
        No trial has an error, or matplotlib is not installed.
    """
    trials = [trial for trial in sweep.trials if math.isfinite(trial.error)]
    if not trials:
        raise ConfigError(f"{sweep.folder}: no trial has an error that could be drawn")
    count = 1 + len(space)
    columns = min(count, _COLUMNS)
    rows = math.ceil(count / columns)
    figure = new_figure(max(3.4 * columns, 6.5), 3.2 * rows + 0.4)
    panels = np.atleast_1d(figure.subplots(rows, columns, sharey=True)).ravel()
    percent = _core.prints_as_percent(sweep.error_name)
    errors = np.array([trial.error for trial in trials]) * (100 if percent else 1)
    _draw_order(panels[0], trials, errors)
    for axes, dimension in zip(panels[1:], space, strict=False):
        _draw_dimension(axes, trials, errors, dimension)
    if 0 < _WIDE * errors.min() < errors.max():
        panels[0].set_yscale("log")
        _space_ticks(panels[0].yaxis, errors.min(), errors.max())  # the panels share it
    for axes in panels[count:]:
        axes.set_visible(False)
    for row in range(rows):
        panels[row * columns].set_ylabel(f"{sweep.error_name}{' (%)' if percent else ''}")
    figure.suptitle(f"Sweep of {len(sweep.trials)} trials; rings: ended early", fontsize=11)
    return figure


def _draw_order(axes: Any, trials: list[SweepTrial], errors: Any) -> None:
    places = np.arange(1, len(trials) + 1)
    least = np.minimum.accumulate(errors)
    ends = np.append(places, len(trials) + 0.5)
    axes.step(ends, np.append(least, least[-1]), where="post", color=GREY, linewidth=1.2, label="best so far")
    _draw_points(axes, places, trials, errors)
    axes.set_xlabel("trial")
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.legend(fontsize=8)


def _draw_dimension(axes: Any, trials: list[SweepTrial], errors: Any, dimension: Dimension) -> None:
    values = [trial.values[dimension.name] for trial in trials]
    if isinstance(dimension, NumberRange):
        _draw_points(axes, np.array([float(value) for value in values]), trials, errors)
        if dimension.log:
            axes.set_xscale("log")
            _space_ticks(axes.xaxis, dimension.low, dimension.high)
    else:
        places = np.array([dimension.values.index(value) for value in values])
        _draw_points(axes, places, trials, errors)
        axes.set_xticks(range(len(dimension.values)), dimension.values)
        axes.set_xlim(-0.5, len(dimension.values) - 0.5)
    axes.set_xlabel(dimension.name)


def _draw_points(axes: Any, places: Any, trials: list[SweepTrial], errors: Any) -> None:
    pruned = np.array([trial.state == "pruned" for trial in trials])
    axes.scatter(places[~pruned], errors[~pruned], s=26, color=LINES[0], zorder=3)
    axes.scatter(places[pruned], errors[pruned], s=26, facecolors="none", edgecolors=LINES[0], zorder=3)
    best = int(np.argmin(errors))
    axes.scatter(places[best], errors[best], s=60, color=LINES[1], zorder=4)
    axes.grid(alpha=0.3)


def _space_ticks(axis: Any, low: float, high: float) -> None:
    """Plain numbers as ticks of a logarithmic axis, few enough to stand side by side."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    subs = (1.0,) if high > 200 * low else (1.0, 2.0, 5.0)
    axis.set_major_locator(LogLocator(10, subs))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda number, _: f"{number:g}"))
    axis.set_tick_params(labelsize=8)
