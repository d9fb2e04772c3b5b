# SPDX-License-Identifier: Apache-2.0
"""A picture of some lines with what was read under them."""

from __future__ import annotations

from pathlib import Path

from rnnlib_py.demo.lines import Line

RIGHT, WRONG = "#005a8c", "#b34700"  # blue and orange: told apart by all kinds of eyes; the words tell it too
COLUMNS = 3


def save_picture(path: Path, lines: list[Line], outputs: list[str], title: str) -> None:
    """Writes a PNG: each line with what was read, and with its target where that differs."""
    from rnnlib_py.plot.figure import new_figure, save_figure

    rows = -(-len(lines) // COLUMNS)
    widest = max(len(line.image) for line in lines) + 12  # pixels, some of them paper between the columns
    figure = new_figure(3.6 * COLUMNS, 1.2 * rows + 0.6)
    axes = figure.subplots(rows, COLUMNS, squeeze=False).flat
    for axis, line, output in zip(axes, lines, outputs, strict=False):
        axis.imshow(line.image.T, cmap="gray_r", vmin=0, vmax=255)
        middle = len(line.image) / 2 - 0.5
        axis.set_xlim(middle - widest / 2, middle + widest / 2)  # all at the same scale
        right = output == line.text
        text = output if right else f"{output or '(nothing)'}   wrong: is {line.text}"
        axis.set_xlabel(text, fontsize=12, family="monospace", color=RIGHT if right else WRONG)
    for axis in figure.axes:
        axis.set(xticks=[], yticks=[])
        axis.spines[:].set_visible(False)
    figure.suptitle(title, fontsize=12)
    save_figure(figure, path, dpi=120)
