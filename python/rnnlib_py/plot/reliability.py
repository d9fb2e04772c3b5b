# SPDX-License-Identifier: Apache-2.0
"""Reliability diagrams: how often what a network is so sure of is right, before and after calibration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from rnnlib_py.plot.figure import new_figure
from rnnlib_py.plot.style import GREY, LINES
from rnnlib_py.text.calibration import Calibration, CalibrationState

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WIDTH, _HEIGHT = 3.5, 4.4  # inches of a panel


def plot_reliability(calibration: Calibration) -> Figure:
    """A panel for each unit (labels, words, lines, or classes): the part that is right over the confidence, in bins of
    equally many, before and after. On the diagonal both are the same.

    Parameters
    ----------
    calibration
        What calibrate() found.

    Raises
    ------
    ConfigError
        Where matplotlib is not installed.
    """
    names = list(calibration.after.units)
    figure = new_figure(_WIDTH * len(names) + 0.4, _HEIGHT)
    panels = np.atleast_1d(figure.subplots(1, len(names)))
    for axes, name in zip(panels, names, strict=True):
        _draw(axes, name, calibration)
    figure.suptitle("Reliability", fontsize=11)
    handles, texts = panels[0].get_legend_handles_labels()
    figure.legend(handles, texts, fontsize=8, loc="outside lower center", ncols=len(texts))
    return figure


def _draw(axes: Any, name: str, calibration: Calibration) -> None:
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=1, label="as sure as right")
    _draw_state(axes, name, calibration.before, "before", "o--", LINES[1])
    _draw_state(axes, name, calibration.after, "after", "o-", LINES[0])
    before, after = (state.units[name].calibration_error() for state in (calibration.before, calibration.after))
    axes.set_title(f"{name}\ncalibration error {100 * before:.2f} % → {100 * after:.2f} %", fontsize=9)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.02)
    axes.set_box_aspect(1)
    axes.set_xlabel("confidence")
    axes.set_ylabel("part that is right")
    axes.grid(alpha=0.3)


def _draw_state(axes: Any, name: str, state: CalibrationState, when: str, style: str, colour: str) -> None:
    bins = state.units[name].bins()
    x, y = [one.confidence for one in bins], [one.right for one in bins]
    label = f"{when}, temperature {state.temperature:.4g}"
    axes.plot(x, y, style, color=colour, label=label, linewidth=1.4, markersize=4)
